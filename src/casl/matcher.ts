// The conditions of a rule as a function, for `can`: it reads only the fields that they name, of the object as it is,
// and looks long lists up. It must answer as CASL does from the same conditions about `toAbilityObject(object)`.
import { areObjectsPolluted } from '../problems/own-fields.js'
import { toAclMatcher, type NamedBy } from './acl-matcher.js'
import { fieldOf } from './client/object.js'

type Conditions = Readonly<Record<string, unknown>>
type Test = (value: unknown) => boolean
type Sets = WeakMap<object, ReadonlySet<unknown>>

/** What the rules of an ability share: the sets of long lists, and whom lists of an ACL's condition name. */
export interface Cached {
  readonly sets: Sets
  readonly named: NamedBy
}

export function newCached(): Cached {
  return { sets: new WeakMap(), named: new WeakMap() }
}

/** A list with more values than this is looked up in a set. */
const mostWalked = 8

/**
 * The conditions of a rule of ours as a function, for objects that `subject.can` accepts; it matches less where that
 * throws.
 */
export function toMatcher(conditions: Conditions, cached: Cached): (object: object) => boolean {
  const { owner, org, orgs, isPlaced, asksAny, hasEntry, rest } = readQuick(conditions, cached)
  let all: Tests | undefined
  // One function for every rule, in which a condition that is not there costs one comparison. An ACL comes last: most
  // objects have none, and it costs most to look at.
  return (object: Row) => {
    if (areObjectsPolluted()) return holds((all ??= testsOf(conditions, cached.sets)), object)
    return (
      (asksAny === undefined || (object.anyOrg === true && isNone(object.org)) === asksAny) &&
      (isPlaced === undefined || isNone(object.org) !== isPlaced) &&
      (owner === undefined || object.owner === owner) &&
      (org === undefined || object.org === org) &&
      (orgs === undefined || orgs.has(object.org)) &&
      holds(rest, object) &&
      (hasEntry === undefined || hasEntry(object))
    )
  }
}

/** The fields that most rules read, of an object that is asked about. */
interface Row {
  readonly owner?: unknown
  readonly org?: unknown
  readonly anyOrg?: unknown
  readonly acl?: unknown
}

/** The conditions that are tested without a call, and `rest`. */
interface Quick {
  owner: string | undefined
  org: string | undefined
  orgs: ReadonlySet<unknown> | undefined
  isPlaced: boolean | undefined
  asksAny: boolean | undefined
  hasEntry: ((object: Row) => boolean) | undefined
  rest: (readonly [field: string, test: Test])[]
}

function readQuick(conditions: Conditions, cached: Cached): Quick {
  const quick: Quick = {
    owner: undefined,
    org: undefined,
    orgs: undefined,
    isPlaced: undefined,
    asksAny: undefined,
    hasEntry: undefined,
    rest: []
  }
  for (const [field, condition] of Object.entries(conditions))
    if (!setQuick(quick, field, condition, cached)) quick.rest.push([field, toTest(condition, cached.sets)])
  return quick
}

/** Writes a condition down if it is one that most rules have; whether it is. */
function setQuick(quick: Quick, field: string, condition: unknown, { sets, named }: Cached): boolean {
  if (field === 'owner') {
    if (typeof condition !== 'string') return false
    quick.owner = condition
  } else if (field === 'org') {
    if (typeof condition === 'string') quick.org = condition
    else return setQuickOrg(quick, condition as Conditions, sets)
  } else if (field === 'anyOrg') quick.asksAny = Object.hasOwn(condition as object, '$eq')
  else if (field === 'acl') {
    quick.hasEntry = toAclMatcher(condition, named)
    return quick.hasEntry !== undefined
  } else return false
  return true
}

function setQuickOrg(quick: Quick, condition: Conditions, sets: Sets): boolean {
  const operators = Object.entries(condition)
  if (!operators.every(([operator]) => operator === '$in' || operator === '$exists')) return false
  for (const [operator, operand] of operators)
    if (operator === '$in') quick.orgs = setOf(operand as readonly unknown[], sets)
    else quick.isPlaced = operand as boolean
  return true
}

type Tests = readonly (readonly [field: string, test: Test])[]

function testsOf(conditions: Conditions, sets: Sets): Tests {
  return Object.entries(conditions).map(([field, condition]) => [field, toTest(condition, sets)] as const)
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
