// The conditions of a rule as a function, for `can`: it reads only the fields that they name, of the object as it is,
// and looks long lists up. It must answer as CASL does from the same conditions about `toAbilityObject(object)`.
import { areObjectsPolluted } from '../problems/own-fields.js'
import { fieldOf } from './client/object.js'

type Conditions = Readonly<Record<string, unknown>>
type Test = (value: unknown) => boolean
type Sets = WeakMap<object, ReadonlySet<unknown>>

/** A list with more values than this is looked up in a set. */
const mostWalked = 8

/**
 * The conditions of a rule of ours as a function, for objects that `subject.can` accepts; it matches less where that
 * throws. `sets` keeps the sets of lists, which rules share.
 */
export function toMatcher(conditions: Conditions, sets: Sets): (object: object) => boolean {
  const { owner, org, orgs, isPlaced, asksAny, others } = readQuick(conditions, sets)
  const rest = testsOf(others, sets)
  const all = testsOf(conditions, sets)
  // One function for every rule, in which a condition that is not there costs one comparison. An ACL comes last: most
  // objects have none, and members of many organizations have many rules about it.
  return (object: Row) => {
    if (areObjectsPolluted()) return holds(all, object)
    return (
      (asksAny === undefined || (object.anyOrg === true && isNone(object.org)) === asksAny) &&
      (isPlaced === undefined || isNone(object.org) !== isPlaced) &&
      (owner === undefined || object.owner === owner) &&
      (org === undefined || object.org === org) &&
      (orgs === undefined || orgs.has(object.org)) &&
      holds(rest, object)
    )
  }
}

/** The fields that most rules read, of an object that is asked about. */
interface Row {
  readonly owner?: unknown
  readonly org?: unknown
  readonly anyOrg?: unknown
}

/** The conditions that are tested without a call; `others` are the rest. */
interface Quick {
  readonly owner: string | undefined
  readonly org: string | undefined
  readonly orgs: ReadonlySet<unknown> | undefined
  readonly isPlaced: boolean | undefined
  readonly asksAny: boolean | undefined
  readonly others: Conditions
}

function readQuick(conditions: Conditions, sets: Sets): Quick {
  const { owner, org, anyOrg, ...others } = ownOf(conditions)
  const asked = { owner: operatorsOf(owner), org: operatorsOf(org), anyOrg: operatorsOf(anyOrg) }
  const { $eq: one, $in: some, $exists: exists } = asked.org
  const isQuick =
    Object.keys(asked.owner).every((operator) => operator === '$eq') &&
    Object.keys(asked.org).every((operator) => ['$eq', '$in', '$exists'].includes(operator)) &&
    Object.keys(asked.anyOrg).every((operator) => operator === '$eq' || operator === '$ne')
  const none = { owner: undefined, org: undefined, orgs: undefined, isPlaced: undefined, asksAny: undefined }
  if (!isQuick) return { ...none, others: { owner, org, anyOrg, ...others } }
  return {
    owner: asked.owner['$eq'] as string | undefined,
    org: one as string | undefined,
    orgs: some === undefined ? undefined : setOf(some as readonly unknown[], sets),
    isPlaced: exists as boolean | undefined,
    asksAny: anyOrg === undefined ? undefined : asked.anyOrg['$eq'] === true,
    others
  }
}

/** A condition by its operators; a value alone is asked to be equal. */
function operatorsOf(condition: unknown): Conditions {
  if (condition === undefined) return ownOf({})
  return ownOf(typeof condition === 'object' ? (condition as Conditions) : { $eq: condition })
}

/** The same without a prototype, so that nothing on `Object.prototype` is a condition. */
function ownOf(conditions: Conditions): Conditions {
  return Object.assign(Object.create(null) as object, conditions)
}

type Tests = readonly (readonly [field: string, test: Test])[]

function testsOf(conditions: Conditions, sets: Sets): Tests {
  return Object.entries(conditions)
    .filter(([, condition]) => condition !== undefined)
    .map(([field, condition]) => [field, toTest(condition, sets)] as const)
}

function holds(tests: Tests, object: object): boolean {
  for (const [field, test] of tests) if (!test(fieldOf(object, field))) return false
  return true
}

function isNone(org: unknown): boolean {
  return org === undefined || org === null || org === ''
}

function toTest(condition: unknown, sets: Sets): Test {
  if (typeof condition !== 'object' || condition === null)
    return (value) => hasOne(value, (one) => one === condition)
  const tests = Object.entries(condition).map(([operator, operand]) => testOf(operator, operand, sets))
  const [first] = tests
  return tests.length === 1 && first !== undefined ? first : (value) => tests.every((test) => test(value))
}

function testOf(operator: string, operand: unknown, sets: Sets): Test {
  switch (operator) {
    case '$eq':
      return (value) => hasOne(value, (one) => one === operand)
    case '$ne':
      return (value) => !hasOne(value, (one) => one === operand)
    case '$in':
      return inList(operand, sets)
    case '$nin': {
      const isIn = inList(operand, sets)
      return (value) => !isIn(value)
    }
    case '$exists':
      return (value) => (value !== undefined) === operand
    case '$elemMatch': {
      const tests = Object.entries(operand as object).map(([key, one]) => [key, toTest(one, sets)] as const)
      return (value) =>
        Array.isArray(value) &&
        value.some((entry: object) => tests.every(([key, test]) => test(Reflect.get(entry, key))))
    }
    default:
      throw new TypeError(`no rule of ours has ${operator}`)
  }
}

/** Whether a value, or one of a list of values, is meant. */
function hasOne(value: unknown, isMeant: (one: unknown) => boolean): boolean {
  return Array.isArray(value) ? value.some(isMeant) : isMeant(value)
}

function inList(operand: unknown, sets: Sets): Test {
  const list = operand as readonly unknown[]
  if (list.length <= mostWalked) return (value) => hasOne(value, (one) => list.includes(one))
  const set = setOf(list, sets)
  return (value) => hasOne(value, (one) => set.has(one))
}

function setOf(list: readonly unknown[], sets: Sets): ReadonlySet<unknown> {
  const set = sets.get(list) ?? new Set(list)
  sets.set(list, set)
  return set
}
