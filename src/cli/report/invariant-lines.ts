// Where the invariants of a policy are in its file. The proofs know the document and no text.
import type { Positions } from '../../node/positions.js'
import type { Policy } from '../../policy/types/index.js'
import type { SuiteResult } from '../../verify/index.js'

/** The result with a line for each invariant, where the policy's file has lines. */
export function withLines(
  result: SuiteResult,
  policy: Policy,
  positions: Positions | undefined
): SuiteResult {
  if (positions === undefined) return result
  const invariants = policy.document.invariants ?? []
  const lineOf = new Map(
    invariants.map(({ name }, index) => [name, positions.find(['invariants', index])?.line])
  )
  const statements = result.statements.map((one) =>
    one.kind === 'invariant' ? { ...one, line: lineOf.get(one.name) } : one
  )
  return { ...result, statements }
}
