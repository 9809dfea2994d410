// The error of the store: what went wrong with stored roles, assignments and keys.
import { CasemateError, markErrors, type ErrorDetails, type StoreErrorCode } from '../errors.js'
import type { MintDecision } from '../delegate/mint.js'
import type { AssignDecision, GrantDecision } from '../delegate/types.js'

/** Why a change was refused. */
export type ChangeDecision = AssignDecision | GrantDecision | MintDecision

/** What a store throws. A subject or a policy that it throws in place of is never to be replaced by another one. */
export class StoreError extends CasemateError {
  static {
    markErrors(this, 'StoreError')
  }

  /** What went wrong. */
  declare readonly code: StoreErrorCode
  /** For `change_refused`, the answer with its reasons. For logs: not enumerable. */
  declare readonly decision: ChangeDecision | undefined

  constructor(
    code: StoreErrorCode,
    message: string,
    more: ErrorDetails & { readonly decision?: ChangeDecision; readonly cause?: unknown } = {}
  ) {
    super(code, message, more)
    this.name = 'StoreError'
    Object.defineProperty(this, 'decision', { value: more.decision })
    if (more.cause !== undefined) Object.defineProperty(this, 'cause', { value: more.cause })
  }
}

/** A database that shows less than was seen of it: a restored backup, or a replica that lags. */
export function olderRevision(now: number, seen: number): StoreError {
  return new StoreError('older_revision', `the database is at revision ${now}, and ${seen} was seen before`)
}
