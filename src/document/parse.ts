// From an unknown value to a checked policy document, or to every problem in it. What is returned is the project's
// own frozen copy: nothing that the caller does to the input later can change it.
import { PolicyError } from '../errors.js'
import { copyPlainData, type DocumentLimits } from './copy.js'
import type { PolicyDocument } from './define.js'
import { Problems } from './problem.js'
import type { RoleDocument } from './types.js'

/** Registered, so that the ESM and the CommonJS copy of the package know each other's documents. */
const documentMark = Symbol.for('casemate.document')

/** Where custom roles are added: the site, or one organization. */
export interface RolePlace {
  readonly org?: string | undefined
}

/**
 * The checked, deep-frozen copy of a policy document, or a `PolicyError` with every problem in it. A document that
 * this or `definePolicy` returned is returned as it is. What JSON cannot say is a problem; keys whose value is
 * `undefined` count as missing; `__proto__` is a key like any other.
 */
export function parsePolicy(input: unknown, limits: DocumentLimits = {}): PolicyDocument {
  if (isPolicyDocument(input)) return input
  const problems = new Problems()
  const copy = copyPlainData(input, limits, problems)
  if (problems.list.length > 0) throw new PolicyError(problems.list)
  return copy as PolicyDocument
}

/** Whether this is a document that `parsePolicy` or `definePolicy` returned, of whichever copy of the package. */
export function isPolicyDocument(input: unknown): input is PolicyDocument {
  return (
    typeof input === 'object' &&
    input !== null &&
    Object.hasOwn(input, documentMark) &&
    Object.isFrozen(input)
  )
}

export function parseRoles(
  _document: PolicyDocument,
  roles: unknown,
  _place: RolePlace = {}
): Readonly<Record<string, RoleDocument>> {
  const problems = new Problems()
  const copy = copyPlainData(roles, {}, problems)
  if (problems.list.length > 0) throw new PolicyError(problems.list)
  return copy as Readonly<Record<string, RoleDocument>>
}
