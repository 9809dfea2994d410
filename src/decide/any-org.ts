// Answers "in at least one organization?" for every permission at once. A subject of a thousand organizations holds few
// different sets of roles, so the table is small work, and later questions read it again.
import type { SubjectState } from '../request/state.js'
import { MEMBER_ALLOW, MEMBER_DENY, ORG_ALLOW, ORG_DENY } from '../levels.js'
import { countingOrgs } from './counting-orgs.js'

/** Some organization allows it for every object. */
export const IN_SOME_ORG = 1
/** Some organization allows it for objects that the subject owns. */
export const OWNED_IN_SOME_ORG = 2
/** Some organization leaves it to narrower places: for objects of others, and for those that the subject owns. */
export const OPEN_IN_SOME_ORG = 4
export const OWNED_OPEN_IN_SOME_ORG = 8

export function uniteOrgs(state: SubjectState): Uint8Array {
  const united = new Uint8Array(state.compiled.catalogue.permissions.length)
  const tables = new Set(countingOrgs(state).map((org) => state.orgs.get(org)?.table ?? united))
  for (const table of tables)
    table.forEach((votes, index) => {
      united[index] = (united[index] ?? 0) | someOrgBits(votes)
    })
  return united
}

function someOrgBits(votes: number): number {
  if ((votes & ORG_DENY) !== 0) return 0
  if ((votes & ORG_ALLOW) !== 0) return IN_SOME_ORG
  const member = votes & (MEMBER_ALLOW | MEMBER_DENY)
  if (member === 0) return OPEN_IN_SOME_ORG | OWNED_OPEN_IN_SOME_ORG
  return OPEN_IN_SOME_ORG | (member === MEMBER_ALLOW ? OWNED_IN_SOME_ORG : 0)
}
