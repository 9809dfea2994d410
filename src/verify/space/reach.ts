// How far a permission reaches for a subject without a ceiling, as the text of a matrix cell: `yes`, `no`, `own org`,
// `own; own, own org`. The same reach always gives the same text, however the policy is written.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { DecidingSubject } from '../../decide/subject.js'
import type { OrgRelation, OwnerRelation } from '../../document/relation.js'
import { relationClasses, type OrgClass } from './classes.js'
import { writeRelation } from './relations.js'
import { stateOf } from '../../request/state.js'

const orgsInOrder: readonly (readonly [OrgClass, Exclude<OrgRelation, 'any'>])[] = [
  ['none', 'none'],
  ['own', 'own'],
  ['foreign', 'other']
]

/** A cache of reaches: even thousands of roles have few different answers. */
export class ReachMemory {
  readonly #cached = new Map<string, string>()

  /** As `reachOf`, for a subject without a ceiling. */
  of(subject: DecidingSubject, permission: CompiledPermission): string {
    const key = votesKey(subject, permission)
    if (key === undefined) return reachOf(subject, permission)
    const cached = this.#cached.get(key) ?? reachOf(subject, permission)
    this.#cached.set(key, cached)
    return cached
  }
}

/**
 * Everything that decides how far a permission reaches for a subject in at most one organization: its votes at the site
 * and in the organization, whether it can own anything, and where objects can be. `undefined` for any other subject.
 */
export function votesKey(
  subject: DecidingSubject,
  { index, definition }: CompiledPermission
): string | undefined {
  const { id, site, orgs, ceilings } = stateOf(subject)
  if (ceilings.length > 0 || orgs.size > 1) return undefined
  const inOrg = [...orgs.values()].map(({ table }) => table[index] ?? 0)
  return `${site.table[index] ?? 0} ${inOrg.join()} ${String(id === '')} ${definition.org}`
}

/**
 * The reach of a subject that holds its organization roles in one organization, or has none. ACL entries are left out.
 * An `anyOrg` object gets the same answer as an object of that organization, so it is not named separately.
 */
export function reachOf(subject: DecidingSubject, permission: CompiledPermission): string {
  const classes = relationClasses(stateOf(subject), permission, { acl: false })
  const allowed = classes.filter(({ object }) => subject.can(permission, object))
  if (allowed.length === 0) return 'no'
  if (allowed.length === classes.length) return 'yes'
  const terms = orgsInOrder.flatMap(([org, relation]) => {
    const here = classes.filter((one) => one.org === org)
    const reached = here.filter((one) => allowed.includes(one))
    if (reached.length === 0) return []
    const owner: OwnerRelation =
      reached.length === here.length ? 'any' : reached.some((one) => one.owner === 'self') ? 'own' : 'other'
    return [writeRelation({ owner, org: relation })]
  })
  return terms.join('; ')
}
