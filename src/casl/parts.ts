// One field's condition, made once for each ability and shared by all its rules. A condition about one value is that
// value, which `rulesToFields` copies into new objects; but never one about what an object must not be.
import { idsIn, isEmpty, type IdClass, type IdSet } from '../reach/id-sets.js'

/** A condition on one field. */
export interface Part {
  /** Equal for equal conditions of one ability. */
  readonly key: string
  readonly field: string
  /** Frozen. */
  readonly condition: unknown
}

/** Which of a field's ids an object may have. */
export interface IdQuery {
  /** One of these. */
  readonly some?: IdSet | undefined
  /** None of these. */
  readonly not?: IdSet | undefined
  /** Any at all, or none. */
  readonly is?: 'some' | 'none' | undefined
}

/** The condition of a query; `undefined` where it asks nothing. */
export type IdParts = (query: IdQuery) => Part | undefined

/** Makes the conditions about one field, whose ids come in these classes. */
export function createIdParts(field: string, classes: readonly IdClass[]): IdParts {
  const parts = new Map<string, Part>()
  const lists = new Map<IdSet, readonly string[]>()
  const idsOf = (set: IdSet): readonly string[] => {
    const found = lists.get(set)
    if (found !== undefined) return found
    const ids = Object.freeze(idsIn(classes, set))
    lists.set(set, ids)
    return ids
  }
  return ({ some, not: given, is }) => {
    const not = given !== undefined && isEmpty(given) ? undefined : given
    if (some === undefined && not === undefined && is === undefined) return undefined
    const name = `${some ?? ''} ${not ?? ''} ${is ?? ''}`
    const found = parts.get(name)
    if (found !== undefined) return found
    const condition = {
      ...(is === undefined ? {} : { $exists: is === 'some' }),
      ...(some === undefined ? {} : oneOf(idsOf(some))),
      // What is in nothing is in none of these.
      ...(not === undefined || is === 'none' ? {} : noneOf(idsOf(not)))
    }
    const part = { key: `${field} ${parts.size}`, field, condition: plainly(condition) }
    parts.set(name, part)
    return part
  }
}

type Values = readonly unknown[]

/** The condition of a field that must have one of the values, or none of them. */
export function valuePart(field: string, values: Values, isIn: boolean): Part {
  const condition = plainly(isIn ? oneOf(Object.freeze([...values])) : noneOf(Object.freeze([...values])))
  return { key: `${field} ${isIn} ${JSON.stringify(values)}`, field, condition }
}

/** The condition that the field is true, or that it is not; never copied into new objects. */
export function truthPart(field: string, isTrue: boolean): Part {
  return {
    key: `${field} ${isTrue}`,
    field,
    condition: Object.freeze(isTrue ? { $eq: true } : { $ne: true })
  }
}

function oneOf(values: Values): object {
  return values.length === 1 ? { $eq: values[0] } : { $in: values }
}

function noneOf(values: Values): object {
  return values.length === 1 ? { $ne: values[0] } : { $nin: values }
}

/** The condition as short as it can be: a value alone for one that asks for nothing else. */
function plainly(condition: object): unknown {
  const [[operator, value] = [], ...others] = Object.entries(condition) as [string, unknown][]
  return operator === '$eq' && others.length === 0 ? value : Object.freeze(condition)
}
