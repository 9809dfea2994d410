// `casemate init`: what it writes holds, is clean, and runs in vitest. Everything is done for real, in a folder of its own;
// how a new user goes on from there is told in docs/guide/testing.md and checked with it.
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compile } from 'casemate'
import { loadPolicy } from 'casemate/node'
import { lint } from 'casemate/lint'
import ts from 'typescript'
import { parse } from 'yaml'
import { policyFormats } from '../../src/cli/starter/policy.js'
import { moduleKinds, runners } from '../../src/cli/starter/test.js'
import { casemate, type Ran } from '../support/cli.js'
import { project, unpack } from '../support/packed.js'

const root = mkdtempSync(join(tmpdir(), 'casemate-init-'))
afterAll(() => {
  rmSync(root, { recursive: true })
})

/** A name in the folder that nothing has yet. */
let used = 0
const fresh = (): string => join(root, `folder-${++used}`)

const read = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8')

describe('casemate init', () => {
  it.each(['ts', 'yaml', 'json'])(
    'writes a policy in %s that is clean, complete and proved',
    async (format) => {
      const folder = fresh()
      const policy = join(folder, `policy.${format}`)
      const { status, stdout, stderr } = await casemate(['init', folder, '--format', format])
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      const workflow = '.github/workflows/casemate.yml'
      const names = [workflow, `policy.${format}`, 'policy.md', 'policy.test.ts']
      expect(readdirSync(folder).sort()).toEqual([...names.slice(1), '.github'].sort())
      for (const name of names) expect(stdout).toContain(`wrote ${join(folder, name)}\n`)
      expect(stdout).toContain(`npx casemate test --policy ${policy}\n`)
      expect(stdout).toContain(`npx casemate explore ${policy} ${format === 'ts' ? '--watch' : '--edit'}\n`)
      const tested = await casemate(['test', '--policy', policy, '--coverage-threshold', '100'])
      expect(tested.stdout).toContain('all 55 statements hold')
      expect(tested.status).toBe(0)
      expect(lint(compile(await loadPolicy(policy)))).toMatchObject({ findings: [], suppressed: [] })
    }
  )

  it('writes the same policy in every format', async () => {
    const documents: unknown[] = []
    for (const format of ['ts', 'yaml', 'json']) {
      const folder = fresh()
      await casemate(['init', folder, '--format', format])
      documents.push(await loadPolicy(join(folder, `policy.${format}`)))
    }
    expect(documents[1]).toEqual(documents[0])
    expect(documents[2]).toEqual(documents[0])
  })

  it('writes into the folder that it is started in where none is named', async () => {
    const before = process.cwd()
    const folder = fresh()
    mkdirSync(folder)
    process.chdir(folder)
    try {
      const { stdout } = await casemate(['init', '--json'])
      const workflow = '.github/workflows/casemate.yml'
      expect(JSON.parse(stdout)).toEqual({ written: ['policy.ts', 'policy.md', 'policy.test.ts', workflow] })
      expect(readdirSync(folder)).toHaveLength(4)
    } finally {
      process.chdir(before)
    }
  })

  it('says what comes next in words that a shell takes as they are meant', async () => {
    const folder = join(fresh(), "we ird's [x] *dir")
    const { stdout } = await casemate(['init', folder])
    expect(stdout).toContain(`explore '${join(folder, 'policy.ts').replace("'", `'\\''`)}' --watch\n`)
  })

  it('writes nothing where one of the files is there already, and names it', async () => {
    const folder = fresh()
    mkdirSync(folder)
    writeFileSync(join(folder, 'policy.md'), 'mine')
    symlinkSync('nowhere', join(folder, 'policy.test.ts'))
    const { status, stdout, stderr } = await casemate(['init', folder])
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(
      `error: already there, and left as it is: ${join(folder, 'policy.md')}, ${join(folder, 'policy.test.ts')}\n`
    )
    expect(readdirSync(folder).sort()).toEqual(['policy.md', 'policy.test.ts'])
    expect(read(folder, 'policy.md')).toBe('mine')
  })

  it.each([
    [['--format', 'toml'], /Allowed choices are ts, yaml, json/],
    [['--force'], /unknown option '--force'/],
    [[join('policy.ts', 'inside')], /cannot write .*: (?:no such folder|a file is in the way)/]
  ])('refuses %j', async (args, says) => {
    const folder = fresh()
    await casemate(['init', folder])
    const [first = '', ...rest] = args
    const target = first.startsWith('--') ? [join(fresh()), first] : [join(folder, first)]
    const { status, stdout, stderr } = await casemate(['init', ...target, ...rest])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(says)
  })
})

describe('casemate init --template', () => {
  it.each([
    ['saas', 'policies/saas', 'all 287 statements hold'],
    ['coder', 'policies/coder', 'all 2319 statements hold'],
    ['gitea', 'policies/gallery/gitea', 'all 142 statements hold'],
    ['grafana', 'policies/gallery/grafana', 'all 134 statements hold'],
    ['harbor', 'policies/gallery/harbor', 'all 200 statements hold'],
    ['kubernetes', 'policies/gallery/kubernetes', 'all 107 statements hold'],
    ['mattermost', 'policies/gallery/mattermost', 'all 149 statements hold'],
    ['sentry', 'policies/gallery/sentry', 'all 122 statements hold']
  ])('writes the policy %s as it ships, and everything it needs', async (template, place, summary) => {
    const folder = fresh()
    const { status, stdout, stderr } = await casemate(['init', folder, '--template', template])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).not.toContain('vitest')
    const policy = join(folder, 'policy.ts')
    const shipped = join(project, place)
    expect(read(policy)).toBe(read(shipped, 'index.ts'))
    expect(await loadPolicy(policy)).toEqual(await loadPolicy(join(shipped, 'index.ts')))
    expect(readdirSync(folder)).not.toContain('generated')
    const tested = await casemate(['test', '--policy', policy])
    expect(tested.stdout).toContain(summary)
  })

  it('writes nothing where one of many files is there already', async () => {
    const folder = fresh()
    mkdirSync(join(folder, 'roles'), { recursive: true })
    writeFileSync(join(folder, 'roles/site.ts'), 'mine')
    const { status, stderr } = await casemate(['init', folder, '--template', 'coder'])
    expect(status).toBe(2)
    expect(stderr).toContain(`already there, and left as it is: ${join(folder, 'roles/site.ts')}\n`)
    expect(readdirSync(folder)).toEqual(['roles'])
    expect(read(folder, 'roles/site.ts')).toBe('mine')
  })

  it.each([
    [['--template', 'sas'], /unknown template `sas`; did you mean `saas`\?\n/],
    [['--template', 'kubernets'], /unknown template `kubernets`; did you mean `kubernetes`\?\n/],
    [
      ['--template', 'toString'],
      /unknown template `toString`; there are `minimal`, `saas`, `coder`, `gitea`, /
    ],
    [['--template', 'saas', '--format', 'yaml'], /error: the template saas is TypeScript alone/],
    [['--template', 'harbor', '--format', 'json'], /error: the template harbor is TypeScript alone/]
  ])('refuses %j', async (args, says) => {
    const folder = fresh()
    const { status, stdout, stderr } = await casemate(['init', folder, ...args])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(says)
    expect(existsSync(folder)).toBe(false)
  })
})

describe('the files of casemate init', () => {
  it('have tests that run in vitest: green as they are written, red where the policy is broken', async () => {
    const folder = unpack()
    for (const format of ['ts', 'yaml', 'json'])
      await casemate(['init', join(folder, format), '--format', format])
    await casemate(['init', join(folder, 'broken')])
    const broken = join(folder, 'broken/policy.ts')
    writeFileSync(
      broken,
      read(broken).replace("project: ['create', 'read']", "project: ['create', 'read', 'delete']")
    )
    const report = await runVitest(folder)
    const failed = report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.filter(({ status }) => status !== 'passed').map((result) => ({ name, ...result }))
    )
    expect(report.numTotalTests).toBe(12)
    expect(failed.map(({ title }) => title).sort()).toEqual([
      'does what policy.md says',
      "lets a member throw away their own projects, and nobody else's"
    ])
    for (const { name, failureMessages } of failed) {
      expect(name).toBe(join(folder, 'broken/policy.test.ts'))
      expect(failureMessages.join()).toContain('roles.member.grants.org.allow.project')
    }
  })
})

describe('the test of casemate init', () => {
  const projects = moduleKinds.flatMap((module) =>
    runners
      .filter((runner) => runner !== 'none')
      .flatMap((runner) => policyFormats.map((format) => ({ module, runner, format })))
  )

  it('compiles in every kind of project, for every runner and format', async () => {
    const root = unpack()
    const files: string[] = []
    for (const { module, runner, format } of projects) {
      const folder = join(root, `${module}-${runner}-${format}`)
      mkdirSync(folder)
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ private: true, ...(module === 'esm' ? { type: 'module' } : {}) })
      )
      const { status } = await casemate(['init', folder, '--format', format, '--runner', runner])
      expect(status).toBe(0)
      files.push(join(folder, 'policy.test.ts'))
    }
    const compilerOptions = {
      module: 'node16',
      target: 'es2022',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
      typeRoots: [join(project, 'node_modules/@types')]
    }
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    const tsc = join(project, 'node_modules/@typescript/typescript-linux-x64/lib/tsc')
    const printed = spawnSync(tsc, ['-p', root], { encoding: 'utf8' }).stdout
    // Jest is not installed here: its own import is not found, and so neither are the matchers.
    const said = printed
      .split('\n')
      .filter((line) => line !== '' && !/-jest-.*error TS(?:2307|2339)/.test(line))
    expect(said).toEqual([])
  }, 240_000)

  it('runs in a CommonJS project, in vitest and in the runner of Node', async () => {
    const root = unpack()
    writeFileSync(join(root, 'package.json'), '{ "private": true }\n')
    for (const format of policyFormats)
      await casemate(['init', join(root, `vitest-${format}`), '--format', format, '--runner', 'vitest'])
    const report = await runVitest(root)
    expect(report.numTotalTests).toBe(9)
    expect(report.testResults.flatMap((one) => one.assertionResults.map(({ status }) => status))).toEqual(
      Array.from({ length: 9 }, () => 'passed')
    )
    const plain = join(root, 'node-ts')
    await casemate(['init', plain, '--runner', 'node'])
    for (const name of ['policy', 'policy.test']) {
      const compilerOptions = {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true
      }
      const { outputText } = ts.transpileModule(read(plain, `${name}.ts`), { compilerOptions })
      writeFileSync(join(plain, `${name}.js`), outputText)
    }
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => name !== 'NODE_TEST_CONTEXT')
    )
    const printed = execFileSync(process.execPath, ['--test', join(plain, 'policy.test.js')], { env })
    expect(printed.toString()).toMatch(/pass 3\n/)
  })
})

describe('the workflow of casemate init', () => {
  it('is one of the repository, names the policy from there, and is left alone where there is one', async () => {
    const folder = fresh()
    mkdirSync(join(folder, '.git'), { recursive: true })
    const inner = join(folder, 'packages/we ird $(x)')
    await casemate(['init', inner, '--format', 'yaml'])
    const path = join(folder, '.github/workflows/casemate.yml')
    const { jobs } = parse(read(path)) as { jobs: { policy: { steps: { uses?: string; run?: string }[] } } }
    const { steps } = jobs.policy
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/)
    const runs = steps.flatMap(({ run }) => (run === undefined ? [] : [run])).join('\n')
    const name = '"packages/we ird \\$(x)/policy.yaml"'
    expect(runs).toContain(`casemate lint ${name} --max-warnings 0`)
    expect(runs).toContain(`casemate test --policy ${name}`)
    expect(runs).toContain(`${name} --no-code --no-new-access`)
    writeFileSync(path, 'mine')
    const again = await casemate(['init', join(folder, 'other'), '--json'])
    expect(JSON.parse(again.stdout)).toEqual({
      written: ['policy.ts', 'policy.md', 'policy.test.ts'].map((file) => join(folder, 'other', file))
    })
    expect(read(path)).toBe('mine')
  })

  it('says `--no-code` for data alone, since code would be refused', async () => {
    const folder = fresh()
    await casemate(['init', folder])
    const commands = read(folder, '.github/workflows/casemate.yml').replaceAll(/^ *#.*$/gm, '')
    expect(commands).toContain('--no-new-access')
    expect(commands).not.toContain('--no-code')
  })

  it('is not written where it is not wanted', async () => {
    const folder = fresh()
    await casemate(['init', folder, '--ci', 'none', '--runner', 'none'])
    expect(readdirSync(folder).sort()).toEqual(['policy.md', 'policy.ts'])
  })
})

describe('casemate init on a terminal', () => {
  const onTerminal = async (answers: string, args: readonly string[]): Promise<Ran> =>
    casemate(args, answers, { isTerminal: true })

  it('asks for what is not given, and asks again where the answer is none', async () => {
    const folder = fresh()
    const { stdout, stderr, status } = await onTerminal('minmal\nminimal\nyaml\nnode\n', ['init', folder])
    expect(status).toBe(0)
    expect(stderr).toContain('Template (minimal, saas, coder')
    expect(stderr).toContain('not one of them: minmal; did you mean minimal?')
    expect(readdirSync(folder)).toContain('policy.yaml')
    expect(read(folder, 'policy.test.ts')).toContain("from 'node:test'")
    expect(stdout).toContain(`npx tsx --test ${join(folder, 'policy.test.ts')}`)
  })

  it('takes the first choice for an empty answer and at the end of the input', async () => {
    const folder = fresh()
    const { status } = await onTerminal('\n', ['init', folder, '--runner', 'jest'])
    expect(status).toBe(0)
    expect(readdirSync(folder)).toContain('policy.ts')
    expect(read(folder, 'policy.test.ts')).toContain("from '@jest/globals'")
  })

  it.each([['--yes'], ['--json']])('asks nothing with %s', async (flag) => {
    const { stderr, status } = await onTerminal('', ['init', fresh(), flag])
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  })
})

interface VitestReport {
  readonly numTotalTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly {
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** Runs vitest as a user does: in its own process, which knows nothing of this one. */
async function runVitest(folder: string): Promise<VitestReport> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_ENV|TEST|DEV|PROD|SSR|MODE)/.test(name))
  )
  const vitest = join(project, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', '--root', folder, '--reporter', 'json', '--maxWorkers', '1', '--no-isolate']
  const stdout = await new Promise<string>((resolve) => {
    // It exits with 1: a test fails.
    execFile(process.execPath, args, { cwd: folder, env, maxBuffer: 1 << 24 }, (_, printed) => {
      resolve(printed)
    })
  })
  return JSON.parse(stdout) as VitestReport
}
