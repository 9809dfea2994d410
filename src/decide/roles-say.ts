// What the roles say about an object in a given place: the first level that does not abstain. For objects that the fast
// path of `can` leaves, and for what asks about the same object in several organizations.
import {
  MEMBER_DENY,
  memberVote,
  ORG_DENY,
  orgVote,
  SITE_DENY,
  siteVote,
  USER_ALLOW,
  USER_DENY
} from '../levels.js'
import type { HeldIn, SubjectState } from '../request/state.js'
import type { ReadContainers } from '../request/object-fields.js'

/** The answer of the roles; `abstain` where every level abstains. */
export type Say = 'allow' | 'deny' | 'abstain'

/** What the roles say about an object in this organization, or in none. */
export function rolesSay(
  state: SubjectState,
  index: number,
  org: string | undefined,
  containers: ReadContainers,
  isOwner: boolean
): Say {
  const site = state.site.table[index] ?? 0
  if ((site & siteVote) !== 0) return (site & SITE_DENY) === 0 ? 'allow' : 'deny'
  if (org !== undefined) {
    const said = placeSays(state.orgs.get(org)?.table[index] ?? 0, isOwner)
    if (said !== 'abstain') return said
  }
  const said = containersSay(state.containers, index, containers, isOwner)
  if (said !== 'abstain' || org !== undefined || !isOwner || isInside(containers)) return said
  if ((site & USER_DENY) !== 0) return 'deny'
  return (site & USER_ALLOW) === 0 ? 'abstain' : 'allow'
}

/** What the roles held in the object's containers say, one kind of container after the other. */
export function containersSay(
  held: readonly HeldIn[],
  index: number,
  containers: ReadContainers,
  isOwner: boolean
): Say {
  for (let number = 0; number < containers.length; number++) {
    const said = placeSays(containerVotes(held[number], containers[number], index), isOwner)
    if (said !== 'abstain') return said
  }
  return 'abstain'
}

/**
 * The votes of the roles held in any of several containers of one kind, united. By index, because the list may be the
 * caller's.
 */
export function containerVotes(
  held: HeldIn | undefined,
  ids: readonly string[] | undefined,
  index: number
): number {
  let votes = 0
  if (held === undefined || ids === undefined) return votes
  for (let i = 0; i < ids.length; i++) votes |= held.get(ids[i] ?? '')?.table[index] ?? 0
  return votes
}

/** The vote of the wider level of a place, else that of its level for the owner. */
function placeSays(votes: number, isOwner: boolean): Say {
  if ((votes & orgVote) !== 0) return (votes & ORG_DENY) === 0 ? 'allow' : 'deny'
  if (!isOwner || (votes & memberVote) === 0) return 'abstain'
  return (votes & MEMBER_DENY) === 0 ? 'allow' : 'deny'
}

/** Whether an object is in any container. */
export function isInside(containers: ReadContainers): boolean {
  return containers.some((ids) => ids.length > 0)
}
