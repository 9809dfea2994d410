// Logs from outside: what is wrong with a line is named, and costs that line alone.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Policy } from '../../src/index.js'
import { checksOfLog, replay, unused } from '../../src/records/index.js'
import { suggestScopes } from '../../src/scopes/index.js'
import { worldsWithCasesV2 } from '../arbitraries/index.js'
import { floor, runs } from '../support/depth.js'
import { asGiven, orFailure, policyOf, subjectOf } from '../support/engine.js'
import { decisionsIn, keeping, logOf } from './support.js'

const document = parsePolicy({
  name: 'notes',
  resources: { note: { actions: { read: '', write: '', share: '' } }, bin: { actions: { empty: '' } } },
  roles: {
    reader: { kind: 'site', grants: { site: { allow: { note: ['read', 'share'], bin: '*' } } } },
    writer: {
      kind: 'site',
      grants: { site: { allow: { '*': '*' }, deny: { bin: ['empty'] } } },
      variants: []
    },
    nobody: { kind: 'site', grants: { site: { allow: { note: ['read'] } } } }
  },
  scopes: { readers: { allow: { note: ['read'] } }, binners: { allow: { bin: '*' } } }
})
const policy: Policy = compile(document)
const note = { type: 'note', id: 'n1' }

async function sample(): Promise<string[]> {
  const { recorder, lines } = keeping(policy)
  const reader = recorder.of(policy.subject({ id: 'ada', roles: ['reader'] }))
  reader.can('read', note)
  reader.within({ scopes: ['readers'] }).can('read', note)
  reader.within({ scopes: ['binners'] }).can('read', note)
  reader.can('write', note)
  recorder.of(policy.subject({ id: 'bob', roles: ['writer'] })).can('write', note)
  return await lines()
}

describe('a log', () => {
  it.each<[string, string]>([
    ['{"v":1,', 'column'],
    ['[]', 'expected a line of a log'],
    ['{"v":2,"kind":"decision"}', 'v: expected `1`'],
    ['{"v":1,"kind":"verdict"}', 'unknown kind of line'],
    ['{"v":1,"__proto__":{"kind":"decision"}}', 'unknown kind of line'],
    ['{"v":1,"kind":"decision","kind":"count"}', 'kind'],
    ['{"v":1,"kind":"decision","subject":"__proto__"}', 'policy: expected a hash'],
    [
      '{"v":1,"kind":"decision","policy":"p","time":1,"subject":"__proto__","action":"read","object":{"type":"note"},"allowed":true,"weight":1}',
      'no line of the log describes the subject `__proto__`'
    ],
    ['{"v":1,"kind":"subject","key":"k"}', 'subject: expected a subject'],
    ['{"v":1,"kind":"role","key":"k","name":1}', 'name: expected the name of a role'],
    ['{"v":1,"kind":"count","permission":"note:read","allowed":-1,"denied":0}', 'allowed: expected a number'],
    ['{"v":1,"kind":"loss","lines":"many"}', 'lines: expected a number'],
    [`"${'x'.repeat(16 * 1024 * 1024)}"`, 'a line of more than']
  ])('names a damaged line and reads the others (%#)', async (line, message) => {
    const lines = await sample()
    const whole = await replay(policy, [logOf(lines)])
    const { problems, damaged, decisions } = await replay(policy, [logOf([line, ...lines], 'a.ndjson')])
    expect(problems).toEqual([
      { log: 'a.ndjson', line: 1, message: expect.stringContaining(message) as string }
    ])
    expect({ damaged, decisions }).toEqual({ damaged: 1, decisions: whole.decisions })
  })

  it('names decisions of a policy and of subjects that no line describes', async () => {
    const lines = (await sample()).filter((line) => !/"kind":"(policy|subject)"/.test(line))
    const { problems, decisions, damaged } = await replay(policy, [logOf(lines)])
    expect(decisions).toBe(0)
    expect(damaged).toBe(5)
    expect(problems[0]?.message).toContain('no line of the log describes the subject')
    const withoutPolicy = (await sample()).filter((line) => !line.includes('"kind":"policy"'))
    const report = await replay(policy, [logOf(withoutPolicy)])
    expect(report).toMatchObject({ decisions: 5, damaged: 1 })
    expect(report.problems[0]?.message).toContain('describes the policy')
  })

  it('refuses a key that names two subjects', async () => {
    const lines = await sample()
    const subject = lines.find((line) => line.includes('"kind":"subject"')) ?? ''
    const { problems } = await replay(policy, [logOf([...lines, subject.replace('ada', 'eve')])])
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('names something else')])
  })

  it('is read to its end, whatever its lines say', async () => {
    const lines = await sample()
    const piece = fc.oneof(fc.constantFrom(...lines), fc.json(), fc.string())
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(piece, piece, fc.nat(), fc.nat()), { maxLength: 20 }),
        async (pieces) => {
          const damaged = pieces.map(
            ([a, b, i, j]) => a.slice(0, i % (a.length + 1)) + b.slice(j % (b.length + 1))
          )
          const log = [...damaged, ...lines]
          const report = await replay(policy, [logOf(log)])
          expect(report.problems.length).toBeLessThanOrEqual(100)
          await unused(policy, [logOf(log)])
        }
      ),
      { numRuns: runs(100, 5_000) }
    )
  })

  it('counts what the policy cannot be asked, and what of it was allowed', async () => {
    const without = compile(
      parsePolicy({
        name: 'less',
        resources: { note: { actions: { read: '' } } },
        roles: { reader: { kind: 'site', grants: { site: { allow: { note: ['read'] } } } } },
        scopes: { readers: { allow: { note: ['read'] } } }
      })
    )
    const { unanswerable, flips, decisions } = await replay(without, [logOf(await sample())])
    expect({ flips, decisions }).toEqual({ flips: [], decisions: 2 })
    expect(unanswerable.map(({ code, lines, allowed }) => [code, lines, allowed]).sort()).toEqual([
      ['unknown_action', 1, 0],
      ['unknown_role', 1, 1],
      ['unknown_scope', 1, 0]
    ])
  })
})

describe('unused', () => {
  it('names grants, roles, scopes and keys, and what would be left', async () => {
    const report = await unused(policy, [logOf(await sample())])
    expect(report).toMatchObject({
      decisions: 5,
      grants: [
        { role: 'reader', level: 'site', path: 'roles.reader.grants.site.allow.note', actions: ['share'] },
        { role: 'reader', level: 'site', path: 'roles.reader.grants.site.allow.bin' },
        { role: 'nobody', level: 'site', path: 'roles.nobody.grants.site.allow.note' }
      ],
      roles: ['nobody'],
      scopes: ['binners'],
      keys: [{ subject: 'ada', within: [{ scopes: ['binners'] }], refused: 1 }]
    })
    expect(report.left['reader']?.grants).toEqual({ site: { allow: { note: ['read'] } } })
    expect(report.left['writer']?.grants).toEqual({
      site: { allow: { note: ['write'] }, deny: { bin: ['empty'] } }
    })
  })

  it('leaves roles under which no recorded decision is another, on generated policies', async () => {
    let narrowed = 0
    await fc.assert(
      fc.asyncProperty(worldsWithCasesV2, async ({ world, cases }) => {
        const generated = policyOf(world)
        const { recorder, lines } = keeping(generated)
        for (const { question, repaired } of cases)
          orFailure(() =>
            recorder
              .of(subjectOf(generated, question))
              .can(asGiven(repaired.action), asGiven(repaired.object))
          )
        const log = await lines()
        const none = { site: {}, orgs: {} }
        const { left } = await unused(policyOf({ ...world, customRoles: none }), [logOf(log)])
        const roles = { ...world.document.roles, ...left }
        const lean = policyOf({ ...world, document: { ...world.document, roles }, customRoles: none })
        const { flips, unanswerable, decisions } = await replay(lean, [logOf(log)])
        expect({ flips, unanswerable }).toEqual({ flips: [], unanswerable: [] })
        expect(decisions).toBe(decisionsIn(log).length)
        narrowed += Object.keys(left).length
      }),
      { numRuns: runs(60, 4_000) }
    )
    expect(narrowed).toBeGreaterThan(floor(20))
  })
})

describe('checksOfLog', () => {
  it('suggests the smallest key for a log', async () => {
    const { record, damaged } = await checksOfLog(policy, [logOf(await sample())])
    expect(damaged).toBe(0)
    const { scopes, allowList } = suggestScopes(policy, record)
    expect({ scopes, allowList }).toEqual({ scopes: ['note:read', 'note:write'], allowList: ['note:n1'] })
  })
})
