// Every reading of an ability's rules that must agree: by the ability itself, by copies of its rules that have been
// sent somewhere, and by a database that is asked for the rows of a type. The database is a few lines that follow
// MongoDB's documentation; it shares nothing with CASL, whose matcher reads missing fields otherwise.
import { createMongoAbility, type MongoAbility, type MongoQuery } from '@casl/ability'
import { packRules, rulesToCondition, unpackRules } from '@casl/ability/extra'

import { detectSubjectType } from '../../src/casl/index.js'
import type { ObjectRef } from '../../src/index.js'

export type Reading = (object: ObjectRef) => boolean

/** How each reading answers about an action on objects of a type; every one of them must answer the same. */
export function readingsOf(
  ability: MongoAbility,
  action: string,
  type: string
): Readonly<Record<string, Reading>> {
  const json = createMongoAbility(throughJson(ability.rules), { detectSubjectType })
  const packed = createMongoAbility(unpackRules(throughJson(packRules(ability.rules))), { detectSubjectType })
  const filter = filterFor(ability, action, type)
  return {
    'the ability': (object) => ability.can(action, object),
    'a JSON copy': (object) => json.can(action, object),
    'a packed copy': (object) => packed.can(action, object),
    'a database': (object) => filter(throughJson(object))
  }
}

export function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

type Filter = (row: object) => boolean

/** The rows of a type that may be acted on, as a database filters them. */
export function filterFor(ability: MongoAbility, action: string, type: string): Filter {
  const all: Filter = () => true
  const filter = rulesToCondition<MongoAbility, Filter, Filter>(
    ability.rulesFor(action, type),
    ({ conditions }) =>
      (row) =>
        conditions === undefined || matchesRow(row, conditions),
    {
      and: (filters) => (row) => filters.every((one) => one(row)),
      or: (filters) => (row) => filters.some((one) => one(row)),
      empty: () => all
    }
  )
  return filter ?? (() => false)
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
    case '$lte':
      return typeof value === 'string' && typeof operand === 'string' && value <= operand
    case '$exists':
      return (value !== undefined) === operand
    default:
      throw new Error(`no such operator here: ${operator}`)
  }
}
