// People with a workspace each, and their keys, as rows: what the tests of authorization begin with.
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { tokenRequestParser } from 'casemate/scopes'
import type { Database } from '../src/database/connection.js'
import { policy } from '../src/policy.js'
import { createAgentToken } from '../src/secrets/tokens.js'

const day = 24 * 60 * 60 * 1e9
const readToken = tokenRequestParser(policy, { maxLifetime: 90 * day, defaultLifetime: 7 * day })

/** A person with one workspace, the agent in it, and a token for each of the two. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly workspaceId: string
  readonly agentId: string
  readonly token: string
  readonly agentToken: string
}

/** Adds an organization; the answer is its id. */
export function addOrganization(database: Database, name: string, isDefault = false): Promise<string> {
  return insert(database, 'INSERT INTO organizations (name, is_default) VALUES ($1, $2) RETURNING id', [
    name,
    isDefault
  ])
}

/** Adds a person with site roles and roles in the organization, in which the workspace is. */
export async function addPerson(
  database: Database,
  orgId: string,
  name: string,
  roles: { readonly site: readonly string[]; readonly org: readonly string[] }
): Promise<Person> {
  const id = await insert(
    database,
    `INSERT INTO users (username, email, name, login_type) VALUES ($1, $1 || '@example.com', $1, 'password')
     RETURNING id`,
    [name]
  )
  await database.query(
    `INSERT INTO casemate_assignments (user_id, place_kind, place_id, role)
     SELECT $1::uuid, 'site', '00000000-0000-0000-0000-000000000000'::uuid, role FROM unnest($2::text[]) AS role
     UNION ALL SELECT $1::uuid, 'org', $4::uuid, role FROM unnest($3::text[]) AS role`,
    [id, roles.site, roles.org, orgId]
  )
  const workspaceId = await insert(
    database,
    `INSERT INTO workspaces (org_id, owner_id, template_id, version_id)
     VALUES ($1, $2, gen_random_uuid(), gen_random_uuid()) RETURNING id`,
    [orgId, id]
  )
  const agentId = await addAgent(database, workspaceId)
  const token = await addToken(database, id, { token_name: 'test' })
  return { id, name, workspaceId, agentId, token, agentToken: await addAgentToken(database, agentId) }
}

/** Adds an agent to a workspace; the answer is its id. */
export function addAgent(database: Database, workspaceId: string): Promise<string> {
  return insert(database, 'INSERT INTO agents (workspace_id) VALUES ($1) RETURNING id', [workspaceId])
}

export async function addAgentToken(database: Database, agentId: string): Promise<string> {
  const { id, token, hash } = createAgentToken()
  await database.query(`INSERT INTO agent_tokens VALUES ($1, $2, $3, now() + interval '90 days')`, [
    id,
    agentId,
    hash
  ])
  return token
}

/** The id of a session or a token, which stands in its text. */
export function idOf(token: string): string {
  return token.split('_')[1] ?? ''
}

/** Adds a token of a user; the answer is its text. */
export async function addToken(
  database: Database,
  userId: string,
  body: Readonly<Record<string, unknown>>
): Promise<string> {
  const read = readToken(body)
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  const { scopes, allow_list: allowList, lifetime, token_name: name = randomUUID() } = read.stored
  return insertKey(database, { userId, scopes, allowList, seconds: lifetime / 1e9, name })
}

export interface KeyRow {
  readonly userId: string
  readonly scopes: readonly string[] | null
  readonly allowList: readonly string[] | null
  readonly seconds: number
  readonly name: string
}

/** Stores a token as a row, whatever it says. */
export async function insertKey(
  database: Database,
  { userId, scopes, allowList, seconds, name }: KeyRow
): Promise<string> {
  const id = randomBytes(12).toString('hex')
  const token = `platform_${id}_${randomBytes(32).toString('base64url')}`
  const [hash, ...limits] = [
    createHash('sha256').update(token).digest(),
    JSON.stringify(scopes),
    JSON.stringify(allowList)
  ]
  await database.query(
    `INSERT INTO casemate_keys (id, user_id, hash, scopes, allow_list, only_orgs, expires_at)
     VALUES ($1, $2, $3, $4, $5, 'null', now() + $6::float8 * interval '1 second')`,
    [id, userId, hash, ...limits, seconds]
  )
  await database.query(
    `INSERT INTO user_keys (id, user_id, token_name, login_type, lifetime_seconds) VALUES ($1, $2, $3, 'token', $4)`,
    [id, userId, name, Math.floor(seconds)]
  )
  return token
}

/** The roles of a person who works in an organization and does nothing else. */
export const memberRoles = { site: ['member'], org: ['organization-member'] } as const

export interface People {
  readonly org: string
  readonly owner: Person
  readonly auditor: Person
  readonly ada: Person
  readonly eve: Person
}

/** One organization with an owner of the deployment, an auditor and two members. */
export async function addPeople(database: Database): Promise<People> {
  const org = await addOrganization(database, 'acme', true)
  return {
    org,
    owner: await addPerson(database, org, 'Olga', {
      site: ['owner', 'member'],
      org: ['organization-member']
    }),
    auditor: await addPerson(database, org, 'Audrey', { site: ['auditor'], org: ['organization-auditor'] }),
    ada: await addPerson(database, org, 'Ada', memberRoles),
    eve: await addPerson(database, org, 'Eve', memberRoles)
  }
}

async function insert(database: Database, query: string, values: readonly unknown[]): Promise<string> {
  const { rows } = await database.query<{ id: string }>(query, [...values])
  return rows.map(({ id }) => id).join('')
}
