// Relation classes for a user of the package: those of a subject of theirs, for one action on one type.
import type { Subject } from '../../policy/types/index.js'
import { findPermission } from '../../request/ask.js'
import type { Names } from '../../document/index.js'
import { relationClasses, type ClassSettings, type RelationClass } from './classes.js'
import { stateOf } from '../../request/state.js'

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
  return relationClasses(state, findPermission(state.compiled, action, type), settings)
}
