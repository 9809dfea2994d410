// What entries of an ACL allow → clauses, each with those whom an entry must name. A clause that adds nothing to what
// the roles allow is left out, as far as that is easily seen.
import type { CompiledAcl } from '../compile/acl-settings.js'
import { both, everything, isAskedInSome, type Clause } from './clause.js'
import type { Ground } from '../reach/ground.js'
import { complement, isEmpty, noIds, setWhere, without } from '../reach/id-sets.js'
import { isAllowed, type Reach } from '../reach/votes.js'
import { allowedWhere, undeniedWhere } from './role-clauses.js'

/** Whom an entry must name: the subject; one of its groups or everyone; any of these. */
export type Named = 'user' | 'groups' | 'all'

export interface AclClause {
  readonly clause: Clause
  readonly named: Named
}

/** The objects that an ACL entry allows. `gate` is what the roles say to the action that the settings require. */
export function sharedWhere(
  ground: Ground,
  reach: Reach,
  sharing: CompiledAcl,
  gate: Reach | undefined
): readonly AclClause[] {
  if (reach.site === 'allow' || ground.id === '') return []
  return sharing.isNarrowed ? narrowedWhere(ground, reach, sharing, gate) : plainlyWhere(ground, reach)
}

function plainlyWhere(ground: Ground, reach: Reach): readonly AclClause[] {
  const all = everything(ground)
  const open = setWhere(reach.orgs, isAllowed)
  const orgs = without(ground.member, open)
  // Where one organization that counts allows every object, the roles answer `anyOrg`.
  const any = ground.groups.length > 0 && isAskedInSome(ground, orgs) && !isAskedInSome(ground, open)
  const ofGroups: AclClause = { clause: { ...all, orgs, none: false, any }, named: 'groups' }
  return [{ clause: all, named: 'user' }, ...(isEmpty(orgs) ? [] : [ofGroups])]
}

/** Every setting asks something of the same object: a clause about roles for each, and all of them together. */
function narrowedWhere(
  ground: Ground,
  reach: Reach,
  { members, overridesDeny, requires }: CompiledAcl,
  gate: Reach | undefined
): readonly AclClause[] {
  const all = everything(ground)
  const passed = requires === undefined ? [all] : gate === undefined ? [] : allowedWhere(ground, gate)
  const open = overridesDeny ? [all] : undeniedWhere(ground, reach)
  const inside: Clause = { ...all, orgs: ground.member, none: false }
  const outside: Clause = { ...all, orgs: complement(ground.member) }
  const places: readonly AclClause[] = [
    { clause: inside, named: 'all' },
    ...(members ? [] : [{ clause: outside, named: 'user' } as const])
  ]
  return passed.flatMap((one) =>
    open.flatMap((other) =>
      places.flatMap(({ clause: place, named }) => {
        const shared = both(ground, one, other)
        const clause = shared && both(ground, shared, place)
        return clause === undefined || isNowhere(ground, clause) ? [] : [{ clause, named }]
      })
    )
  )
}

function isNowhere({ orgs }: Ground, clause: Clause): boolean {
  return clause.orgs === noIds(orgs) && !clause.none && !clause.any
}
