// From what a user holds to the compiled form behind it, for the folders that read it: CASL, SQL, proofs, generators.
// The symbols are registered, so that entry points and copies of the package read each other's policies.
import { openState, type StateHandle, type SubjectState } from '../request/state.js'

export const createdSubject: unique symbol = Symbol.for('casemate.subject')
export const provenState: unique symbol = Symbol.for('casemate.proven')

/** A subject of a policy from its state, made as the policy makes its own. Not for users. */
export function subjectFrom<S>(
  policy: { readonly [createdSubject]: (state: StateHandle) => S },
  state: SubjectState
): S {
  return policy[createdSubject](state)
}

/**
 * The state of a value that is a subject, asked of the copy of the package that made the policy: what only looks like a
 * subject, whatever it says of itself, has none. Not for users.
 */
export function provenStateOf(
  policy: { readonly [provenState]: (subject: unknown) => StateHandle | undefined },
  subject: unknown
): SubjectState | undefined {
  const state = policy[provenState](subject)
  return state && openState(state)
}
