// Checks one cell against the policy, for every class of objects that it is about; a cell that names relations is about
// every class. Classes whose object has the fewest fields come first, so the first failure is the smallest.
import { relationClasses, type RelationClass } from '../space/classes.js'
import { isAbout, isReached, vocabularyOf, writeRelation } from '../space/relations.js'
import { describeDecision, type Counterexample } from '../space/requests.js'
import type { Column, Expectation } from './cell.js'
import type { MatrixSubject } from './subjects.js'
import { stateOf } from '../../request/state.js'

/** Why a cell does not hold. */
export interface CellFailure {
  /** `no_object`: the relation has none; `other_role`: allowed, but by another role than the cell says. */
  readonly kind: 'refused' | 'allowed' | 'no_object' | 'other_role'
  /** Why, in one line. */
  readonly message: string
  /** The request with the fewest fields that shows it; none for `no_object`. */
  readonly counterexample?: Counterexample
}

/** A cache of the classes of a row's subjects by resource: without ACLs they do not depend on the action. */
export class ClassMemory {
  readonly #cached = new Map<MatrixSubject, Map<string, RelationClass[]>>()

  of(subject: MatrixSubject, { permission }: Column): readonly RelationClass[] {
    const byResource = this.#cached.get(subject) ?? new Map<string, RelationClass[]>()
    this.#cached.set(subject, byResource)
    const classes =
      byResource.get(permission.resource) ??
      relationClasses(stateOf(subject.subject), permission, { acl: false })
    byResource.set(permission.resource, classes)
    return classes
  }
}

/** The first failure of a cell; `undefined` where it holds for every object that it is about, for every subject. */
export function checkCell(
  expectation: Expectation,
  column: Column,
  subjects: readonly MatrixSubject[],
  classes: ClassMemory
): CellFailure | undefined {
  for (const subject of subjects) {
    const failure = checkSubject(expectation, column, subject, classes.of(subject, column))
    if (failure !== undefined) return failure
  }
  return undefined
}

function checkSubject(
  expectation: Expectation,
  column: Column,
  asked: MatrixSubject,
  classes: readonly RelationClass[]
): CellFailure | undefined {
  const { permission, relation } = column
  const about = classes.filter((one) => isAbout(relation, one))
  const claimed = expectation.kind === 'reach' ? expectation.relations : [relation]
  const empty = claimed.find((part) => !classes.some((one) => isAbout(part, one)))
  if (expectation.kind !== 'no' && empty !== undefined)
    return {
      kind: 'no_object',
      message: `no ${permission.resource} is \`${writeRelation(empty, vocabularyOf(stateOf(asked.subject).compiled.catalogue))}\` to ${nameOf(asked)}`
    }
  for (const one of about) {
    const expected =
      expectation.kind === 'reach' ? isReached(expectation.relations, one) : expectation.kind === 'yes'
    const isAllowed = asked.subject.can(permission, one.object)
    if (isAllowed !== expected) return wrongAnswer(column, asked, one, expected)
    if (!expected || expectation.kind === 'no' || expectation.via === undefined) continue
    const { roles } = asked.subject.explain(permission, one.object)
    if (!roles.some(({ role }) => role === expectation.via))
      return wrongRole(column, asked, one, expectation.via)
  }
  return undefined
}

function wrongAnswer(
  { permission }: Column,
  asked: MatrixSubject,
  { object }: RelationClass,
  expected: boolean
): CellFailure {
  const counterexample = counterexampleOf(asked, permission.action, object)
  const kind = expected ? 'refused' : 'allowed'
  return { kind, message: `${kind}: ${describeDecision(counterexample.decision)}`, counterexample }
}

function wrongRole(
  { permission }: Column,
  asked: MatrixSubject,
  { object }: RelationClass,
  via: string
): CellFailure {
  const counterexample = counterexampleOf(asked, permission.action, object)
  const message = `allowed, but not by ${via}: ${describeDecision(counterexample.decision)}`
  return { kind: 'other_role', message, counterexample }
}

function counterexampleOf(
  { data, options, subject }: MatrixSubject,
  action: string,
  object: RelationClass['object']
): Counterexample {
  const decision = subject.explain(action, object)
  return { request: { subject: data, action, object }, options, decision }
}

function nameOf({ data }: MatrixSubject): string {
  return 'system' in data ? `system:${data.system}` : 'this subject'
}
