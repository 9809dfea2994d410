// What all commands have in common: `--quiet`, `--json`, exit statuses, and what a shell completes.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../src/cli/program.js'
import { filesAround, runAgain } from '../../src/cli/watch.js'
import { casemate } from '../support/cli.js'
import { temporaryFolder } from '../support/folder.js'

const { folder, file } = temporaryFolder()
const policy = file(
  'policy.yaml',
  `name: notes
resources: { note: { actions: { read: see it, write: change it } } }
roles: { reader: { kind: site, grants: { site: { allow: { note: [read] } } } } }
scopes: { 'notes:read': { allow: { note: [read] } } }
invariants: [{ name: nobody writes, permissions: ['note:write'], only: [] }]
`
)
const request = '{"subject":{"id":"ada","roles":["reader"]},"action":"write","object":{"type":"note"}}'

/** The commands that do something, by what is written for them. */
function leaves(command: Command, path: readonly string[] = []): (readonly [string, Command])[] {
  return command.commands.flatMap((one) => {
    const here = [...path, one.name()]
    return one.commands.length === 0 ? [[here.join(' '), one] as const] : leaves(one, here)
  })
}
const all = leaves(createProgram('0.0.0'))
const conversations = ['serve', 'lsp', 'completion']

describe('every command', () => {
  it.each(all)('%s takes --quiet and --json, where its output is not a conversation', (name, command) => {
    const flags = command.options.map(({ long }) => long)
    for (const flag of ['--quiet', '--json'])
      expect([name, flag, flags.includes(flag)]).toEqual([name, flag, !conversations.includes(name)])
  })

  it.each(all)(
    '%s exits with 2 where it is asked wrongly, and says so on standard error alone',
    async (name) => {
      const { status, stdout, stderr } = await casemate([...name.split(' '), '--no-such-option'])
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toMatch(/^error: (?:unknown option|required option)/)
    }
  )

  it.each([
    [0, ['check', policy]],
    [0, ['lint', policy]],
    [1, ['explain', '--policy', policy, request]],
    [0, ['matrix', '--policy', policy]],
    [0, ['test', '--policy', policy]],
    [0, ['diff', policy, policy]],
    [0, ['scopes', 'list', '--policy', policy]],
    [0, ['compile', policy]],
    [0, ['generate', 'types', '--policy', policy]],
    [0, ['generate', 'json', '--policy', policy]]
  ] as const)('answers with %i alone under --quiet: %j', async (expected, args) => {
    const loud = await casemate(args)
    const quiet = await casemate([...args, '--quiet'])
    expect(loud.stdout).not.toBe('')
    expect({ loud: loud.status, ...quiet }).toEqual({
      loud: expected,
      status: expected,
      stdout: '',
      stderr: loud.stderr
    })
    const spoken = await casemate(args)
    expect(spoken.stdout).toBe(loud.stdout)
  })

  it('is quiet about a policy that is wrong in what it prints, and not in its errors', async () => {
    const { status, stdout, stderr } = await casemate(['check', '-q', file('wrong.yaml', 'name: 7\n')])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain('wrong.yaml:1:1: name: ')
  })

  it('that writes files says which, as JSON', async () => {
    const output = join(folder, 'names.json')
    const args = ['generate', 'json', '--policy', policy, '-o', output, '--json']
    expect(JSON.parse((await casemate(args)).stdout)).toEqual({ written: [output] })
    expect(JSON.parse((await casemate([...args, '--check'])).stdout)).toEqual({
      checked: [output],
      stale: []
    })
    file('names.json', '{}')
    const stale = await casemate([...args, '--check'])
    expect(stale.status).toBe(1)
    expect(JSON.parse(stale.stdout)).toEqual({ checked: [output], stale: [output] })
  })
})

describe('casemate completion', () => {
  const complete = (script: string, words: readonly string[]): string[] => {
    const list = words.map((word) => `'${word}'`).join(' ')
    const ask = `source ${script}; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _casemate; printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['--norc', '-c', ask], { encoding: 'utf8' }).trim().split('\n')
  }

  it('completes commands, options and values in bash', async () => {
    const { stdout } = await casemate(['completion', 'bash'])
    const script = file('completion.bash', stdout)
    expect(complete(script, ['casemate', 'che'])).toEqual(['check', 'check-store'])
    expect(complete(script, ['casemate', 'generate', 'op'])).toEqual(['openapi'])
    expect(complete(script, ['casemate', 'check', '--js'])).toEqual(['--json'])
    expect(complete(script, ['casemate', 'init', 'x', '--format', ''])).toEqual(['ts', 'yaml', 'json'])
    // What takes a file is left to the shell.
    expect(complete(script, ['casemate', 'test', '--policy', ''])).toEqual([''])
  })

  it.each(['bash', 'zsh', 'fish'])('knows every command and every option in %s', async (shell) => {
    const { stdout, status } = await casemate(['completion', shell])
    expect(status).toBe(0)
    for (const [name, command] of all) {
      expect(stdout).toContain(name.split(' ').at(-1))
      for (const { long } of command.options)
        expect(stdout).toContain(shell === 'fish' ? `-l ${long?.slice(2) ?? ''}` : long)
    }
  })

  it('refuses another shell', async () => {
    expect((await casemate(['completion', 'ksh'])).stderr).toContain('Allowed choices are bash, zsh, fish')
  })
})

describe('casemate test --watch', () => {
  it('runs again when a file changes, and goes on after a run that failed', async () => {
    const page = file('seen.md', 'one')
    const stopping = new AbortController()
    const seen: string[] = []
    const before = process.exitCode
    const write = process.stderr.write.bind(process.stderr)
    process.stderr.write = () => true
    try {
      await runAgain({
        run: async () => {
          seen.push(readFileSync(page, 'utf8'))
          if (seen.length === 1) setTimeout(() => file('seen.md', 'two, longer'), 30)
          if (seen.length === 2) setTimeout(() => file('new.md', 'three'), 30)
          if (seen.length === 3) stopping.abort()
          if (seen.length === 1) throw new Error('a run that failed')
          return Promise.resolve()
        },
        paths: () => filesAround(policy),
        every: 5,
        signal: stopping.signal
      })
    } finally {
      process.stderr.write = write
      process.exitCode = before
    }
    expect(seen).toEqual(['one', 'two, longer', 'two, longer'])
  })
})
