// Who holds which role. Whether a role may be given or taken is asked by the store of casemate, under its lock; here is
// what a request means: the roles that are to be held from now on.
import { createHash } from 'node:crypto'
import { isCasemateError, type AssignDecision } from 'casemate'
import { ApiError, invalidField } from '../api-error.js'
import { standingRoles } from '../policy.js'
import type { Context } from './context.js'
import { refuseSelf } from './standing.js'

/** A role, and the place in which it is held. At the site the id means nothing. */
export interface HeldRole {
  readonly role: string
  readonly kind: string
  readonly id: string
}

export interface RoleStore {
  /**
   * Puts roles of the site in place of those that somebody was given. With `tag`, only if these are still the ones of
   * `tagOf`.
   */
  setSiteRoles(userId: string, roles: readonly string[], tag?: string): Promise<void>
  /** Makes somebody a member of an organization. */
  addMember(userId: string, orgId: string, isServiceAccount: boolean): Promise<void>
}

/** The roles of the site that somebody was given: those that come with every account are not among them. */
export function givenAtSite(held: readonly HeldRole[]): string[] {
  return held
    .filter(({ kind, role }) => kind === 'site' && role !== standingRoles.account)
    .map(({ role }) => role)
}

/** The organizations in which somebody holds a role, which is what membership is. */
export function organizationsOf(held: readonly HeldRole[]): string[] {
  return [...new Set(held.filter(({ kind }) => kind === 'org').map(({ id }) => id))]
}

/** Another text whenever the roles that were given are others: an entity tag. */
export function tagOf(held: readonly HeldRole[]): string {
  const text = JSON.stringify(givenAtSite(held).sort())
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
}

export function roleStore(context: Context): RoleStore {
  const { database, subject, roles: store } = context

  const take = async (userId: string, role: string): Promise<void> => {
    if (store.policy().roles.get(role) !== undefined) {
      refuse(subject.explainUnassign(role), 'take')
      await store.unassign(database, subject, { user: userId, role })
    } else {
      // A name that means nothing any more: who holds it cannot sign in.
      subject.authorize('unassign', { type: 'assign_role' })
      await database.query(
        `DELETE FROM casemate_assignments WHERE user_id = $1 AND place_kind = 'site' AND role = $2`,
        [userId, role]
      )
    }
  }

  return {
    setSiteRoles: async (userId, roles, tag) => {
      refuseSelf(context, userId, 'your own roles')
      // Of two who change the same roles, the second waits here, and sees what the first did.
      await database.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`roles of ${userId}`])
      const held = await heldBy(context, userId)
      if (tag !== undefined && tag !== tagOf(held))
        throw new ApiError(412, 'Somebody else has changed these roles meanwhile.', {
          detail: 'Read them again, and send the ETag of that answer as If-Match.'
        })
      const before = new Set(givenAtSite(held))
      const after = new Set(roles.filter((role) => role !== standingRoles.account))
      for (const [i, role] of roles.entries()) requireRole(context, role, `roles[${i}]`)
      for (const role of before) if (!after.has(role)) await take(userId, role)
      for (const role of after)
        if (!before.has(role)) {
          refuse(subject.explainAssign(role), 'give')
          await store.assign(database, subject, { user: userId, role })
        }
    },

    addMember: async (userId, orgId, isServiceAccount) => {
      // Until the transaction ends, it is there.
      const { rowCount } = await database.query('SELECT FROM organizations WHERE id = $1 FOR SHARE', [orgId])
      if (rowCount === 0) throw invalidField('organization_ids', `There is no organization ${orgId}.`)
      const { membership, serviceAccountMembership } = standingRoles
      await giveStanding(context, userId, isServiceAccount ? serviceAccountMembership : membership, orgId)
    }
  }
}

/** The roles that somebody holds now. */
export async function heldBy({ database }: Context, userId: string): Promise<HeldRole[]> {
  const { rows } = await database.query<HeldRole>(
    `SELECT role, place_kind AS kind, place_id AS id FROM casemate_assignments
     WHERE user_id = $1 AND (expires_at IS NULL OR expires_at > now()) ORDER BY role, place_id`,
    [userId]
  )
  return rows
}

/** Gives a role that comes with an account or a membership: who may make that, may give it. */
export async function giveStanding(
  { database, subject }: Context,
  userId: string,
  role: string,
  orgId?: string
): Promise<void> {
  await database.query(
    `INSERT INTO casemate_assignments (user_id, place_kind, place_id, role, assigned_by)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [
      userId,
      orgId === undefined ? 'site' : 'org',
      orgId ?? '00000000-0000-0000-0000-000000000000',
      role,
      subject.id
    ]
  )
}

/** A name that is no role of the site is a mistake of the request, and no refusal. */
function requireRole({ subject }: Context, role: string, field: string): void {
  try {
    subject.canAssign(role)
  } catch (error) {
    if (!isCasemateError(error)) throw error
    throw invalidField(field, error.message)
  }
}

const reasons: Readonly<Record<AssignDecision['reason'], string>> = {
  not_assignable: 'It is given by the service alone.',
  not_delegated: 'None of your roles lets you.',
  no_permission_named: 'Your key does not let you.',
  permission_has_no_object: 'There is nothing to give it on.',
  permission_refused: 'The permission to do so is refused to you, or not among the scopes of your key.',
  not_covered: 'It grants more than you hold.',
  delegated: ''
}

function refuse({ allowed, role, reason }: AssignDecision, verb: 'give' | 'take'): void {
  if (!allowed) throw new ApiError(403, `You may not ${verb} the role ${role}.`, { detail: reasons[reason] })
}
