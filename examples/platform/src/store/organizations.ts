// Organizations, as far as accounts have to do with them.
import type { RowFilter } from 'casemate/sql'
import type { Context } from './context.js'

export interface Organization {
  readonly id: string
  readonly name: string
  readonly display_name: string
  readonly description: string
  readonly icon: string
  readonly is_default: boolean
  readonly created_at: Date
  readonly updated_at: Date
}

export interface OrganizationStore {
  /** Those in which a user holds a role, by name. */
  organizationsOf(where: RowFilter, userId: string): Promise<Organization[]>
  /** One of them, by its name or id. */
  organizationOf(userId: string, name: string): Promise<Organization | undefined>
  /** The one that people are taken into who ask for none. */
  defaultOrganization(): Promise<string | undefined>
  /** The first organization, which is the default; the answer is its id. */
  createDefaultOrganization(): Promise<string>
}

const columns =
  'o.id, o.name, o.display_name, o.description, o.icon, o.is_default, o.created_at, o.updated_at'
const isMember = `EXISTS (SELECT FROM casemate_assignments AS a
  WHERE a.user_id = $1 AND a.place_kind = 'org' AND a.place_id = o.id
    AND (a.expires_at IS NULL OR a.expires_at > now()))`

export function organizationStore({ database }: Context): OrganizationStore {
  return {
    organizationsOf: async (where, userId) => {
      const condition = where.toPg(2)
      const { rows } = await database.query<Organization>(
        `SELECT ${columns} FROM organizations AS o WHERE ${isMember} AND ${condition.text} ORDER BY o.name`,
        [userId, ...condition.values]
      )
      return rows
    },

    organizationOf: async (userId, name) => {
      const { rows } = await database.query<Organization>(
        `SELECT ${columns} FROM organizations AS o
         WHERE ${isMember} AND (lower(o.name) = lower($2) OR o.id::text = lower($2))`,
        [userId, name]
      )
      return rows[0]
    },

    defaultOrganization: async () => {
      const { rows } = await database.query<{ id: string }>('SELECT id FROM organizations WHERE is_default')
      return rows[0]?.id
    },

    createDefaultOrganization: async () => {
      const { rows } = await database.query<{ id: string }>(
        `INSERT INTO organizations (name, display_name, is_default) VALUES ('default', 'Default', true)
         RETURNING id`
      )
      return rows[0]?.id ?? ''
    }
  }
}
