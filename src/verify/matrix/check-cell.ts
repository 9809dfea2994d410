// Checks one cell against the policy, for every class of objects that it is about; a cell that names relations is about
// every class. Classes whose object has the fewest fields come first, so the first failure is the smallest.
import type { CompiledPermission } from '../../compile/catalogue.js'
import { permissionsToldApart } from '../space/attributes.js'
import { relationClasses, type RelationClass } from '../space/classes.js'
import { isAbout, isReached, vocabularyOf, writeRelation } from '../space/relations.js'
import { describeDecision, type Counterexample } from '../space/requests.js'
import type { Expectation } from './cell.js'
import type { Assignment } from './check-assign.js'
import type { Column } from './column.js'
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
  /** In place of a request, the question about giving a role that shows it. */
  readonly assignment?: Assignment
}

/**
 * A cache of the classes of subjects: without ACLs they do not depend on the action, but on the resource and the
 * attributes of its objects.
 */
export class ClassMemory {
  readonly #cached = new Map<MatrixSubject, Map<string, readonly RelationClass[]>>()

  /** Of objects of every kind of attributes that the policy, the column or the cell can tell apart. */
  of(subject: MatrixSubject, { permission, relation }: Column, said: Expectation): readonly RelationClass[] {
    const { compiled } = stateOf(subject.subject)
    const { action } = permission
    const resource = compiled.catalogue.resources.get(permission.resource) ?? permission.definition
    const named = 'relations' in said ? said.relations : []
    const asked = [relation, ...named].map(({ attributes }) => attributes)
    const told = permissionsToldApart(compiled, resource, action, asked)
    const classes = told.map((one) => this.#alike(subject, one, relation.isShared))
    const [first = []] = classes
    return classes.length === 1 ? first : classes.flat().sort(byFields)
  }

  #alike(subject: MatrixSubject, permission: CompiledPermission, acl: boolean): readonly RelationClass[] {
    const cached = this.#cached.get(subject) ?? new Map<string, readonly RelationClass[]>()
    this.#cached.set(subject, cached)
    const had = [...permission.attributes].map(([name, value]) => ` ${name}=${String(value)}`).join('')
    const key = `${permission.resource}${acl ? `:${permission.action}` : ''}${had}`
    const classes = cached.get(key) ?? relationClasses(stateOf(subject.subject), permission, { acl })
    cached.set(key, classes)
    return classes
  }
}

function byFields(a: RelationClass, b: RelationClass): number {
  return Object.keys(a.object).length - Object.keys(b.object).length
}

/** The first failure of a cell; `undefined` where it holds for every object that it is about, for every subject. */
export function checkCell(
  expectation: Expectation,
  column: Column,
  subjects: readonly MatrixSubject[],
  classes: ClassMemory
): CellFailure | undefined {
  for (const subject of subjects) {
    const failure = checkSubject(expectation, column, subject, classes.of(subject, column, expectation))
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
    if (!roles.some(({ role, included }) => role === expectation.via || included === expectation.via))
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
