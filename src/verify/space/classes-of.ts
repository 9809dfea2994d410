// The public function that lists the relation classes of a subject, for one action on one resource type.
import { requireProvable } from '../../compile/provable.js'
import type { Subject } from '../../policy/types/index.js'
import { findPermission } from '../../request/ask.js'
import type { Names } from '../../document/index.js'
import { relationClasses, type ClassSettings, type RelationClass } from './classes.js'
import { stateOf } from '../../request/state.js'

/**
 * Every class of objects of a type that the subject's decisions about an action can tell apart. Each comes with a valid
 * object; objects with the fewest fields come first. What holds for these objects holds for all.
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
  requireProvable(state.compiled)
  return relationClasses(state, findPermission(state.compiled, action, type), settings)
}
