// Gives the parts of the package that need it (CASL, SQL, proofs, generators) the internals of policies and subjects.
// The symbols are registered, so that all entry points and copies of the package read each other's policies.
import { openState, type StateHandle, type SubjectState } from '../request/state.js'

export const createdSubject: unique symbol = Symbol.for('casemate.subject')
export const provenState: unique symbol = Symbol.for('casemate.proven')

/** Makes a subject of the policy from a state. Not for users. */
export function subjectFrom<S>(
  policy: { readonly [createdSubject]: (state: StateHandle) => S },
  state: SubjectState
): S {
  return policy[createdSubject](state)
}

/**
 * The state of a real subject, checked by the copy of the package that made the policy; `undefined` for anything that
 * only looks like a subject. Not for users.
 */
export function provenStateOf(
  policy: { readonly [provenState]: (subject: unknown) => StateHandle | undefined },
  subject: unknown
): SubjectState | undefined {
  const state = policy[provenState](subject)
  return state && openState(state)
}
