// The smallest change that would let a refused request through. A request is allowed if a role or an ACL entry grants
// it and every ceiling lets it through. These are independent, so the smallest change is the smallest of each together.
import { requireProvable } from '../compile/provable.js'
import type { Subject } from '../policy/types/index.js'
import { findPermission } from '../request/ask.js'
import { explain } from '../decide/explain.js'
import type { ActionOf, Names, ObjectOf, ResourceOf } from '../document/index.js'
import type { ObjectRef } from '../types.js'
import { findGaps } from '../decide/ceiling-gaps.js'
import { stepsToGrant } from './granting.js'
import type { Missing, MissingStep } from './types.js'
import { stateOf } from '../request/state.js'

/**
 * What a request lacks to be allowed: the fewest steps that add roles, grants, scopes and list entries, or change the
 * object's owner or organization (at most one of them). With these steps the request is allowed; no change with fewer
 * steps allows it. `undefined` if no such change allows it: only an ACL entry can beat a deny at `site`, and a full
 * allow list takes no entry. Only roles that can be assigned are named.
 *
 * @throws RequestError like `explain`.
 */
export function missing<N extends Names, R extends ResourceOf<Subject<N>>>(
  subject: Subject<N>,
  action: ActionOf<Subject<N>, R>,
  object: ObjectOf<Subject<N>, R>
): Missing | undefined
export function missing(subject: Subject, action: string, object: ObjectRef): Missing | undefined {
  const state = stateOf(subject)
  requireProvable(state.compiled)
  const asked = explain(state, action, object).object
  const permission = findPermission(state.compiled, action, asked.type)
  const parts: (readonly (readonly MissingStep[])[])[] = [stepsToGrant(state, permission, asked)]
  for (const { ceiling, scopes, entries } of findGaps(
    state.compiled,
    state.ceilings,
    permission,
    asked.id ?? undefined
  )) {
    if (scopes !== undefined) parts.push(scopes.map(({ name }) => [{ kind: 'scope', scope: name, ceiling }]))
    if (entries !== undefined) parts.push(entries.map((entry) => [{ kind: 'entry', entry, ceiling }]))
  }
  const steps: MissingStep[] = []
  const alternatives: (readonly MissingStep[])[] = []
  for (const [first, ...others] of parts) {
    if (first === undefined) return undefined
    steps.push(...first)
    // Two steps that belong together can only be replaced together, so neither has alternatives.
    alternatives.push(...first.map(() => (first.length === 1 ? others.flat() : [])))
  }
  return { size: steps.length, steps, alternatives }
}

/** A step in a few words. */
export function describeStep(step: MissingStep): string {
  if (step.kind === 'role') return `the role ${step.role}${step.org === undefined ? '' : ` in ${step.org}`}`
  if (step.kind === 'grant')
    return `a grant of ${step.permission} at ${step.level}${step.org === undefined ? '' : ` in ${step.org}`}`
  if (step.kind === 'scope') return `the scope ${step.scope}`
  if (step.kind === 'entry') return `the entry ${step.entry} in the allow list`
  const { field, value } = step
  if (value === undefined) return `an object in no organization`
  return field === 'owner' ? `an object that ${value} owns` : `an object in the organization ${value}`
}
