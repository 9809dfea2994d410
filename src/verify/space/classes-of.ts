// The public function that lists the relation classes of a subject, for one action on one resource type.
import type { Subject } from '../../policy/types/index.js'
import { findPermission } from '../../request/ask.js'
import type { Names } from '../../document/index.js'
import { permissionsToldApart } from './attributes.js'
import { relationClasses, type ClassSettings, type RelationClass } from './classes.js'
import { stateOf } from '../../request/state.js'

/**
 * Every class of objects of a type that the subject's decisions about an action can tell apart. Each comes with a valid
 * object; of each combination of attributes, objects with the fewest fields come first. What holds for these objects
 * holds for all.
 *
 * @throws RequestError `unknown_resource`, `unknown_action`; CasemateError `too_many_cases` for a subject with very
 * many different roles in containers.
 */
export function classesOf<N extends Names>(
  subject: Subject<N>,
  action: string,
  type: string,
  settings: ClassSettings = {}
): RelationClass[] {
  const state = stateOf(subject)
  const { definition } = findPermission(state.compiled, action, type)
  return permissionsToldApart(state.compiled, definition, action).flatMap((permission) =>
    relationClasses(state, permission, settings)
  )
}
