// Why small sets of roles are enough to try, in proofs about one policy and about two; and how such sets are made.
//
// The votes of all roles on one level are united by OR, a deny beats an allow, and the first level that does not
// abstain decides. So one role alone is enough to give a level's vote, and the levels above it abstain in every subset
// too. Take any set of roles and any object.
// - Allowed at `site`, `user`, or a level of an organization or a container: one role `r` holds the allow, no role denies
//   at that level, and all abstain at the levels above. So every subset that has `r` is allowed.
// - Refused by a deny: one role `t` holds it, and all abstain at the levels above. So every subset that has `t` is
//   refused, but for an ACL entry.
// - Where a role decides about an object in the subject's own organization or container that is held elsewhere, the
//   subject needs one role more for each such place, a member, to belong to it. A member of the set may be left out of a
//   subset, and then its place is somebody else's: in the object, nothing else changes. An organization role that votes at
//   `site` may itself be held in the object's organization; a custom one never reaches `site`.
// - An object may be in several containers of one kind: the votes of all roles held in any of them are united, as if they
//   were held in one. So two roles of one kind of container are held apart only where they cannot be held together.
// - `anyOrg` is allowed by the site level or in one of the organizations: again by one `r`; where `r` is held in a
//   container, by `r` and one organization role, whose levels abstain. It is refused where the site level denies, or where
//   no organization allows. In each of the organizations it is decided as the object with that organization is, and
//   every relation that covers `anyOrg` covers that object, for a subject that does not belong there as well.
// - An ACL entry can only allow. Without settings it does so whatever the roles are. It may need one member of the
//   organization (`members`), one role `q` that gives the allow of what it `requires`, and that roles do not deny
//   (`overridesDeny: false`): where all abstain, they do so in every subset. `q` may give that at `site` and be held in
//   another organization than the object's, because in its own it denies.
//
// `only` (nobody outside a set of roles is allowed). Take any set of such roles that is allowed on an object.
// - By its roles: `r` alone is allowed too, or `r` with one member for each place that has to be an own one.
// - By an ACL entry for the subject: that needs no role at all, or `q`, and the members.
// So it is enough to try no role, one role, and one role with one member for each kind of place that the relation asks
// for and in which it is not held; where entries count for members only, also with an organization role, and two
// organization roles apart where `q` is one of them.
//
// `always` (whoever holds `h` is allowed). Take any set with `h` that is refused on an object.
// - Refused by a deny: `h` and `t` together are refused, with a member for each own place in which neither is held.
// - Refused because nobody allows: `h` alone is refused, with such members.
// - `anyOrg` is refused where the site level denies (`h` and `t`) or where no organization allows; leaving out roles in
//   other organizations than that of `h` only removes roles that could allow.
// So it is enough to try `h`, `h` and one role more in the same place or in another, and these with the members. For an
// organization role that an `always` names, `own org` is the organization in which that role is held; likewise for the
// role of a container. An `always` is not tried with an ACL entry, which can only allow, unless its relation is about
// `shared` objects. There one role `t` can keep the roles from allowing, and another `t2` what the entry `requires`: so `h`
// and two roles more are tried as well.
//
// Differences of two policies. A policy's answer to a set of roles is its answer to those of them that it knows. Take
// any set that one policy allows on an object and the other refuses. In the policy that allows, every subset that has
// `r` is allowed.
// - If the other policy does not know `r`, or refuses `r` alone, then `r` alone shows the difference.
// - Otherwise it allows `r` alone and refuses the set, which takes a deny: there is a `t`, `r` and `t` together are
//   refused, and this pair shows the difference.
// - `anyOrg`: the organization that allows has such an `r`, or the site or a container has. The other policy refuses `r`
//   alone, or there is a deny of that organization, of the container or of the site against it: again `r` and one `t`,
//   which may be held in another organization if it denies at the site.
// - The role that makes the subject belong to an organization or a container may have no votes: relations are reported as
//   if it had none, and a witness that needs it gets one.
// - What an ACL entry grants needs no role (src/diff/systems.ts): in both policies it is the same entry for everybody.
//   Settings of ACLs ask for roles as above.
// So it is enough to try one role, and two: at the site, in one place, in places of different kinds, or in two
// organizations, where the second role matters only by its votes at `site` and `user`.
//
// All roles of a set share the options of the deployment, and all roles in an organization its settings: role cases
// that do not agree on them cannot be in one set.
//
// The tests compare this with every set of roles on small generated policies, and on edits of them.
import type { RoleKind } from '../../document/types.js'
import { isSamePlace, type HeldPlace, type HeldRole, type RoleSet } from './role-set.js'

/** Where the roles of role cases can be held, and which of them together. */
export interface HoldingRules<C> {
  /** The role of a role case, with the only place of a custom role; the same object for all cases of one role. */
  readonly roleOf: (roleCase: C) => { readonly kind: RoleKind; readonly place: string | undefined }
  /**
   * Places of a kind (`org`, or a container): roles that can be held in any are held in the first of them, and where two
   * roles are held apart, the second in the first that is another place than that of the first role.
   */
  readonly placeIds: (kind: string) => readonly [string, string, ...string[]]
  readonly canShareOptions: (a: C, b: C) => boolean
  readonly canShareSettings: (a: C, b: C) => boolean
}

/** A role where it is held if no other role asks for another place. */
export function placeFirst<C>({ roleOf, placeIds }: HoldingRules<C>, roleCase: C): HeldRole<C> {
  const { kind, place: id } = roleOf(roleCase)
  return { roleCase, place: kind === 'site' ? undefined : { kind, id: id ?? placeIds(kind)[0] } }
}

/** Two roles that are held together. */
export interface Pair<C> {
  readonly roleSet: readonly [HeldRole<C>, HeldRole<C>]
  /** Whether the two are held in different places of one kind. */
  readonly isApart: boolean
}

/**
 * The ways to hold two roles together: at the site, in one place, in two places of one kind, and in places of different
 * kinds. `canBeApart` is false where the second role makes no difference in another organization than the first. Two
 * roles of one container are held apart only where they cannot be together.
 */
export function pairsOf<C>(rules: HoldingRules<C>, one: C, other: C, canBeApart = true): readonly Pair<C>[] {
  if (!rules.canShareOptions(one, other)) return noPairs
  const [role, otherRole] = [rules.roleOf(one), rules.roleOf(other)]
  const [first, second] = [placeFirst(rules, one), placeFirst(rules, other)]
  if (first.place === undefined || second.place === undefined || role.kind !== otherRole.kind)
    return role === otherRole ? noPairs : [{ roleSet: [first, second], isApart: false }]
  const { kind } = role
  const at = (roleCase: C, id: string): HeldRole<C> => ({ roleCase, place: { kind, id } })
  const pairs: Pair<C>[] = []
  const here = otherRole.place ?? first.place.id
  const canBeHere = role !== otherRole && (role.place ?? here) === here
  if (canBeHere && rules.canShareSettings(one, other))
    pairs.push({ roleSet: [at(one, here), at(other, here)], isApart: false })
  if (kind === 'org' ? !canBeApart : pairs.length > 0 || role === otherRole) return pairs
  const { id } = first.place
  const elsewhere = otherRole.place ?? rules.placeIds(kind).find((one) => one !== id)
  if (elsewhere !== undefined && elsewhere !== id)
    pairs.push({ roleSet: [first, at(other, elsewhere)], isApart: true })
  return pairs
}

const noPairs: readonly never[] = []

/**
 * The role set with each of some roles of an organization or container that can be in it, so that the subject belongs
 * somewhere.
 */
export function* withOneMore<C>(
  rules: HoldingRules<C>,
  roleSet: RoleSet<C>,
  joining: readonly C[]
): Generator<RoleSet<C>> {
  for (const roleCase of joining) {
    const member = placeFirst(rules, roleCase)
    if (roleSet.every((other) => canJoin(rules, member, other))) yield [...roleSet, member]
  }
}

/** The role set with one more role, held in each of the places where that can matter beside the others. */
export function* withAnother<C>(
  rules: HoldingRules<C>,
  roleSet: RoleSet<C>,
  roleCase: C
): Generator<RoleSet<C>> {
  const { kind, place: only } = rules.roleOf(roleCase)
  const isSame = (other: HeldRole<C>): boolean => rules.roleOf(other.roleCase) === rules.roleOf(roleCase)
  const ids = kind === 'site' ? [undefined] : only === undefined ? [...rules.placeIds(kind)] : [only]
  const held =
    only === undefined ? roleSet.flatMap(({ place }) => (place?.kind === kind ? place.id : [])) : []
  for (const id of new Set([...held, ...ids])) {
    const member: HeldRole<C> = { roleCase, place: id === undefined ? undefined : { kind, id } }
    const isFree = (other: HeldRole<C>): boolean =>
      canJoin(rules, member, other) && !(isSame(other) && isSamePlace(member.place, other.place))
    if (roleSet.every(isFree)) yield [...roleSet, member]
  }
}

/**
 * The role set with one member more for each of the kinds of places in which none of its roles is held; the role set
 * itself where there is no such kind.
 */
export function* withMembers<C>(
  rules: HoldingRules<C>,
  roleSet: RoleSet<C>,
  kinds: readonly string[],
  joining: (kind: string) => readonly C[]
): Generator<RoleSet<C>> {
  const kind = kinds.find((one) => roleSet.every(({ place }) => place?.kind !== one))
  if (kind === undefined) yield roleSet
  else
    for (const more of withOneMore(rules, roleSet, joining(kind)))
      yield* withMembers(rules, more, kinds, joining)
}

/**
 * Places for `HoldingRules`: `o1` to `o3` for organizations, `project1` to `project3` for a container `project`, and so
 * on, without those that are taken.
 */
export function freePlaces(
  isTaken: (place: HeldPlace) => boolean
): (kind: string) => readonly [string, string, string] {
  const cached = new Map<string, readonly [string, string, string]>()
  return (kind) => {
    const found = cached.get(kind)
    if (found !== undefined) return found
    const free = (from: number): readonly [id: string, next: number] => {
      const id = `${kind === 'org' ? 'o' : kind}${from}`
      return isTaken({ kind, id }) ? free(from + 1) : [id, from + 1]
    }
    const [first, next] = free(1)
    const [second, last] = free(next)
    const ids = [first, second, free(last)[0]] as const
    cached.set(kind, ids)
    return ids
  }
}

/** Whether two members can be in one role set: their options agree, and in one organization their settings. */
function canJoin<C>(rules: HoldingRules<C>, a: HeldRole<C>, b: HeldRole<C>): boolean {
  return (
    rules.canShareOptions(a.roleCase, b.roleCase) &&
    (a.place === undefined ||
      !isSamePlace(a.place, b.place) ||
      rules.canShareSettings(a.roleCase, b.roleCase))
  )
}
