// A subject, an action and a table → which rows: a condition that is the same for every subject, and the ids and flags
// of this one. No SQL: dialects write the condition, and row-level security sends the ids.
import type { IdLists } from '../../reach/id-sets.js'
import { findPermission } from '../../request/ask.js'
import type { SubjectState } from '../../request/state.js'
import type { Columns } from '../columns.js'
import type { Senders } from '../sent.js'
import type { Condition } from './condition.js'
import { readFacts } from './facts.js'
import { shapeOf, type RowShape } from './shape.js'

/** Which rows a subject may act on. */
export interface RowPlan extends RowShape {
  /** The ids of each slot, by its number; raw, whatever a column can hold. */
  readonly ids: readonly IdLists[]
  /** Whether each flag is set, by its number. */
  readonly isSet: readonly boolean[]
  readonly senders: Senders
}

/** Makes the plans for a table. It keeps what it made for a policy and for a subject as long as these are in use. */
export type Planner = (state: SubjectState, action: string) => RowPlan

export function createPlanner(columns: Columns): Planner {
  const shapes = new WeakMap<SubjectState['compiled'], Map<string, RowShape>>()
  const subjects = new WeakMap<SubjectState, Map<string, RowPlan>>()
  const shapeFor = (compiled: SubjectState['compiled'], action: string): RowShape => {
    const known = remembered(shapes, compiled, () => new Map<string, RowShape>())
    const found = known.get(action)
    if (found !== undefined) return found
    const shape = shapeOf(compiled, findPermission(compiled, action, columns.resource.name), columns)
    known.set(action, shape)
    return shape
  }
  return (state, action) => {
    const plans = remembered(subjects, state, () => new Map<string, RowPlan>())
    const found = plans.get(action)
    if (found !== undefined) return found
    const facts = readFacts(state)
    const shape = shapeFor(state.compiled, action)
    const plan = Object.freeze({
      ...shape,
      ids: shape.slots.map((slot) => slot.read(facts)),
      isSet: shape.flags.map((flag) => flag.read(facts)),
      senders: facts.senders
    })
    plans.set(action, plan)
    return plan
  }
}

function remembered<K extends object, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  const found = known.get(key)
  if (found !== undefined) return found
  const made = make()
  known.set(key, made)
  return made
}

/** Whether the plan holds of every row, of none, or (`undefined`) of those that the database finds. */
export function alwaysOf({ condition, ids, isSet }: RowPlan): boolean | undefined {
  const isNobody = (slot: number): boolean => (ids[slot] ?? []).every((list) => list.length === 0)
  const holds = (part: Condition): boolean | undefined => {
    switch (part.kind) {
      case 'constant':
        return part.value
      case 'flag':
        return isSet[part.flag] ?? false
      case 'not': {
        const inner = holds(part.part)
        return inner === undefined ? undefined : !inner
      }
      case 'all':
      case 'any': {
        const parts = part.parts.map(holds)
        const decisive = part.kind === 'any'
        if (parts.includes(decisive)) return decisive
        return parts.includes(undefined) ? undefined : !decisive
      }
      case 'owner':
      case 'id':
      case 'org':
      case 'container':
        return isNobody(part.slot) ? false : undefined
      case 'userEntry':
        return isNobody(part.user) ? false : undefined
      case 'groupEntry':
        return isNobody(part.groups) && isNobody(part.orgs) ? false : undefined
      case 'noOrg':
      case 'noContainer':
      case 'containerList':
      case 'readable':
      case 'attribute':
      case 'aclColumn':
        return undefined
    }
  }
  return holds(condition)
}
