// The GitHub Action and the hooks of pre-commit: what they say is read as their programs read it, and their commands are
// run in a repository, by a bundle of the command in place of the package.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { bundle } from '../support/bundle.js'
import { project } from '../support/packed.js'

const place = mkdtempSync(join(tmpdir(), 'casemate-action-'))
const repository = join(place, 'repository')
const policy = (write = false): string => `name: notes
resources: { note: { actions: { read: see it, write: change it, drop: throw it away } } }
roles: { reader: { title: Reader, description: Reads., kind: site, grants: { site: { allow: { note: [read${write ? ', write' : ''}] } } } }, writer: { title: Writer, description: Writes., kind: site, grants: { site: { allow: { note: [read, write, drop] } } } } }
invariants: [{ name: readers read, permissions: ['note:read'], always: [reader] }]
`

function git(...args: readonly string[]): void {
  const names = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false']
  execFileSync('git', [...names, ...args], { cwd: repository, stdio: 'pipe' })
}

beforeAll(async () => {
  mkdirSync(repository)
  const programs = join(place, 'programs')
  mkdirSync(programs)
  const main = await bundle(join(project, 'src/cli/main.ts'), programs)
  const bin = join(repository, 'node_modules/.bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'casemate'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, {
    mode: 0o755
  })
  writeFileSync(join(repository, 'policy.yaml'), policy())
  writeFileSync(join(repository, '.gitignore'), 'node_modules\n')
  git('init', '--quiet', '--initial-branch', 'main')
  git('add', '.')
  git('commit', '--quiet', '-m', 'begin')
  git('clone', '--quiet', '--bare', '.', join(place, 'origin.git'))
  git('remote', 'add', 'origin', join(place, 'origin.git'))
})
afterAll(() => {
  rmSync(place, { recursive: true, force: true })
})

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>
  readonly runs: {
    readonly using: string
    readonly steps: readonly {
      readonly uses?: string
      readonly run?: string
      readonly shell?: string
      readonly env?: Readonly<Record<string, string>>
    }[]
  }
}
const action = parse(readFileSync(join(project, 'action.yml'), 'utf8')) as Action

/** Runs the steps of the action as a runner does; the output of all, and the statuses. */
function act(inputs: Readonly<Record<string, string>>): { statuses: (number | null)[]; output: string } {
  const value = (text: string): string =>
    text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => {
      const given = inputs[name] ?? action.inputs[name]?.default
      if (given === undefined) throw new Error(`no input ${name}`)
      return given.startsWith('${{') ? '' : given
    })
  const done = action.runs.steps.flatMap(({ run, env = {} }) => {
    if (run === undefined) return []
    const variables = Object.fromEntries(Object.entries(env).map(([name, text]) => [name, value(text)]))
    return spawnSync('bash', ['-e', '-c', run], {
      cwd: repository,
      encoding: 'utf8',
      env: { ...process.env, ...variables, GITHUB_ACTION_PATH: project }
    })
  })
  return {
    statuses: done.map(({ status }) => status),
    output: done.map(({ stdout, stderr }) => stdout + stderr).join('')
  }
}

describe('the GitHub Action', () => {
  it('is composite, pins what it uses, and puts no input into a command', () => {
    expect(action.runs.using).toBe('composite')
    for (const { uses, run, shell } of action.runs.steps) {
      if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
      if (run !== undefined) expect([run.includes('${{'), shell]).toEqual([false, 'bash'])
    }
    const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string }
    expect(action.inputs['version']?.default).toBe(version)
  })

  it('passes for a policy that gives nobody more, and fails for one that does, unless that is accepted', () => {
    expect(act({ policy: 'policy.yaml', base: 'main' })).toMatchObject({ statuses: [0, 0, 0] })
    writeFileSync(join(repository, 'policy.yaml'), policy(true))
    const more = act({ policy: 'policy.yaml', base: 'main' })
    expect(more.statuses).toEqual([0, 0, 1])
    expect(more.output).toContain('note:write')
    expect(act({ policy: 'policy.yaml', base: 'main', 'new-access': 'true' }).statuses).toEqual([0, 0, 0])
    expect(act({ policy: 'policy.yaml' }).statuses).toEqual([0, 0, 0])
  })

  it('annotates the line of what is wrong, and takes an input for what it is alone', () => {
    writeFileSync(join(repository, 'policy.yaml'), policy().replace('reader]', 'readers]'))
    const { statuses, output } = act({ policy: 'policy.yaml' })
    expect(statuses).toEqual([2, 2, 0])
    expect(output).toContain('policy.yaml:4:73: invariants[0].always[0]')
    writeFileSync(join(repository, 'policy.yaml'), policy())
    const odd = act({ policy: 'policy.yaml; touch broken', statements: '$(touch broken)\n' })
    expect(odd.statuses[0]).toBe(2)
    expect(() => readFileSync(join(repository, 'broken'))).toThrow('ENOENT')
  })
})

interface Hook {
  readonly id: string
  readonly entry: string
  readonly language: string
  readonly files: string
}

describe('the hooks of pre-commit', () => {
  const hooks = parse(readFileSync(join(project, '.pre-commit-hooks.yaml'), 'utf8')) as readonly Hook[]
  const runHook = (id: string, files: readonly string[]): ReturnType<typeof spawnSync> => {
    const { entry = '' } = hooks.find((one) => one.id === id) ?? {}
    const [, script = ''] = /^bash -c '(.*)' --$/.exec(entry) ?? []
    return spawnSync('bash', ['-c', script, '--', ...files], { cwd: repository, encoding: 'utf8' })
  }

  it('look at policies by their names, and run what the project has', () => {
    for (const { files, language } of hooks) {
      expect(language).toBe('system')
      const seen = ['policy.yaml', 'access/policy.json', 'my-policy.yml', 'x.policy.yml']
      expect(seen.filter((name) => !new RegExp(files).test(name))).toEqual([])
      expect(
        ['policy.yaml.bak', 'mypolicyyaml', 'docs/policy.md'].some((name) => new RegExp(files).test(name))
      ).toBe(false)
    }
  })

  it('fail where one of several files is wrong, whichever it is', () => {
    writeFileSync(join(repository, 'policy.yaml'), policy())
    writeFileSync(join(repository, 'bad policy.yaml'), policy().replace('[read]', '[reed]'))
    for (const files of [
      ['policy.yaml', 'bad policy.yaml'],
      ['bad policy.yaml', 'policy.yaml']
    ]) {
      const checked = runHook('casemate-check', files)
      expect(checked.status).toBe(2)
      expect(checked.stderr).toContain('bad policy.yaml:3:')
      expect(runHook('casemate-lint', files).status).toBe(2)
    }
    expect(runHook('casemate-check', ['policy.yaml']).status).toBe(0)
    expect(runHook('casemate-lint', ['policy.yaml']).status).toBe(0)
  })
})
