// The tests of a policy as one run: what each file says, what is wrong with one that says nothing clear, and what a
// filter keeps.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, parseRequest } from 'casemate'
import coder from '../../policies/coder/index.js'
import { runSuite, type SuiteFile, type SuiteResult } from '../../src/verify/index.js'
import { splitList } from '../../src/verify/suite/json-list.js'
import { rolled, worldsWithCases } from '../arbitraries/index.js'
import { withTests } from './suite-world.js'
import { runs } from '../support/depth.js'

const policy = compile(coder)
const plain = compile(
  parsePolicy({
    name: 'plain',
    resources: { doc: { actions: { read: '', write: '' } }, log: { acl: true, actions: { read: '' } } },
    roles: {
      writer: { kind: 'site', grants: { site: { allow: { doc: '*' } } } },
      reader: { kind: 'site', grants: { site: { allow: { '*': ['read'] }, deny: { doc: ['write'] } } } }
    }
  })
)

const ask = (roles: string[], action = 'write'): object => ({
  subject: { id: 'u1', roles },
  action,
  object: { type: 'doc' }
})

function lines(...values: unknown[]): SuiteFile {
  const text = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n')
  return { name: 'e.ndjson', text }
}

function messages({ statements, problems }: SuiteResult): string[] {
  return [
    ...statements.map(({ message }) => message ?? 'ok'),
    ...problems.map(({ line, message }) => `${line}: ${message}`)
  ]
}

describe('expectations', () => {
  it.each([
    [{ request: ask(['writer']), allowed: true }, 'ok'],
    [{ request: ask(['writer']), allowed: true, reason: 'granted' }, 'ok'],
    [{ request: ask(['reader']), allowed: false, reason: 'denied', note: 'readers only read' }, 'ok'],
    [{ request: ask(['writr']), error: 'unknown_role' }, 'ok'],
    [{ request: {}, error: 'invalid_request' }, 'ok'],
    [
      { request: ask(['writer', 'reader']), allowed: true },
      'refused: denied: reader at site by doc:write (roles.reader.grants.site.deny.doc)'
    ],
    [
      { request: ask(['writer']), allowed: false },
      'allowed: granted: writer at site by doc:* (roles.writer.grants.site.allow.doc)'
    ],
    [
      { request: ask(['reader']), allowed: false, reason: 'not_granted' },
      'not by not_granted, but refused: denied: reader at site by doc:write (roles.reader.grants.site.deny.doc)'
    ],
    [
      { request: ask(['writr']), allowed: false },
      'no answer but unknown_role: subject.roles[0]: unknown role `writr`; did you mean `writer`?'
    ],
    [
      { request: ask(['writr']), error: 'unknown_action' },
      'the error is unknown_role, not unknown_action: subject.roles[0]: unknown role `writr`; did you mean `writer`?'
    ],
    [
      { request: ask([]), error: 'unknown_role' },
      'no error unknown_role, but refused: not_granted: site abstains'
    ]
  ])('%j', (line, message) => {
    const result = runSuite(plain, [lines(line)])
    expect(messages(result)).toEqual([message])
    expect(result.ok).toBe(message === 'ok')
  })

  it.each([
    ['{"request":{}', /^2: not JSON: /],
    ['7', '2: expected an expectation, not `7`'],
    ['{"allowed":true}', '2: missing `request`'],
    ['{"request":{}}', '2: missing `allowed` or `error`'],
    ['{"request":{},"allowed":true,"error":"x"}', '2: `allowed` beside `error`'],
    ['{"request":{},"allowed":"yes"}', '2: `allowed`: expected `true` or `false`, not `yes`'],
    ['{"request":{},"alowed":true}', '2: unknown key `alowed` of an expectation; did you mean `allowed`?'],
    ['{"request":{},"__proto__":{},"allowed":true}', '2: unknown key `__proto__` of an expectation'],
    ['{"request":{},"allowed":true,"note":7}', '2: `note`: expected a text, not `7`'],
    ['{"request":{},"error":7}', "2: `error`: expected an error's code, not `7`"],
    ['{"request":{},"error":"x","reason":"denied"}', '2: `reason` beside `error`']
  ])('a line that is none is a problem with its place: %s', (line, message) => {
    const result = runSuite(plain, [lines('', line, { request: ask(['writer']), allowed: true })])
    expect(result).toMatchObject({ ok: false, passed: 1, failed: 0 })
    expect(`${result.problems[0]!.line}: ${result.problems[0]!.message}`).toMatch(message)
  })

  it('may be one list, whose elements keep their lines', () => {
    const list = `[\n  ${JSON.stringify({ request: ask(['writer']), allowed: true, note: 'a ] or , in a text "' })},\n\n  {"request":{},\n   "allowed":true}\n]\n`
    const result = runSuite(plain, [{ name: 'e.json', text: list }])
    expect(result.statements.map(({ line, name, ok }) => [line, name, ok])).toEqual([
      [2, 'a ] or , in a text "', true],
      [4, 'nobody: a request is allowed', false]
    ])
    for (const text of ['{"request":{}}', '[', '', 'x'])
      expect(runSuite(plain, [{ name: 'e.json', text }])).toMatchObject({ ok: false, passed: 0 })
  })
})

describe('a JSON list', () => {
  it('is cut into what JSON.parse would read', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (list, indent) => {
        const pieces = splitList(JSON.stringify(list, undefined, indent))
        expect(pieces.map(({ source }): unknown => JSON.parse(source))).toEqual(
          JSON.parse(JSON.stringify(list))
        )
      })
    )
  })
})

describe('a run', () => {
  const matrix: SuiteFile = {
    name: 'some/doc.md',
    text: '| Subject | Write |\n| --- | --- |\n| writer | yes |\n'
  }

  it('reads a matrix about the resource that its file is called after', () => {
    expect(runSuite(plain, [matrix])).toMatchObject({ ok: true, passed: 1 })
    expect(runSuite(plain, [{ ...matrix, name: 'some/other.md' }])).toMatchObject({
      ok: false,
      problems: [{ code: 'unknown_resource', file: 'some/other.md', line: 1 }]
    })
  })

  it('tells how far it has come, file by file', () => {
    const steps: unknown[] = []
    runSuite(plain, [matrix, { ...matrix, name: 'doc.md' }], {
      onProgress: (done, total) => steps.push([done, total])
    })
    expect(steps).toEqual([
      [1, 3],
      [2, 3]
    ])
  })

  it('never goes well without a statement', () => {
    expect(runSuite(plain, [])).toMatchObject({ ok: false, passed: 0, problems: [] })
    for (const file of [{ name: 'a.md', text: 'text' }, lines(), { name: 'a.json', text: '[]' }]) {
      expect(runSuite(plain, [file])).toMatchObject({ ok: false, problems: [{ line: 1 }], leftOut: [] })
      const optional = runSuite(plain, [{ ...file, isOptional: true }, matrix])
      expect(optional).toMatchObject({ ok: true, problems: [], leftOut: [file.name] })
    }
    expect(runSuite(plain, [{ name: 'a.txt', text: '' }]).problems).toMatchObject([
      { code: 'unknown_format' }
    ])
  })

  it('does not leave out an optional file that means to say something', () => {
    for (const file of [
      { name: 'doc.md', text: '| Subject | Wrte |\n| --- | --- |\n| writer | yes |\n' },
      lines('{"request":{},"alowed":true}')
    ])
      expect(runSuite(plain, [{ ...file, isOptional: true }, matrix]).ok).toBe(false)
  })

  it.each([
    [{ subject: 'reader' }, ['reader: doc:write is refused']],
    [{ subject: 'writer', action: 'write' }, ['writer: doc:write is yes', 'writer: doc:write is allowed']],
    [{ resource: 'log' }, ['the log']],
    [{ action: 'read' }, ['the log']],
    [{ resource: 'log', action: 'write' }, []]
  ])('with the filter %j keeps the statements that name it', (filter, names) => {
    const log = { subject: { id: 'u1', roles: ['auditor'] }, action: 'read', object: { type: 'log' } }
    const files = [
      matrix,
      lines(
        { request: ask(['writer']), allowed: true },
        { request: ask(['reader']), allowed: false },
        { request: log, error: 'unknown_role', note: 'the log' }
      )
    ]
    const result = runSuite(plain, files, { filter })
    expect(result.statements.map(({ name }) => name)).toEqual(names)
    expect(result.ok).toBe(names.length > 0)
  })

  it('holds for tests that were written from the policy, whatever the policy', () => {
    fc.assert(
      fc.property(
        worldsWithCases,
        rolled(60, (dice) => dice),
        ({ world, cases }, dice) => {
          const { policy: tested, files } = withTests(dice, world, cases)
          expect(runSuite(tested, files)).toMatchObject({ failed: 0, problems: [] })
        }
      ),
      { numRuns: runs(30, 2_000) }
    )
  })

  it('of the real policy holds, and each failure of a broken one is shown by a request', () => {
    const files = ['boundary_log.md', 'expectations.md', 'workspace_agent.ndjson'].map((name) => ({
      name,
      text: readFileSync(new URL(`../../policies/coder/${name}`, import.meta.url), 'utf8')
    }))
    const result = runSuite(policy, files)
    expect(messages({ ...result, statements: result.statements.filter(({ ok }) => !ok) })).toEqual([])
    const broken = runSuite(
      policy.withRoles({
        spy: { kind: 'site', grants: { site: { allow: { boundary_log: '*', user_secret: '*' } } } }
      }),
      files
    )
    const failures = broken.statements.filter(({ ok }) => !ok)
    expect(failures.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['cell', 'invariant']))
    for (const { counterexample } of failures) {
      const { request, decision } = counterexample!
      const asked = policy.withRoles({
        spy: { kind: 'site', grants: { site: { allow: { boundary_log: '*', user_secret: '*' } } } }
      })
      const parsed = parseRequest(asked, JSON.parse(JSON.stringify(request)), { allowSystem: true })
      if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
      expect(parsed.value.subject.can(parsed.value.action, parsed.value.object)).toBe(decision.allowed)
    }
  })
})
