// A reach → the equivalent clauses: at most five for the roles, and for an ACL one for the subject, two for each group
// and one for each organization. A clause that no object can match, or that adds nothing to what the roles allow, is
// left out, because a question about a bare type is answered by whether there is any clause.
import type { SubjectState } from '../request/state.js'
import { CasemateError } from '../errors.js'
import { holds, type AclClause, type Clause } from './clause.js'
import type { IdList, IdLists } from './id-list.js'
import type { Reach } from './reach.js'
import { quoteValue } from '../problems/quote.js'
import type { OrgPlacement } from '../types.js'
import { canBeInOrg, canBeOutside } from '../levels.js'

/** The facts that determine the clauses of a permission. */
export interface Situation {
  readonly reach: Reach
  readonly placement: OrgPlacement
  /** The ids that the ceilings admit; `undefined` where they admit every object, with and without id. */
  readonly ids: IdList | undefined
}

/** What the roles allow. CASL checks the last one first. */
export function roleClauses({ id }: SubjectState, { reach, placement, ids }: Situation): readonly Clause[] {
  if (reach.site !== 'abstain') return reach.site === 'allow' ? [{ ids }] : []
  const clauses: Clause[] = []
  if (reach.user && canBeOutside(placement))
    clauses.push(
      { owner: id, org: 'stored-none', anyOrg: false, ids },
      { owner: id, org: 'none', anyOrg: false, ids }
    )
  if (!canBeInOrg(placement)) return clauses
  if (hasAny(reach.all)) clauses.push({ anyOrg: true, ids })
  else if (hasAny(reach.own)) clauses.push({ owner: id, anyOrg: true, ids })
  if (hasAny(reach.own)) clauses.push({ owner: id, org: reach.own, ids })
  if (hasAny(reach.all)) clauses.push({ org: reach.all, ids })
  return clauses
}

/** The facts that determine the ACL clauses of an action. */
export interface AclSituation {
  readonly action: string
  /** The organizations in which the roles do not allow every object; `undefined` if objects are in no organization. */
  readonly rest: IdList | undefined
  readonly ids: IdList | undefined
}

/**
 * The situation of an action of a resource with an ACL; `undefined` where no entry can add to what the roles allow, or
 * where the subject has no id that one could name.
 */
export function aclSituation(
  { id }: SubjectState,
  { reach, placement, ids }: Situation,
  action: string
): AclSituation | undefined {
  if (reach.site === 'allow' || id === '') return undefined
  return { action, rest: canBeInOrg(placement) ? reach.rest : undefined, ids }
}

/**
 * What ACL entries allow: the subject's own, its groups', and those for everyone in an organization.
 *
 * @throws CasemateError `not_expressible` where an entry counts whose id has a dot: a path could not name it.
 */
export function* aclClauses(
  state: SubjectState,
  { action, rest, ids }: AclSituation,
  lists: IdLists
): Generator<Clause> {
  const entry = holds(action)
  const at = (list: 'users' | 'groups', id: string): AclClause => ({ list, id: expressible(id), entry })
  yield { acl: at('users', state.id), ids }
  if (rest === undefined || !hasAny(rest)) return
  // If no organization allows every object, the roles do not answer `anyOrg` for every object either.
  const isAnyOpen = rest.ids.length === state.orgs.size
  for (const group of state.groups) {
    yield { org: rest, acl: at('groups', group), ids }
    if (isAnyOpen) yield { anyOrg: true, acl: at('groups', group), ids }
  }
  for (const org of rest.ids)
    // A group with the same id already has this clause.
    if (!state.groups.has(org)) yield { org: lists(`org ${org}`, () => [org]), acl: at('groups', org), ids }
}

function hasAny({ ids }: IdList): boolean {
  return ids.length > 0
}

function expressible(id: string): string {
  if (!id.includes('.')) return id
  const message = `no rule can name the ACL entry of ${quoteValue(id)}: a path would be split at its dot`
  throw new CasemateError('not_expressible', message, { value: id })
}
