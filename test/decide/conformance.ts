// The one suite that every way of asking must pass: on generated worlds and questions it answers as the oracle does,
// errors included. It leaves nothing out: where a backend cannot be asked something, its line in the list says so.
import fc from 'fast-check'
import { it } from 'vitest'

import type { DecidingGrant, Decision, LevelVote } from '../../src/types.js'
import { worldsWithUpTo, type Case } from '../arbitraries/index.js'
import type { Failure } from '../support/engine.js'
import {
  modelActionsOn,
  modelAnswer,
  modelCanSome,
  modelExplain,
  type Judgement,
  type Question,
  type Voter,
  type World
} from '../model.js'
import { isDeep, runs } from '../support/depth.js'

/** One way of asking, over one world: exactly one of these. */
export type Backend =
  | { readonly can: (question: Question) => boolean | Failure }
  | { readonly explain: (question: Question) => Decision | Failure }
  | { readonly actionsOn: (question: Question) => readonly string[] | Failure }
  | { readonly canSome: (question: Question, type: string) => boolean | Failure }

export interface ConformSettings {
  /**
   * What the backend does with a malformed question. `checked`: it finds every defect, the first in the spec's
   * order. `read`: it finds those that the decision reads, and answers as if the others were not there.
   * `undefined`: its answer means nothing, and it is not asked.
   */
  readonly malformed: 'checked' | 'read' | 'undefined'
  /** Whether it is asked about bare types. */
  readonly isAboutTypes?: boolean
}

/**
 * Questions for one backend: enough for a look (CI looks with a new seed each time), or so many that a deep run compares
 * over a million in all, each asked of one backend and of the oracle. Under the older CASL it is our own code that was
 * asked once already.
 */
const questions = runs(process.env['CASEMATE_CASL'] === '6' ? 80 : 280, 100_000)

/** The oracle tries every kind of object for one question about a bare type: a deep run asks fewer. */
const questionsAboutTypes = isDeep ? 10_000 : questions

/** A deep run asks more about each world, since making one costs as much as twenty questions. */
const mostCases = isDeep ? 200 : 20
const worlds = worldsWithUpTo(mostCases)

/** Runs one backend against the oracle, as one test. */
export function conform(
  name: string,
  makeBackend: (world: World) => Backend,
  settings: ConformSettings
): void {
  const { malformed, isAboutTypes = false } = settings
  const most = isAboutTypes ? questionsAboutTypes : questions
  it(`${name} agrees with the oracle`, () => {
    let asked = 0
    fc.assert(
      fc.property(worlds, ({ world, cases }) => {
        const backend = makeBackend(world)
        for (const each of cases) {
          if (malformed === 'undefined' && each.defects.length > 0) continue
          const fault = faultIn(world, backend, each, malformed === 'read')
          asked++
          if (fault !== undefined)
            throw new Error(`${fault}\nin ${text({ ...each, repaired: undefined, world })}`)
        }
      }),
      { numRuns: Math.ceil((2 * most) / (1 + mostCases)), seed: seedFor(name) }
    )
    if (isDeep) console.error(`${name}: ${asked} questions`)
  })
}

/** The run's seed, made another one for each backend: together they look at more worlds. */
function seedFor(name: string): number {
  const { seed = 0 } = fc.readConfigureGlobal()
  return new TextEncoder().encode(name).reduce((hash, byte) => (Math.imul(hash, 31) + byte) | 0, seed)
}

/** What the backend says otherwise than the oracle about one case. */
function faultIn(world: World, backend: Backend, each: Case, isLenient: boolean): string | undefined {
  const { question, defects, repaired } = each
  const type = typeof repaired.object['type'] === 'string' ? repaired.object['type'] : ''
  const accept = isLenient ? acceptedInProcess : acceptedByAll
  const compare = (what: string, actual: unknown, accepted: readonly unknown[]): string | undefined =>
    accepted.some((one) => text(one) === text(actual))
      ? undefined
      : `${what} says ${text(actual)} where the oracle says ${accepted.map(text).join(' or ')}`

  if ('can' in backend) {
    const accepted = accept(each, (of) => {
      const answer = modelAnswer(world, of)
      return 'error' in answer ? answer : answer.allowed
    })
    return compare('can', backend.can(question), accepted)
  }
  if ('explain' in backend) {
    return faultInExplanation(
      backend.explain(question),
      accept(each, (of) => modelExplain(world, of))
    )
  }
  if ('actionsOn' in backend) {
    const asked = { ...each, defects: defects.filter(({ part }) => part !== 'action') }
    const accepted = accept(asked, (of) => modelActionsOn(world, of))
    return compare('actionsOn', backend.actionsOn(question), accepted)
  }
  // It asks about a type alone: a defect of the object is not one of this question.
  if (!defects.every(({ part }) => part === 'subject' || part === 'action')) return undefined
  const accepted = accept(each, (of) => modelCanSome(world, { ...of, type }))
  return compare('canSome', backend.canSome(question, type), accepted)
}

/** Who checks everything finds the first defect in the spec's order. */
function acceptedByAll<T>({ question }: Case, inOracle: (of: Question) => T): readonly (T | Failure)[] {
  return [inOracle(question)]
}

/** Who reads only what the decision needs may find the second first, or answer as if an unread one were not there. */
function acceptedInProcess<T>(
  { question, defects, repaired }: Case,
  inOracle: (of: Question) => T
): readonly (T | Failure)[] {
  const instead = defects.flatMap(({ inProcess = [] }) => inProcess.map((error) => ({ error })))
  if (defects.length > 1) return [...defects.map(({ code }) => ({ error: code })), ...instead]
  const isUnread = defects.some((defect) => defect.isUnread === true)
  return [inOracle(question), ...(isUnread ? [inOracle(repaired)] : []), ...instead]
}

function faultInExplanation(
  actual: Decision | Failure,
  accepted: readonly (Judgement | Failure)[]
): string | undefined {
  const faults = accepted.map((judged) => {
    if (!('error' in actual) && !('error' in judged)) return faultAgainst(actual, judged)
    return text(actual) === text(judged) ? undefined : `explain says ${text(actual)} and not ${text(judged)}`
  })
  return faults.includes(undefined) ? undefined : faults[0]
}

function faultAgainst(decision: Decision, judged: Judgement): string | undefined {
  const { allowed, reason, acl, ceiling } = decision
  const expected = { allowed: judged.allowed, reason: judged.reason, level: judged.deciding[0]?.level }
  if (text({ allowed, reason, level: decision.level }) !== text(expected)) {
    return `explain says ${text(decision)} and not ${text(expected)}`
  }
  if (!isSameVoters(decision.roles, judged.deciding)) {
    return `explain names ${text(decision.roles)} and not ${text(judged.deciding)}`
  }
  const isSameVote = (vote: LevelVote, index: number): boolean => {
    const other = judged.votes[index]
    const isSameLevel = vote.level === other?.level && vote.org === other.org && vote.vote === other.vote
    return isSameLevel && isSameVoters(vote.by, other.by)
  }
  if (decision.votes.length !== judged.votes.length || !decision.votes.every(isSameVote)) {
    return `explain counts ${text(decision.votes)} and not ${text(judged.votes)}`
  }
  const isEntryRight =
    acl === undefined ? reason !== 'granted_by_acl' : judged.acl.some((one) => text(one) === text(acl))
  if (!isEntryRight) return `explain names the entry ${text(acl)} and not one of ${text(judged.acl)}`
  const blocked = ceiling === undefined ? undefined : blockedBy[ceiling.by]
  const isCeilingRight = reason.startsWith('outside_') ? blocked === reason : blocked === undefined
  return isCeilingRight ? undefined : `explain says ${reason} and blames ${text(ceiling)}`
}

const blockedBy = {
  scopes: 'outside_scope',
  scope_list: 'outside_allow_list',
  allow_list: 'outside_allow_list',
  organizations: 'outside_org'
} as const

/** The same roles in the same places, in any order; of two grants of one role that say the same, either may be named. */
function isSameVoters(actual: readonly DecidingGrant[], expected: readonly Voter[]): boolean {
  const holders = (voters: readonly (DecidingGrant | Voter)[]): string =>
    text(
      [
        ...new Set(
          voters.map(({ role, included, org, container, level }) =>
            text([role, included, org, container, level])
          )
        )
      ].sort()
    )
  const isVoter = (voter: DecidingGrant): boolean =>
    expected.some(
      ({ role, included, org, container, level, permission }) =>
        voter.role === role &&
        voter.included === included &&
        voter.org === org &&
        voter.container === container &&
        voter.level === level &&
        voter.permission === permission
    )
  return holders(actual) === holders(expected) && actual.every(isVoter)
}

/** A value as text that tells everything apart that matters: undefined, too, and keys in any order alike. */
function text(value: unknown): string {
  return fc.stringify(value)
}
