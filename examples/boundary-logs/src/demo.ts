// Some people with a workspace each, and their tokens: what is there before the first request. In a larger system
// sign-in and the provisioner write these rows.
import type { Database } from './database.js'
import { issueAgentToken, issueUserToken, tokenSchema } from './tokens.js'

/** A person with one workspace, the agent in it, and a token for each of the two. */
export interface Person {
  readonly id: string
  readonly workspaceId: string
  readonly agentId: string
  readonly token: string
  readonly agentToken: string
}

/** Adds an organization; the answer is its id. */
export function addOrganization(database: Database, name: string): Promise<string> {
  return insert(database, 'INSERT INTO organizations (name) VALUES ($1) RETURNING id', [name])
}

/** Adds a person with site roles and roles in the organization, in which the workspace is. */
export async function addPerson(
  database: Database,
  orgId: string,
  name: string,
  roles: { readonly site: readonly string[]; readonly org: readonly string[] }
): Promise<Person> {
  const id = await insert(database, 'INSERT INTO users (name) VALUES ($1) RETURNING id', [name])
  await database.query(
    `INSERT INTO user_roles (user_id, role, org_id)
     SELECT $1::uuid, role, NULL FROM unnest($2::text[]) AS role
     UNION ALL SELECT $1::uuid, role, $4::uuid FROM unnest($3::text[]) AS role`,
    [id, roles.site, roles.org, orgId]
  )
  const workspaceId = await insert(
    database,
    `INSERT INTO workspaces (org_id, owner_id, template_id, version_id)
     VALUES ($1, $2, gen_random_uuid(), gen_random_uuid()) RETURNING id`,
    [orgId, id]
  )
  const agentId = await addAgent(database, workspaceId)
  const token = await issueUserToken(database, id, tokenSchema.parse({ token_name: 'session' }))
  return { id, workspaceId, agentId, token, agentToken: await issueAgentToken(database, agentId) }
}

/** Adds an agent to a workspace; the answer is its id. */
export function addAgent(database: Database, workspaceId: string): Promise<string> {
  return insert(database, 'INSERT INTO agents (workspace_id) VALUES ($1) RETURNING id', [workspaceId])
}

/** The roles of a person who works in an organization and does nothing else. */
export const memberRoles = { site: ['member'], org: ['organization-member'] } as const

export interface Demo {
  readonly owner: Person
  readonly auditor: Person
  readonly ada: Person
  readonly eve: Person
}

/** One organization with an owner of the deployment, an auditor and two members. */
export async function addDemo(database: Database): Promise<Demo> {
  const acme = await addOrganization(database, 'acme')
  return {
    owner: await addPerson(database, acme, 'Olga', {
      site: ['owner', 'member'],
      org: ['organization-member']
    }),
    auditor: await addPerson(database, acme, 'Audrey', { site: ['auditor'], org: ['organization-auditor'] }),
    ada: await addPerson(database, acme, 'Ada', memberRoles),
    eve: await addPerson(database, acme, 'Eve', memberRoles)
  }
}

async function insert(database: Database, query: string, values: readonly unknown[]): Promise<string> {
  const { rows } = await database.query<{ id: string }>(query, [...values])
  return rows.map(({ id }) => id).join('')
}
