// What the roles say → conditions: which rows they allow, and which they do not deny. Organizations are sorted out before
// the query is made: a slot holds those whose roles allow, and no condition asks about the denies of others.
import type { CompiledPermission } from '../../compile/catalogue.js'
import {
  MEMBER_ALLOW,
  MEMBER_DENY,
  ORG_ALLOW,
  ORG_DENY,
  SITE_ALLOW,
  SITE_DENY,
  USER_ALLOW,
  USER_DENY
} from '../../levels.js'
import { hasOwnDeny, isAllowed, isDenied, isOwnAllowed, isOwnDenied } from '../../reach/votes.js'
import type { Vote } from '../../types.js'
import { all, any, never, not, type Condition } from './condition.js'
import type { Facts } from './facts.js'
import type { Places } from './places.js'
import type { PossibleVotes } from './possible.js'

/** Permissions of one action on rows that all roles treat alike. */
export interface Group {
  /** Unique among the groups of a condition. */
  readonly name: string
  readonly permissions: readonly CompiledPermission[]
  readonly votes: PossibleVotes
}

/** The rows that the roles allow. */
export function rolesAllow(places: Places, group: Group): Condition {
  const [permission] = group.permissions
  if (permission === undefined) return never
  const { name, votes } = group
  const can = (bits: number): boolean => (votes.fixed & bits) !== 0
  const site = can(SITE_ALLOW) ? siteSays(places, group, 'allow') : never
  const org = can(ORG_ALLOW) ? places.inOrgWhere(`orgs.${name}`, permission, isAllowed) : never
  const ownOrg = can(MEMBER_ALLOW)
    ? all(places.own(), places.inOrgWhere(`ownOrgs.${name}`, permission, isOwnAllowed))
    : never
  const user = can(USER_ALLOW) ? userSays(places, group, 'allow') : never
  const inside = votes.containers.map((_, number) => allowedInside(places, group, permission, number))
  return any(site, org, ownOrg, ...inside, user)
}

/** The rows that a container's levels allow, where no level before them denies. */
function allowedInside(
  places: Places,
  group: Group,
  permission: CompiledPermission,
  number: number
): Condition {
  const bits = group.votes.containers[number] ?? 0
  const name = `${places.columns.kinds[number] ?? ''}.${group.name}`
  const inside = (what: string, has: (pair: string) => boolean): Condition =>
    places.inContainerWhere(`${what}.${name}`, number, permission, has)
  const undenied = [
    ...deniedInOrg(places, group, permission),
    ...group.votes.containers.flatMap((_, before) =>
      before < number ? deniedInside(places, group, permission, before) : []
    ),
    ...((bits & ORG_DENY) === 0 ? [] : [inside('denied', isDenied)])
  ].map(not)
  const every = (bits & ORG_ALLOW) === 0 ? never : all(inside('in', isAllowed), ...undenied)
  const ownDenied = (bits & MEMBER_DENY) === 0 ? undefined : not(inside('ownDenied', hasOwnDeny))
  const own =
    (bits & MEMBER_ALLOW) === 0
      ? never
      : all(places.own(), inside('ownIn', isOwnAllowed), ownDenied, ...undenied)
  return any(every, own)
}

/** The rows that the roles do not deny, as far as they do not allow them. */
export function rolesDoNotDeny(places: Places, group: Group): Condition {
  const [permission] = group.permissions
  if (permission === undefined) return never
  const { fixed, containers } = group.votes
  const denied = [
    ...((fixed & SITE_DENY) === 0 ? [] : [siteSays(places, group, 'deny')]),
    ...deniedInOrg(places, group, permission),
    ...containers.flatMap((_, number) => deniedInside(places, group, permission, number)),
    ...((fixed & USER_DENY) === 0 ? [] : [userSays(places, group, 'deny')])
  ]
  return all(...denied.map(not))
}

/** The rows that an organization's levels deny. */
function deniedInOrg(
  places: Places,
  { name, votes: { fixed } }: Group,
  permission: CompiledPermission
): readonly Condition[] {
  const where = (what: string, has: (pair: string) => boolean): Condition =>
    places.inOrgWhere(`${what}.${name}`, permission, has)
  return [
    ...((fixed & ORG_DENY) === 0 ? [] : [where('deniedOrgs', isDenied)]),
    ...((fixed & MEMBER_DENY) === 0 ? [] : [all(places.own(), where('ownDeniedOrgs', isOwnDenied))])
  ]
}

/** The rows that a container's levels deny, and some that its wider level allows. */
function deniedInside(
  places: Places,
  { name, votes: { containers } }: Group,
  permission: CompiledPermission,
  number: number
): readonly Condition[] {
  const bits = containers[number] ?? 0
  const kind = places.columns.kinds[number] ?? ''
  const where = (what: string, has: (pair: string) => boolean): Condition =>
    places.inContainerWhere(`${what}.${kind}.${name}`, number, permission, has)
  return [
    ...((bits & ORG_DENY) === 0 ? [] : [where('denied', isDenied)]),
    ...((bits & MEMBER_DENY) === 0 ? [] : [all(places.own(), where('ownDenied', hasOwnDeny))])
  ]
}

/** That the level `site` says this about the rows of a group. */
function siteSays({ slots }: Places, { name, permissions }: Group, vote: Vote): Condition {
  const says = ({ reachOf }: Facts): boolean => {
    const [permission] = permissions
    return permission !== undefined && reachOf(permission).site === vote
  }
  return { kind: 'flag', flag: slots.flag(`site.${vote}.${name}`, says) }
}

/** That the level `site` allows the rows of every group: then nothing is asked about attributes. */
export function siteAllowsAll({ slots }: Places, groups: readonly Group[]): Condition {
  if (groups.some(({ votes }) => (votes.fixed & SITE_ALLOW) === 0)) return never
  const says = ({ reachOf }: Facts): boolean =>
    groups.every(({ permissions: [permission] }) => permission && reachOf(permission).site === 'allow')
  return { kind: 'flag', flag: slots.flag('site.allow', says) }
}

/** The subject's rows in no place, where the level `user` says this. */
function userSays(places: Places, { name, permissions }: Group, vote: Vote): Condition {
  const says = ({ reachOf }: Facts): boolean => {
    const [permission] = permissions
    return permission !== undefined && reachOf(permission).user === vote
  }
  return all(places.own(`user.${vote}.${name}`, says), places.noOrg, places.noContainer)
}
