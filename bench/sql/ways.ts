// The same rows, asked for in the ways that people write by hand, and by `whereFor`.
import { whereFor } from '../../src/sql/index.js'
import { groups, orgsOf, person, plain, shared, userOf } from './world.js'

export const kinds = ['admin', 'member', 'admin, shared', 'member, shared'] as const
export type Kind = (typeof kinds)[number]

export const queries = ['newest 50', 'count'] as const
export type Query = (typeof queries)[number]

/** A statement; how it is called says whether it may be taken for the best that is written by hand. */
export interface Way {
  readonly name: string
  readonly isByHand: boolean
  readonly text: string
  readonly values: readonly unknown[]
}

export const statementFor = (query: Query, condition: string): string =>
  query === 'count'
    ? `SELECT count(*)::int AS n FROM documents AS d WHERE ${condition}`
    : `SELECT d.id FROM documents AS d WHERE ${condition} ORDER BY d.created_at DESC LIMIT 50`

export const roleOf = (kind: Kind): 'admin' | 'member' => (kind.startsWith('admin') ? 'admin' : 'member')
const isShared = (kind: Kind): boolean => kind.endsWith('shared')

export function ours(
  kind: Kind,
  count: number
): { readonly text: string; readonly values: readonly unknown[] } {
  const subject = person(roleOf(kind), count)
  return isShared(kind)
    ? whereFor(subject, 'read', shared, { as: 'd' }).toPg()
    : whereFor(subject, 'read', plain, { as: 'd' }).toPg()
}

/** What entries of the ACL add; `inOrg` says that the row is in an organization of the user. */
const entries = (inOrg: string, own: string): string =>
  ` OR d.id = ANY(ARRAY(SELECT document_id FROM document_acl WHERE list = 'user' AND grantee = $1::text AND action IN ('read', 'viewer', 'editor', '*')))` +
  ` OR (${inOrg} AND d.id = ANY(ARRAY(SELECT document_id FROM document_acl WHERE list = 'group' AND grantee = ANY($2::text[]) AND action IN ('read', 'viewer', 'editor', '*'))))` +
  ` OR d.id = ANY(ARRAY(SELECT a.document_id FROM document_acl AS a JOIN documents AS o ON o.id = a.document_id WHERE a.list = 'group' AND ${own} AND a.grantee = o.org_id::text AND a.action IN ('read', 'viewer', 'editor', '*')))`

/** The ways of one kind of person in so many organizations. */
export function waysFor(kind: Kind, count: number, query: Query): readonly Way[] {
  const role = roleOf(kind)
  const user = userOf(role, count)
  const orgs = orgsOf(count)
  const list = `{${orgs.join(',')}}`
  const mine = `SELECT m.org_id FROM memberships AS m WHERE m.user_id = $1::uuid AND m.role = '${role}'`
  const rolesSay = (inOrg: string): string =>
    role === 'admin'
      ? `${inOrg} OR (d.owner_id = $1::uuid AND d.org_id IS NULL)`
      : `(d.owner_id = $1::uuid AND ${inOrg}) OR (d.owner_id = $1::uuid AND d.org_id IS NULL)`
  const written = (inOrg: string, own: string): string =>
    `(${rolesSay(inOrg)}${isShared(kind) ? entries(inOrg, own) : ''})`
  const known = isShared(kind) ? [user, groups] : [user]
  const way = (name: string, isByHand: boolean, condition: string, values: readonly unknown[]): Way => ({
    name,
    isByHand,
    text: statementFor(query, condition),
    values
  })
  const { text, values } = ours(kind, count)
  const last = known.length + 1
  return [
    way('`whereFor`', false, text, values),
    way(
      'by hand: ids as a parameter',
      true,
      written(`d.org_id = ANY($${last}::uuid[])`, `a.grantee = ANY($${last}::uuid[]::text[])`),
      [...known, list]
    ),
    way(
      'by hand: `ANY(ARRAY(SELECT … memberships))`',
      true,
      written(`d.org_id = ANY(ARRAY(${mine}))`, `a.grantee = ANY(ARRAY(${mine})::text[])`),
      known
    ),
    way(
      '`IN (SELECT … memberships)`',
      false,
      written(`d.org_id IN (${mine})`, `a.grantee IN (SELECT org_id::text FROM (${mine}) AS mine)`),
      known
    ),
    way(
      'one OR for each organization',
      false,
      written(
        `(${orgs.map((org) => `d.org_id = '${org}'`).join(' OR ')})`,
        `a.grantee IN (${orgs.map((org) => `'${org}'`).join(', ')})`
      ),
      known
    )
  ]
}
