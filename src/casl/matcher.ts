// The conditions of a rule as a function, for `can`: it reads only the fields that they name, of the object as it is,
// and looks long lists up. It must answer as CASL does from the same conditions about `toAbilityObject(object)`.
import { fieldOf } from './client/object.js'

type Test = (value: unknown) => boolean

/** A list with more values than this is looked up in a set. */
const mostWalked = 8

/** The conditions of a rule of ours as a function. `sets` keeps the sets of long lists, which rules share. */
export function toMatcher(
  conditions: Readonly<Record<string, unknown>>,
  sets: WeakMap<object, ReadonlySet<unknown>>
): (object: object) => boolean {
  const tests = Object.entries(conditions).map(
    ([field, condition]) => [field, toTest(condition, sets)] as const
  )
  return (object) => tests.every(([field, test]) => test(fieldOf(object, field)))
}

function toTest(condition: unknown, sets: WeakMap<object, ReadonlySet<unknown>>): Test {
  if (typeof condition !== 'object' || condition === null)
    return (value) => hasOne(value, (one) => one === condition)
  const tests = Object.entries(condition).map(([operator, operand]) => testOf(operator, operand, sets))
  const [first] = tests
  return tests.length === 1 && first !== undefined ? first : (value) => tests.every((test) => test(value))
}

function testOf(operator: string, operand: unknown, sets: WeakMap<object, ReadonlySet<unknown>>): Test {
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

function inList(operand: unknown, sets: WeakMap<object, ReadonlySet<unknown>>): Test {
  const list = operand as readonly unknown[]
  if (list.length <= mostWalked) return (value) => hasOne(value, (one) => list.includes(one))
  const set = sets.get(list) ?? new Set(list)
  sets.set(list, set)
  return (value) => hasOne(value, (one) => set.has(one))
}
