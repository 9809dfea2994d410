// What lists of organizations make of an object: where they refuse it, which entries would let it through, and where
// the subject could then hold one more role for it.
import type { CompiledPermission } from '../compile/catalogue.js'
import { findOrgGaps, type OrgGap } from '../decide/ceiling-gaps.js'
import { hasOrgLimit } from '../decide/counting-orgs.js'
import { RequestProblems } from '../problems/request-problems.js'
import { readOrgList } from '../request/org-list.js'
import type { SubjectState } from '../request/state.js'
import type { ObjectRef } from '../types.js'
import { allOrgs, orgsForRoles } from './places.js'
import type { OrgStep, RelationStep } from './types.js'

/** An object that the lists of organizations let through. */
export interface Situation {
  /** The change that makes the object; `undefined` for the one that was asked about. */
  readonly relation: RelationStep | undefined
  readonly object: ObjectRef
  /** The entries that the lists lack, one for each list. */
  readonly orgs: readonly OrgStep[]
  /** For each of these, the other entries that would do. */
  readonly others: readonly (readonly OrgStep[])[]
  /** The subject whose lists have these entries. */
  readonly state: SubjectState
  /** The organizations in which one more role could matter. */
  readonly places: readonly string[]
}

/** How many steps make a situation. */
export function costOf({ relation, orgs }: Situation): number {
  return orgs.length + (relation === undefined ? 0 : 1)
}

/**
 * The situations of an object, each with the fewest entries. There are several only under `anyOrg`: there one
 * organization that counts is enough, and any could be it.
 */
export function situationsOf(
  state: SubjectState,
  permission: CompiledPermission,
  object: ObjectRef,
  relation?: RelationStep
): Situation[] {
  const situation = (gaps: readonly OrgGap[], places: readonly string[]): Situation[] => {
    const steps = gaps.map(({ entries, ceiling }) =>
      entries.map((org): OrgStep => ({ kind: 'org', org, ceiling }))
    )
    const orgs = steps.flatMap(([first]) => first ?? [])
    // A full list takes no entry.
    if (orgs.length < gaps.length) return []
    const others = steps.map((some) => some.slice(1))
    return [{ relation, object, orgs, others, state: withOrgs(state, orgs), places }]
  }
  const { compiled, ceilings } = state
  if (!hasOrgLimit(ceilings)) return situation([], orgsForRoles(state, permission, object))
  if (object.anyOrg !== true)
    return situation(
      findOrgGaps(compiled, ceilings, object.org ?? undefined),
      orgsForRoles(state, permission, object)
    )
  const all = allOrgs(state, []).map((org) => ({ org, gaps: findOrgGaps(compiled, ceilings, org) }))
  const counting = all.filter(({ gaps }) => gaps.length === 0).map(({ org }) => org)
  return [
    ...(counting.length === 0 ? [] : situation([], counting)),
    ...all.flatMap(({ org, gaps }) => (gaps.length === 0 ? [] : situation(gaps, [org])))
  ]
}

/** The subject with these entries in its lists of organizations. */
export function withOrgs(state: SubjectState, steps: readonly OrgStep[]): SubjectState {
  if (steps.length === 0) return state
  const ceilings = state.ceilings.map((ceiling, number) => {
    const added = steps.flatMap((step) => (step.ceiling === number ? step.org : []))
    if (ceiling.orgs === undefined || added.length === 0) return ceiling
    const entries = [...ceiling.orgs.entries, ...added]
    return { ...ceiling, orgs: readOrgList(entries, [], state.compiled.lists, new RequestProblems()) }
  })
  return { ...state, ceilings }
}
