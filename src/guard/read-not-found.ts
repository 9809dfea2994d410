// The part `notFound` of a rule: which refusals are answered like a missing row. Which action says who may see an object
// is settled when the guard is made, so that no refused call finds out that there is none.
import type { Catalogue } from '../compile/catalogue.js'
import { isRecord } from '../problems/plain.js'
import { quoteValue } from '../problems/quote.js'
import { suggest } from '../problems/suggest.js'
import { checkKeys, guardError, own, type Fields } from './read-fields.js'

/** How a rule answers for what is not there, and for what must look so. */
export interface Hiding {
  /** Whether a missing row, and a refusal that is hidden, are answered by the setting `notFound`. */
  readonly notFound: boolean
  /** Only refusals of a subject that may not do this with every object are hidden; all of them where it is `undefined`. */
  readonly reading: string | undefined
}

/** @throws CasemateError `invalid_guard` for another value, and for an action that no resource has beside the rule's. */
export function readNotFound(
  rule: Fields,
  name: string,
  actions: readonly string[],
  { resources, grid }: Catalogue
): Hiding {
  const value = own(rule, 'notFound')
  const path = [name, 'notFound']
  if (typeof value === 'boolean' || !Object.hasOwn(rule, 'notFound'))
    return { notFound: value === true, reading: undefined }
  if (value !== 'unreadable' && !isRecord(value)) {
    const hint = typeof value === 'string' ? suggest(value, ['unreadable']) : undefined
    throw guardError(path, 'expected true, false, `unreadable` or `{ unreadable: action }`, not', value, hint)
  }
  if (isRecord(value)) checkKeys(value, ['unreadable'], path)
  const reading = isRecord(value) ? own(value, 'unreadable') : 'read'
  const at = isRecord(value) ? [...path, 'unreadable'] : path
  if (typeof reading !== 'string') throw guardError(at, 'expected an action, not', reading)
  if (!grid.columns.has(reading))
    throw guardError(at, 'no resource has the action', reading, suggest(reading, grid.columns.keys()))
  // Which resource an object is of is known only at the call; one that could be right is asked for here.
  for (const action of actions)
    if (![...resources.values()].some((one) => one.actions.has(action) && one.actions.has(reading)))
      throw guardError(at, `no resource with the action ${quoteValue(action)} has the action`, reading)
  return { notFound: true, reading }
}
