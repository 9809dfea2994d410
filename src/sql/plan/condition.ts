// What a row must fulfil, without any SQL. A condition depends on the policy, the action and the table alone; what it
// knows of a subject are slots, which hold ids, and flags. A dialect writes it; row-level security does too.
import type { Column } from '../columns.js'

/** A number of a slot in `RowShape.slots`: a place for the ids of a subject. */
export type SlotNumber = number

export type Condition =
  /** Every row, or none. */
  | { readonly kind: 'constant'; readonly value: boolean }
  /** What is known of the subject, and of no row: a number in `RowShape.flags`. */
  | { readonly kind: 'flag'; readonly flag: number }
  | { readonly kind: 'all'; readonly parts: readonly Condition[] }
  | { readonly kind: 'any'; readonly parts: readonly Condition[] }
  /** Its part does not hold, or is unknown because a column is NULL. */
  | { readonly kind: 'not'; readonly part: Condition }
  /** The row has the one owner in the slot. */
  | { readonly kind: 'owner'; readonly slot: SlotNumber }
  /** The row has one of the ids. */
  | { readonly kind: 'id'; readonly slot: SlotNumber }
  /** The row is in one of the organizations. */
  | { readonly kind: 'org'; readonly slot: SlotNumber }
  /** The row is in no organization. */
  | { readonly kind: 'noOrg' }
  /** The row is in one at least of the containers of that kind. */
  | { readonly kind: 'container'; readonly container: number; readonly slot: SlotNumber }
  /** The row is in no container of that kind. */
  | { readonly kind: 'noContainer'; readonly container: number }
  /** Its list of containers of that kind is one that a decision can read. */
  | { readonly kind: 'containerList'; readonly container: number }
  /** The attribute, by its place in the resource, has one of the values, or with `orNone` none at all. */
  | {
      readonly kind: 'attribute'
      readonly attribute: number
      readonly values: readonly unknown[]
      readonly orNone: boolean
    }
  /** An ACL entry for the user in the slot has one of the words. */
  | { readonly kind: 'userEntry'; readonly user: SlotNumber; readonly words: readonly string[] }
  /**
   * An ACL entry for one of the groups, or for everyone in the row's organization, has one of the words. It is asked
   * only of rows in one of the organizations.
   */
  | {
      readonly kind: 'groupEntry'
      readonly user: SlotNumber
      readonly groups: SlotNumber
      readonly orgs: SlotNumber
      readonly words: readonly string[]
    }
  /** A column has a value that a decision can be given. Asked only where a database lets other values into it. */
  | { readonly kind: 'readable'; readonly column: Column }
  /** A half of its ACL, in a column, is a record of lists of texts, or none. */
  | { readonly kind: 'aclColumn'; readonly list: 'users' | 'groups' }

/** A condition that asks about a row. */
export type LeafCondition = Exclude<Condition, { readonly kind: 'constant' | 'flag' | 'all' | 'any' | 'not' }>

export const always: Condition = Object.freeze({ kind: 'constant', value: true })
export const never: Condition = Object.freeze({ kind: 'constant', value: false })

/** All parts hold. */
export function all(...parts: readonly (Condition | undefined)[]): Condition {
  return join('all', parts, true)
}

/** One part at least holds. */
export function any(...parts: readonly (Condition | undefined)[]): Condition {
  return join('any', parts, false)
}

export function not(part: Condition): Condition {
  if (part.kind === 'constant') return part.value ? never : always
  // Whether a part is false or unknown makes no difference to what is built of conditions.
  return part.kind === 'not' ? part.part : { kind: 'not', part }
}

/** The same where it is known whether each flag is set, by its number. */
export function decided(condition: Condition, isSet: readonly boolean[]): Condition {
  if (condition.kind === 'flag') return isSet[condition.flag] === true ? always : never
  if (condition.kind === 'not') return not(decided(condition.part, isSet))
  if (condition.kind !== 'all' && condition.kind !== 'any') return condition
  const parts = condition.parts.map((part) => decided(part, isSet))
  return condition.kind === 'all' ? all(...parts) : any(...parts)
}

/** Parts that are `undefined` ask nothing; `empty` is what no parts at all say. */
function join(kind: 'all' | 'any', given: readonly (Condition | undefined)[], empty: boolean): Condition {
  const parts: Condition[] = []
  for (const part of given) {
    if (part === undefined) continue
    if (part.kind === 'constant') {
      if (part.value === empty) continue
      return part
    }
    if (part.kind === kind) parts.push(...part.parts)
    else parts.push(part)
  }
  const [only] = parts
  if (only === undefined) return empty ? always : never
  return parts.length === 1 ? only : { kind, parts }
}
