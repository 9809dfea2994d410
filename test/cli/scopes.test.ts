// `casemate scopes` as a user meets it: what goes to which stream, and the status.
import { describe, expect, it } from 'vitest'

import { compile, type ScopeInfo } from '../../src/index.js'
import coderDocument from '../../policies/coder/index.js'
import { recordChecks } from '../../src/scopes/index.js'
import { casemate } from '../support/cli.js'
import { coderFile } from '../support/coder.js'
import { uuid } from '../scopes/worlds.js'

const coder = ['--policy', coderFile()]
const day = 86_400_000_000_000

describe('casemate scopes list', () => {
  it('prints a table of all scopes, of the public or of the internal ones', async () => {
    const all = await casemate(['scopes', 'list', '--policy', 'policies/coder/index.ts'])
    expect(all).toMatchObject({ status: 0, stderr: '' })
    const lines = all.stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^SCOPE +FOR +PERMISSIONS +TITLE \(ALIASES\)$/)
    expect(lines[1]).toMatch(/^coder:all +public +\d+ +Everything \(all\)$/)
    expect(lines.find((line) => line.startsWith('boundary_log:read'))).toMatch(
      /^boundary_log:read +internal +1$/
    )
    const count = async (flag: string): Promise<number> =>
      (await casemate(['scopes', 'list', ...coder, flag])).stdout.trimEnd().split('\n').length - 1
    expect((await count('--public')) + (await count('--internal'))).toBe(lines.length - 1)
  })

  it('prints JSON with --json', async () => {
    const { stdout } = await casemate(['scopes', 'list', ...coder, '--public', '--json'])
    const scopes = JSON.parse(stdout) as ScopeInfo[]
    expect(scopes.map(({ name }) => name)).toEqual(
      compile(coderDocument)
        .scopes.list({ public: true })
        .map(({ name }) => name)
    )
  })
})

describe('casemate scopes show', () => {
  it('prints what a scope expands to, by its name or an alias', async () => {
    const shown = await casemate(['scopes', 'show', 'application_connect', ...coder])
    expect(shown).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        'coder:application_connect: declared, public',
        '  Open applications',
        '  Only the web applications that run in workspaces.',
        '  aliases: application_connect',
        '  1 permission:',
        '    workspace:application_connect',
        ''
      ].join('\n')
    })
    const { stdout } = await casemate(['scopes', 'show', 'boundary_log:*', ...coder, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ name: 'boundary_log:*', isPublic: false, kind: 'low-level' })
  })

  it('says what it does not know on standard error, and exits with 2', async () => {
    expect(await casemate(['scopes', 'show', 'workspace:raed', ...coder])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'unknown scope `workspace:raed`; did you mean `workspace:read`?\n'
    })
  })
})

describe('casemate scopes check', () => {
  const check = async (
    body: string,
    ...flags: string[]
  ): Promise<{ status: number; answer: unknown; stderr: string }> => {
    const { status, stdout, stderr } = await casemate(['scopes', 'check', ...coder, ...flags], body)
    return { status, answer: stdout === '' ? undefined : JSON.parse(stdout), stderr }
  }

  it('prints what to store of a token request, and exits with 0', async () => {
    expect(await check('{"scopes":["all"],"token_name":"ci"}')).toEqual({
      status: 0,
      stderr: '',
      answer: {
        ok: true,
        stored: { scopes: ['coder:all'], allow_list: ['*:*'], lifetime: day, token_name: 'ci' }
      }
    })
  })

  it('prints every problem with path, code and message, and exits with 1', async () => {
    expect(await check('{"scopes":["alll"],"lifetime":-1}')).toEqual({
      status: 1,
      stderr: '',
      answer: {
        ok: false,
        problems: [
          {
            path: 'scopes[0]',
            code: 'unknown_scope',
            message: 'scopes[0]: unknown scope `alll`; did you mean `all`?'
          },
          {
            path: 'lifetime',
            code: 'invalid_lifetime',
            message: 'lifetime: expected a whole number of nanoseconds from 0, not `-1`'
          }
        ]
      }
    })
    for (const body of ['', 'nope', '[]', 'null'])
      expect(await check(body)).toMatchObject({
        status: 1,
        answer: { ok: false, problems: [{ path: '', code: 'invalid_request' }] }
      })
  })

  it('has 30 days and 24 hours as lifetimes, or others', async () => {
    expect(await check(`{"lifetime":${30 * day}}`)).toMatchObject({ status: 0 })
    expect(await check(`{"lifetime":${30 * day + 1}}`)).toMatchObject({ status: 1 })
    expect(await check('{}', '--max-lifetime', '2h')).toMatchObject({
      answer: { stored: { lifetime: 7_200_000_000_000 } }
    })
    expect(await check('{}', '--default-lifetime', '90m')).toMatchObject({
      answer: { stored: { lifetime: 5_400_000_000_000 } }
    })
    expect(await check('{}', '--max-lifetime', '1h', '--default-lifetime', '2h')).toEqual({
      status: 2,
      answer: undefined,
      stderr: expect.stringContaining('--default-lifetime is longer than --max-lifetime') as string
    })
    expect(await check('{}', '--max-lifetime', 'soon')).toMatchObject({ status: 2, answer: undefined })
  })

  it('takes a lifetime under a minute only with its unit: a plain number of them means seconds', async () => {
    expect(await check('{"lifetime":86400}')).toMatchObject({
      status: 1,
      answer: { problems: [{ path: 'lifetime', code: 'lifetime_too_short' }] }
    })
    expect(await check('{}', '--max-lifetime', '86400')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean `86400s`?') as string
    })
    expect(await check('{"lifetime":1}', '--max-lifetime', '45s')).toMatchObject({
      status: 0,
      answer: { stored: { lifetime: 1 } }
    })
  })
})

describe('casemate scopes suggest', () => {
  const org = uuid(100)
  const subject = { id: uuid(1), roles: ['member', { role: 'organization-member', org }] }
  const object = { type: 'workspace', id: uuid(5), owner: uuid(1), org }
  const requests = ['read', 'ssh'].map((action) => JSON.stringify({ subject, action, object })).join('\n')
  const refused = JSON.stringify({ subject, action: 'delete', object: { ...object, owner: uuid(2) } })

  it('reads requests, of which those that are allowed count', async () => {
    expect(await casemate(['scopes', 'suggest', ...coder], `${requests}\n\n${refused}\n`)).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        'the smallest key for 2 checks:',
        '  scopes:',
        '    workspace:read',
        '    workspace:ssh',
        '  allow list:',
        `    workspace:${uuid(5)}`,
        ''
      ].join('\n')
    })
  })

  it('reads a record, and prints what is too much, lacking or unused', async () => {
    const { policy, record } = recordChecks(compile(coderDocument))
    const user = policy.subject({ id: uuid(1), roles: ['owner'], scopes: ['coder:all', 'file:read'] })
    user.authorize('read', { type: 'audit_log' })
    user.authorize('read', { type: 'workspace', id: uuid(5) })
    const { status, stdout } = await casemate(
      ['scopes', 'suggest', ...coder, '--public', '--json'],
      JSON.stringify(record())
    )
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ scopes: ['coder:all'], uncovered: [], unused: ['file:read'] })
    const text = await casemate(['scopes', 'suggest', ...coder, '--public'], JSON.stringify(record()))
    expect(text.stdout).toContain('  lets through besides:\n')
    expect(text.stdout).toContain('  held and never used:\n    file:read\n')
  })

  it('exits with 1 where no scope to choose from has a permission', async () => {
    const input = JSON.stringify({
      checks: [{ permission: 'project:delete', id: 'p1' }, { permission: 'api_key:read' }]
    })
    const { status, stdout } = await casemate(
      ['scopes', 'suggest', '--policy', 'test/fixtures/tenants.ts', '--public'],
      input
    )
    expect({ status, stdout }).toMatchObject({ status: 0 })
    const internal = await casemate(
      ['scopes', 'suggest', '--policy', 'test/fixtures/scopes/internal.yaml', '--public'],
      JSON.stringify({ checks: [{ permission: 'doc:read' }] })
    )
    expect(internal).toMatchObject({ status: 1, stderr: '' })
    expect(internal.stdout).toContain('not covered by any scope to choose from:\n    doc:read\n')
  })

  it('says what is wrong with its input on standard error, and exits with 2', async () => {
    const failure = async (input: string): Promise<unknown> => {
      const { status, stdout, stderr } = await casemate(['scopes', 'suggest', ...coder], input)
      return [status, stdout, stderr]
    }
    expect(await failure('nope')).toEqual([2, '', 'line 1: not JSON\n'])
    expect(await failure(`${requests}\n{"subject":1}`)).toEqual([
      2,
      '',
      expect.stringContaining('line 3: ') as string
    ])
    expect(await failure('{"checks":[{"permission":"workspace:raed"}]}')).toEqual([
      2,
      '',
      'checks[0].permission: unknown action `raed` of `workspace`; did you mean `read`?\n'
    ])
  })
})

describe('every subcommand', () => {
  it('refuses a policy that is not there, and options that it does not have', async () => {
    for (const args of [['list'], ['show', 'all'], ['check'], ['suggest']]) {
      const missing = await casemate(['scopes', ...args, '--policy', 'nope.yaml'], '{}')
      expect(missing).toMatchObject({ status: 2, stdout: '' })
      expect(missing.stderr).toContain('nope.yaml')
      expect(await casemate(['scopes', ...args], '{}')).toMatchObject({ status: 2, stdout: '' })
      expect(await casemate(['scopes', ...args, ...coder, '--nope'], '{}')).toMatchObject({
        status: 2,
        stdout: ''
      })
    }
    expect(await casemate(['scopes', 'nope'])).toMatchObject({ status: 2, stdout: '' })
  })

  it('has an example in its help', async () => {
    for (const name of ['list', 'show', 'check', 'suggest'])
      expect((await casemate(['scopes', name, '--help'])).stdout).toMatch(/Example:\n {2}\$ /)
  })
})
