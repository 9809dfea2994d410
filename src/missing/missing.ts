// The smallest change that would let a refused request through. A request is allowed if a role or an ACL entry grants
// it and every ceiling lets it through. Scopes and allow lists depend on nothing that the other steps change, so the
// smallest change is the smallest of each together.
import type { Subject } from '../policy/types/index.js'
import { findPermission } from '../request/ask.js'
import { explain } from '../decide/explain.js'
import { permissionOn } from '../decide/read-fields.js'
import type { ActionOf, Names, ObjectOf, ResourceOf } from '../document/index.js'
import type { ObjectRef } from '../types.js'
import { findGaps } from '../decide/ceiling-gaps.js'
import { findGranting } from './granting.js'
import type { Missing, MissingStep } from './types.js'
import { stateOf, type SubjectState } from '../request/state.js'

/**
 * What a request lacks to be allowed: the fewest steps that add roles, grants, scopes and list entries, or change the
 * object's owner, organization or containers of one kind (at most one of them). With these steps the request is
 * allowed; no change with fewer steps allows it. `undefined` if no such change allows it: only an ACL entry can beat a
 * deny at `site`, and a full list takes no entry. Only roles that can be assigned are named.
 *
 * @throws RequestError like `explain`.
 */
export function missing<N extends Names, R extends ResourceOf<Subject<N>>>(
  subject: Subject<N>,
  action: ActionOf<Subject<N>, R>,
  object: ObjectOf<Subject<N>, R>
): Missing | undefined
export function missing(subject: Subject, action: string, object: ObjectRef): Missing | undefined {
  return missingTo(stateOf(subject), action, object)
}

/** As `missing`, of the subject's state itself. */
export function missingTo(state: SubjectState, action: string, object: ObjectRef): Missing | undefined {
  const asked = explain(state, action, object).object
  const first = findPermission(state.compiled, action, asked.type)
  const permission = permissionOn(first, asked) ?? first
  const granting = findGranting(state, permission, asked)
  if (granting === undefined) return undefined
  const steps = [...granting.steps]
  const alternatives = [...granting.alternatives]
  const add = ([one, ...others]: readonly MissingStep[]): boolean => {
    if (one !== undefined) {
      steps.push(one)
      alternatives.push(others)
    }
    return one !== undefined
  }
  const gaps = findGaps(state.compiled, state.ceilings, permission, asked.id ?? undefined)
  for (const { ceiling, scopes, entries } of gaps) {
    const scopeSteps = scopes?.map(({ name }): MissingStep => ({ kind: 'scope', scope: name, ceiling }))
    const entrySteps = entries?.map((entry): MissingStep => ({ kind: 'entry', entry, ceiling }))
    for (const some of [scopeSteps, entrySteps]) if (some !== undefined && !add(some)) return undefined
  }
  return { size: steps.length, steps, alternatives }
}
