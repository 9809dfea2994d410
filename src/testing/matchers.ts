// Matchers for any runner with the `expect.extend` of vitest and Jest; no runner is imported. A question that the
// policy cannot answer throws, also after `.not`: it is neither an allow nor a denial.
import type { Policy, Subject } from '../policy/types/index.js'
import { quoteValue, suggest } from '../document/index.js'
import type { ObjectRef, Reason } from '../types.js'
import { checkMatrix, printMatrix, printVerify, verify, type MatrixOptions } from '../verify/index.js'
import { becauseText, expectedText } from './words.js'
import { compiledPolicy } from '../compile/compile.js'
import { subjectState } from '../request/state.js'

/** Further conditions on a denial. */
export interface DenialOptions {
  /** The reason that it must have; without it, any does. */
  readonly reason?: Exclude<Reason, 'granted' | 'granted_by_acl'>
}

/** The result of a matcher. */
export interface MatcherResult {
  /** Whether it holds. */
  readonly pass: boolean
  /** What the runner prints if the expectation fails. */
  readonly message: () => string
}

/** What `expect.extend` accepts. A type and not an interface, because it needs an index signature. */
export type PolicyMatchers = {
  /** `expect(subject).toBeAllowed(action, object)`. Throws what `explain` throws. */
  readonly toBeAllowed: (received: unknown, action: string, object: ObjectRef) => MatcherResult
  /** `expect(subject).toBeDenied(action, object, { reason })`. Throws what `explain` throws. */
  readonly toBeDenied: (
    received: unknown,
    action: string,
    object: ObjectRef,
    why?: DenialOptions
  ) => MatcherResult
  /** `expect(policy).toMatchMatrix(markdown)`: every cell holds. Throws for a page that cannot be read. */
  readonly toMatchMatrix: (received: unknown, markdown: string, options?: MatrixOptions) => MatcherResult
  /** `expect(policy).toHoldInvariants()`: every invariant is proved. Throws where there is none. */
  readonly toHoldInvariants: (received: unknown) => MatcherResult
}

/** For `expect.extend(matchers)`. */
export const matchers: PolicyMatchers = Object.freeze<PolicyMatchers>({
  toBeAllowed(received, action, object) {
    const subject = asSubject(received, 'toBeAllowed')
    const decision = subject.explain(action, object)
    const { allowed } = decision
    return {
      pass: allowed,
      message: () =>
        `expected ${expectedText(subject, decision, allowed ? 'refused' : 'allowed')}\n${becauseText(subject, decision)}`
    }
  },

  toBeDenied(received, action, object, { reason } = {}) {
    const subject = asSubject(received, 'toBeDenied')
    checkReason(reason)
    const decision = subject.explain(action, object)
    const pass = !decision.allowed && (reason === undefined || decision.reason === reason)
    const why = reason === undefined ? '' : `, ${pass ? 'not ' : ''}with the reason \`${reason}\``
    const answer = pass && reason === undefined ? 'allowed' : 'refused'
    return {
      pass,
      message: () =>
        `expected ${expectedText(subject, decision, answer)}${why}\n${becauseText(subject, decision)}`
    }
  },

  toMatchMatrix(received, markdown, options) {
    const result = checkMatrix(asPolicy(received, 'toMatchMatrix'), markdown, options)
    const report = (): string => printMatrix(result, { wrongOnly: true })
    if (result.problems.length > 0) throw new TypeError(`the page is not understood\n\n${report()}`)
    return {
      pass: result.ok,
      message: () =>
        result.ok
          ? `expected a cell not to hold, but ${report()}`
          : `expected the policy to do what the matrix says\n\n${report()}`
    }
  },

  toHoldInvariants(received) {
    const result = verify(asPolicy(received, 'toHoldInvariants'))
    if (result.invariants.length === 0) throw new TypeError('the policy has no invariants')
    return {
      pass: result.ok,
      message: () =>
        `expected ${result.ok ? 'an invariant not to hold' : 'every invariant to hold'}\n\n${printVerify(result)}`
    }
  }
})

const refusals: ReadonlySet<string> = new Set<NonNullable<DenialOptions['reason']>>([
  'denied',
  'not_granted',
  'outside_scope',
  'outside_allow_list'
])

/** Refuses unknown reasons: after `.not` they would always pass. */
function checkReason(reason: string | undefined): void {
  if (reason === undefined || refusals.has(reason)) return
  const nearest = suggest(reason, refusals)
  const hint = nearest === undefined ? '' : `; did you mean ${quoteValue(nearest)}?`
  throw new TypeError(`toBeDenied: no refusal has the reason ${quoteValue(reason)}${hint}`)
}

function asSubject(received: unknown, matcher: string): Subject {
  if (isSubject(received)) return received
  throw new TypeError(
    `${matcher}: expected a subject, as policy.subject makes it, not ${quoteValue(received)}`
  )
}

function asPolicy(received: unknown, matcher: string): Policy {
  if (isPolicy(received)) return received
  throw new TypeError(`${matcher}: expected a policy, as compile returns it, not ${quoteValue(received)}`)
}

function isSubject(value: unknown): value is Subject {
  return typeof value === 'object' && value !== null && subjectState in value
}

function isPolicy(value: unknown): value is Policy {
  return typeof value === 'object' && value !== null && compiledPolicy in value
}
