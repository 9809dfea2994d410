// Relation classes for a user of the package: those of a subject of theirs, for one action on one type.
import type { Subject } from '../api/index.js'
import { stateOf } from '../compiled-form.js'
import { findPermission } from '../decide/ask.js'
import type { Names } from '../document/index.js'
import { relationClasses, type ClassSettings, type RelationClass } from './classes.js'

/**
 * Every class of objects of a type that the subject's decisions about an action tell apart, with a valid object for
 * each; those whose object has the fewest fields first. Whatever holds for these objects holds for all.
 *
 * @throws RequestError `unknown_resource`, `unknown_action`.
 */
export function classesOf<N extends Names>(
  subject: Subject<N>,
  action: string,
  type: string,
  settings: ClassSettings = {}
): RelationClass[] {
  const state = stateOf(subject)
  return relationClasses(state, findPermission(state.engine, action, type), settings)
}
