// From what a user holds to the compiled form behind it, for the rooms that read it: CASL, SQL, proofs, generators.
// The symbols are registered, so that entry points and copies of the package read each other's policies.
import type { CompiledPolicy } from './compile/compile.js'
import type { SubjectState } from './decide/state.js'

export const compiledForm: unique symbol = Symbol.for('casemate.compiled')
export const decidedState: unique symbol = Symbol.for('casemate.state')

/** The compiled form of a policy. Not for users: it changes between versions without notice. */
export function engineOf(policy: { readonly [compiledForm]: CompiledPolicy }): CompiledPolicy {
  return policy[compiledForm]
}

/** What decisions about a subject read. Not for users: it changes between versions without notice. */
export function stateOf(subject: { readonly [decidedState]: SubjectState }): SubjectState {
  return subject[decidedState]
}
