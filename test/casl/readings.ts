// Every reading of an ability's rules that must agree: by the ability itself, by copies of its rules that have been
// sent somewhere, and by a database that is asked for the rows of a type; all but the first look at what
// `toAbilityObject` gives. The database is a few lines that follow MongoDB's documentation; it shares nothing with
// CASL, whose matcher reads missing fields otherwise.
import { createMongoAbility, type MongoAbility, type MongoQuery } from '@casl/ability'
import { packRules, unpackRules } from '@casl/ability/extra'

import { abilityOptions, toAbilityObject } from '../../src/casl/client/index.js'
import type { ObjectRef } from '../../src/index.js'

export type Reading = (object: ObjectRef) => boolean

/** How each reading answers about an action on objects of a type; every one of them must answer the same. */
export function readingsOf(
  ability: MongoAbility,
  action: string,
  type: string
): Readonly<Record<string, Reading>> {
  const json = createMongoAbility(throughJson(ability.rules), abilityOptions)
  const packed = createMongoAbility(unpackRules(throughJson(packRules(ability.rules))), abilityOptions)
  const filter = filterFor(ability, action, type)
  return {
    'the ability': (object) => ability.can(action, object),
    'the ability, of what a copy looks at': (object) => ability.can(action, toAbilityObject(object)),
    'a JSON copy': (object) => json.can(action, toAbilityObject(object)),
    'a packed copy': (object) => packed.can(action, throughJson(toAbilityObject(toAbilityObject(object)))),
    'a database': (object) => filter(throughJson(toAbilityObject(object)))
  }
}

export function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

type Filter = (row: object) => boolean

/** The rows of a type that may be acted on, as a database filters them: those that one of the rules allows. */
export function filterFor(ability: MongoAbility, action: string, type: string): Filter {
  const rules = ability.rulesFor(action, type)
  return (row) => rules.some(({ conditions }) => conditions === undefined || matchesRow(row, conditions))
}

/** Whether a document matches a query: a missing field equals null, and texts are compared with texts alone. */
export function matchesRow(row: object, query: MongoQuery): boolean {
  return Object.entries(query).every(([path, condition]) => {
    const value = path.split('.').reduce<unknown>(fieldOf, row)
    const isQuery = typeof condition === 'object' && condition !== null
    const operators: [string, unknown][] = isQuery ? Object.entries(condition) : [['$eq', condition]]
    return operators.every(([operator, operand]) => matchesOperator(value, operator, operand))
  })
}

function fieldOf(value: unknown, key: string): unknown {
  const isDocument = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  return isDocument ? Reflect.get(value, key) : undefined
}

function matchesOperator(value: unknown, operator: string, operand: unknown): boolean {
  const equals = (one: unknown): boolean =>
    (value ?? null) === one || (Array.isArray(value) && value.includes(one))
  switch (operator) {
    case '$eq':
      return equals(operand)
    case '$ne':
      return !equals(operand)
    case '$in':
      return Array.isArray(operand) && operand.some(equals)
    case '$nin':
      return Array.isArray(operand) && !operand.some(equals)
    case '$elemMatch':
      return Array.isArray(value) && value.some((one: object) => matchesRow(one, operand as MongoQuery))
    case '$exists':
      return (value !== undefined) === operand
    default:
      throw new Error(`no such operator here: ${operator}`)
  }
}
