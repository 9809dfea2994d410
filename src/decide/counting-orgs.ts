// Which organizations count under `anyOrg`: those that the subject belongs to, without those that a list of a key's
// organizations leaves out.
import type { CompiledPermission } from '../compile/catalogue.js'
import { orgListMatches } from '../request/org-list.js'
import type { Ceiling } from '../request/ceiling.js'
import type { SubjectState } from '../request/state.js'
import { isWithin } from './ceilings.js'

/** Whether some ceiling limits where the subject may act. */
export function hasOrgLimit(ceilings: readonly Ceiling[]): boolean {
  return ceilings.some(({ orgs }) => orgs !== undefined && !orgs.isEverywhere)
}

/** Whether every list of organizations has this one, or `*none` where there is none. */
export function isWithinOrgs(ceilings: readonly Ceiling[], org: string | undefined): boolean {
  for (const { orgs } of ceilings) if (orgs !== undefined && !orgListMatches(orgs, org)) return false
  return true
}

/** The subject with every ceiling but its lists of organizations. */
export function withoutOrgLimits(state: SubjectState): SubjectState {
  return { ...state, ceilings: state.ceilings.map((ceiling) => ({ ...ceiling, orgs: undefined })) }
}

/** The organizations that the subject belongs to and that every list has. */
export function countingOrgs({ orgs, ceilings }: SubjectState): readonly string[] {
  const held = [...orgs.keys()]
  return hasOrgLimit(ceilings) ? held.filter((org) => isWithinOrgs(ceilings, org)) : held
}

/** Whether the lists of organizations, laid one on another, leave any at all. `*none` is none of them. */
export function leavesSomeOrg(ceilings: readonly Ceiling[]): boolean {
  const lists = ceilings.flatMap(({ orgs }) => (orgs === undefined || orgs.isEverywhere ? [] : [orgs]))
  const [first] = lists
  if (first === undefined) return true
  return [...first.ids].some((id) => isWithinOrgs(ceilings, id))
}

/** Whether every ceiling lets the permission through, on an object in this organization, in none, or in any. */
export function isWithinAll(
  ceilings: readonly Ceiling[],
  permission: CompiledPermission,
  id: string | undefined,
  org: string | undefined,
  anyOrg: boolean
): boolean {
  return (
    isWithin(ceilings, permission, id) && (anyOrg ? leavesSomeOrg(ceilings) : isWithinOrgs(ceilings, org))
  )
}
