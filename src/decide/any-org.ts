// Answers "in at least one organization?" for every permission at once. A subject of a thousand organizations holds few
// different sets of roles, so the table is small work, and later questions read it again.
import type { SubjectState } from '../request/state.js'
import { MEMBER_ALLOW, MEMBER_DENY, ORG_ALLOW, ORG_DENY } from '../levels.js'

/** Some organization allows it for every object. */
export const IN_SOME_ORG = 1
/** Some organization allows it for objects that the subject owns. */
export const OWNED_IN_SOME_ORG = 2

export function uniteOrgs(state: SubjectState): Uint8Array {
  const united = new Uint8Array(state.compiled.catalogue.permissions.length)
  for (const { table } of new Set(state.orgs.values()))
    table.forEach((roleTable, index) => {
      united[index] = (united[index] ?? 0) | someOrgBits(roleTable)
    })
  return united
}

function someOrgBits(roleTable: number): number {
  if ((roleTable & ORG_DENY) !== 0) return 0
  if ((roleTable & ORG_ALLOW) !== 0) return IN_SOME_ORG
  return (roleTable & (MEMBER_ALLOW | MEMBER_DENY)) === MEMBER_ALLOW ? OWNED_IN_SOME_ORG : 0
}
