// Which organizations are worth a try: of those that no role, no ACL entry and no list of organizations tells apart,
// one stands for all.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { RoleTable } from '../compile/roles.js'
import { canBeInOrg } from '../levels.js'
import { orgListMatches } from '../request/org-list.js'
import type { SubjectState } from '../request/state.js'
import type { ObjectRef } from '../types.js'
import { unlike } from '../verify/space/class-places.js'

/** The organizations that the subject belongs to, one for each set of roles held there and of lists that have it. */
export function ownOrgs(state: SubjectState): string[] {
  const numbers = new Map<RoleTable, number>()
  const numberOf = (table: RoleTable): number => {
    const number = numbers.get(table) ?? numbers.size
    numbers.set(table, number)
    return number
  }
  const found = new Map<string, string>()
  for (const [org, { members }] of state.orgs) {
    const held = members.map(numberOf).sort((a, b) => a - b)
    const key = `${held.join('+')} ${listKey(state, org)}`
    if (!found.has(key)) found.set(key, org)
  }
  return [...found.values()]
}

/** The organizations that an object could be moved to, with those named in its ACL, and one that is new. */
export function allOrgs(state: SubjectState, named: readonly string[]): string[] {
  const listed = new Map<string, string>()
  for (const { orgs } of state.ceilings)
    for (const org of orgs?.ids ?? []) {
      const key = listKey(state, org)
      if (!state.orgs.has(org) && !listed.has(key)) listed.set(key, org)
    }
  return [...new Set([...ownOrgs(state), ...named, ...listed.values(), newOrg(state)])]
}

/** Which lists of organizations have this one: a digit for each ceiling. */
function listKey({ ceilings }: SubjectState, org: string): string {
  return ceilings.map(({ orgs }) => (orgs === undefined || orgListMatches(orgs, org) ? '1' : '0')).join('')
}

/**
 * Where one more role could matter: the object's organization, or one of each kind that the subject has and a new one.
 */
export function orgsForRoles(
  state: SubjectState,
  { definition }: CompiledPermission,
  object: ObjectRef
): string[] {
  if (typeof object.org === 'string' && object.org !== '') return [object.org]
  const own = canBeInOrg(definition.org) ? ownOrgs(state) : []
  return [...new Set(own.length > 0 ? own : [...state.orgs.keys()].slice(0, 1)), newOrg(state)]
}

function newOrg(state: SubjectState): string {
  return unlike('o', (name) => state.orgs.has(name))
}
