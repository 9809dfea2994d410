// The laws of records, on generated policies and questions: a recorder changes no answer, a log replays to its own
// answers under the policy that gave them, masked or not, and under another one to what deciding anew says.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Policy, Subject } from '../../src/index.js'
import { replay, type Sink } from '../../src/records/index.js'
import { worldsWithCasesV2, type Case } from '../arbitraries/index.js'
import type { World } from '../model.js'
import { floor, runs } from '../support/depth.js'
import { asGiven, orFailure, policyOf, subjectOf } from '../support/engine.js'
import { decisionsIn, keeping, logOf } from './support.js'

const key = 'a secret of the tests'

function ask(subject: Subject, { question }: Case): unknown {
  const { action, object } = question
  const [asked, about] = [asGiven(action), asGiven(object)]
  return [
    orFailure(() => subject.can(asked, about)),
    orFailure<unknown>(() => subject.explain(asked, about)),
    orFailure<unknown>(() => subject.filter(asked, [about, about])),
    orFailure<unknown>(() => subject.canEach({ one: { action: asked, object: about } })),
    orFailure<unknown>(() => subject.actionsOn(about)),
    orFailure(() => {
      subject.authorize(asked, about)
    }),
    orFailure<unknown>(() => subject.within({ scopes: [] }).explain(asked, about))
  ]
}

/** The subjects of a world's questions, those that there are. */
function* subjectsOf(policy: Policy, cases: readonly Case[]): Generator<readonly [Subject, Case]> {
  for (const one of cases) {
    const subject = orFailure(() => subjectOf(policy, one.question))
    if (!('error' in subject)) yield [subject, one]
  }
}

/** The same world with the grants of its roles moved around, or gone: role names, places and catalogue stay. */
function shuffled(world: World): World {
  const roles = Object.entries(world.document.roles ?? {})
  const moved = roles.map(([name, role], i) => {
    const other = roles.slice(i + 1).find(([, { kind }]) => kind === role.kind)?.[1]
    const { kind, includes } = role
    const kept = { kind, ...(includes === undefined ? {} : { includes }) }
    return [name, { ...kept, ...(other?.grants === undefined ? {} : { grants: other.grants }) }] as const
  })
  return { ...world, document: { ...world.document, roles: Object.fromEntries(moved) } }
}

describe('a recorder', () => {
  const hanging = new Promise<never>(() => undefined)
  const sinks: readonly (readonly [string, Sink])[] = [
    ['works', () => undefined],
    [
      'throws',
      () => {
        throw new Error('no')
      }
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['hangs', () => hanging]
  ]

  it.each(sinks)('changes no answer and no error where the sink %s', (_, write) => {
    let asked = 0
    fc.assert(
      fc.property(worldsWithCasesV2, ({ world, cases }) => {
        const policy = policyOf(world)
        const { recorder } = keeping(policy, { write, traceId: () => asGiven(asked % 3) })
        for (const [subject, one] of subjectsOf(policy, cases)) {
          expect(ask(recorder.of(subject), one)).toEqual(ask(subject, one))
          asked++
        }
      }),
      { numRuns: runs(30, 2_000) }
    )
    expect(asked).toBeGreaterThan(floor(100))
  })
})

describe('a replay', () => {
  it.each([['as it is'], ['masked']])('of a log %s flips nothing under the same policy', async (how) => {
    let replayed = 0
    await fc.assert(
      fc.asyncProperty(worldsWithCasesV2, async ({ world, cases }) => {
        const policy = policyOf(world)
        const { recorder, lines } = keeping(policy, how === 'masked' ? { mask: { key } } : {})
        for (const [subject, { repaired }] of subjectsOf(policy, cases))
          orFailure(() => recorder.of(subject).can(asGiven(repaired.action), asGiven(repaired.object)))
        const log = await lines()
        const shipped = policyOf({ ...world, customRoles: { site: {}, orgs: {} } })
        const { decisions, flips, unanswerable, problems } = await replay(shipped, [logOf(log)])
        expect({ flips, unanswerable, problems }).toEqual({ flips: [], unanswerable: [], problems: [] })
        expect(decisions).toBe(decisionsIn(log).length)
        replayed += decisions
      }),
      { numRuns: runs(300, 10_000) }
    )
    expect(replayed).toBeGreaterThan(floor(1_000))
  })

  it('flips under another policy exactly what deciding anew flips, whatever the order of the lines', async () => {
    let flipped = 0
    await fc.assert(
      fc.asyncProperty(worldsWithCasesV2, fc.infiniteStream(fc.nat()), async ({ world, cases }, dice) => {
        const policy = policyOf(world)
        const otherWorld = shuffled(world)
        const other = orFailure(() => policyOf(otherWorld))
        // A custom role may include one that reaches further in the other policy, which then refuses it.
        if ('error' in other) return
        const { recorder, lines } = keeping(policy)
        const expected = { gained: 0, lost: 0 }
        for (const [subject, { question, repaired }] of subjectsOf(policy, cases)) {
          const [action, object] = [asGiven(repaired.action), asGiven(repaired.object)]
          const before = orFailure(() => recorder.of(subject).can(action, object))
          const after = orFailure(() => subjectOf(other, question).can(action, object))
          if (before === true && after === false) expected.lost++
          if (before === false && after === true) expected.gained++
        }
        const log = await lines()
        const mixed = log
          .map((line) => ({ line, at: dice.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ line }) => line)
        const shipped = policyOf({ ...otherWorld, customRoles: { site: {}, orgs: {} } })
        for (const one of [log, mixed]) {
          const { gained, lost, problems } = await replay(shipped, [logOf(one)])
          expect({ gained, lost, problems }).toEqual({ ...expected, problems: [] })
        }
        flipped += expected.gained + expected.lost
      }),
      { numRuns: runs(60, 4_000) }
    )
    expect(flipped).toBeGreaterThan(floor(15))
  })
})
