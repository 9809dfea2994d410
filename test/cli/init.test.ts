// `casemate init`: what it writes holds, is clean, and runs in vitest. Everything is done for real, in a folder of its own;
// how a new user goes on from there is told in docs/guide/testing.md and checked with it.
import { execFile } from 'node:child_process'
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
import { casemate } from '../support/cli.js'
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
      expect(readdirSync(folder).sort()).toEqual([`policy.${format}`, 'policy.md', 'policy.test.ts'].sort())
      for (const name of readdirSync(folder)) expect(stdout).toContain(`wrote ${join(folder, name)}\n`)
      expect(stdout).toContain(`npx casemate test --policy ${policy}\n`)
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
      expect(JSON.parse(stdout)).toEqual({ written: ['policy.ts', 'policy.md', 'policy.test.ts'] })
      expect(readdirSync(folder)).toHaveLength(3)
    } finally {
      process.chdir(before)
    }
  })

  it('says what comes next in words that a shell takes as they are meant', async () => {
    const folder = join(fresh(), "we ird's [x] *dir")
    const { stdout } = await casemate(['init', folder])
    expect(stdout).toContain(`lint '${join(folder, 'policy.ts').replace("'", `'\\''`)}'\n`)
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
