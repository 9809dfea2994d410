// The invariants of a policy, each proved or refuted over every set of roles, system subject, option and setting.
import { count } from '../../output/words.js'
import type { Policy } from '../../policy/types/index.js'
import type { Names } from '../../document/index.js'
import type { InvariantDocument } from '../../document/types.js'
import type { Decision } from '../../types.js'
import { describeDecision, type Counterexample, type RequestData } from '../space/requests.js'
import { terminalLine } from '../../output/terminal.js'
import { requireFewCells, type Values } from '../space/settings.js'
import { requestText } from '../space/words.js'
import { RoleCases } from '../space/role-cases.js'
import { assignText, describeAssign, type AssignCounterexample } from './assigns.js'
import { prepare, proveInvariant } from './prove.js'
import { compiledOf } from '../../compile/compile.js'

/** The result for one invariant. */
export interface InvariantResult {
  /** Its name in the document. */
  readonly name: string
  /** The invariant as the document has it. */
  readonly invariant: InvariantDocument
  /** Whether it is proved. */
  readonly ok: boolean
  /** Whether it covers no subject and object at all, as with a relation that has no objects. */
  readonly isEmpty: boolean
  /**
   * The smallest request that refutes it: fewest roles, then fewest options not at their default, then fewest fields.
   * Of a ladder it is refused to one who holds only the next role.
   */
  readonly counterexample: Counterexample | undefined
  /** Likewise of an invariant about `assigns`, which is not about a request: who may assign which role, and where. */
  readonly assignment?: AssignCounterexample
}

/** The results for all invariants of a policy. */
export interface VerifyResult {
  /** Whether every one is proved. True where there is none. */
  readonly ok: boolean
  /** In the order of the document. */
  readonly invariants: readonly InvariantResult[]
}

/** How invariants are proved. */
export interface VerifyOptions {
  /** Called after each invariant with how many are proved or refuted, of how many. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Proves the invariants of a policy's document, custom roles of `withRoles` included, under every combination of the
 * deployment's options, whatever the policy was compiled with.
 *
 * An invariant with a `scope` covers the subjects that have only this scope, with any parameters. System subjects have
 * no scope, so it does not cover them.
 *
 * @throws RequestError for a name that the policy does not have; a document that `parsePolicy` returned has none.
 * CasemateError `too_many_cases` where the options that matter to one permission have more combinations than are tried.
 */
export function verify<N extends Names>(policy: Policy<N>, options?: VerifyOptions): VerifyResult
export function verify(policy: Policy, { onProgress }: VerifyOptions = {}): VerifyResult {
  const compiled = compiledOf(policy)
  const stated = compiled.document.invariants ?? []
  if (stated.length === 0) return { ok: true, invariants: [] }
  requireFewCells(compiled)
  const proving = prepare(compiled, new RoleCases(compiled))
  const invariants = stated.map((invariant, index): InvariantResult => {
    const { counterexample, assignment, decisions } = proveInvariant(proving, invariant)
    const ok = counterexample === undefined && assignment === undefined
    const { name } = invariant
    onProgress?.(index + 1, stated.length)
    return {
      name,
      invariant,
      ok,
      isEmpty: decisions === 0,
      counterexample,
      ...(assignment === undefined ? {} : { assignment })
    }
  })
  return { ok: invariants.every(({ ok }) => ok), invariants }
}

/** One line for each invariant, under a refuted one its counterexample and why the policy answers so. */
export function printVerify({ invariants }: VerifyResult): string {
  const lines = invariants.flatMap(({ name, ok, isEmpty, counterexample, assignment }) => [
    `${ok ? '✓' : '✗'} ${name}${isEmpty ? ' (about no object)' : ''}`,
    ...(counterexample === undefined ? [] : counterexampleLines(counterexample)),
    ...(assignment === undefined ? [] : assignmentLines(assignment))
  ])
  const wrong = invariants.filter(({ ok }) => !ok).length
  const all = invariants.length
  const summary =
    wrong > 0
      ? `${wrong} of ${count(all, 'invariant')} ${wrong === 1 ? 'does' : 'do'} not hold`
      : `${count(all, 'invariant')} proved`
  return [...lines, '', summary].map(terminalLine).join('\n')
}

function counterexampleLines({ request, options, decision, lower }: Counterexample): string[] {
  return [
    ...decisionLines(request, options, decision),
    ...(lower ? decisionLines(lower.request, options, lower.decision) : [])
  ]
}

function decisionLines(request: RequestData, options: Values, decision: Decision): string[] {
  return [
    `    ${decision.allowed ? 'allowed' : 'refused'}: ${describeDecision(decision)}`,
    `    ${requestText(request, options)}`
  ]
}

function assignmentLines(assignment: AssignCounterexample): string[] {
  return [`    ${describeAssign(assignment.decision)}`, `    ${assignText(assignment)}`]
}
