// Who asks, in the columns of the auditor's page. The member is whom the requests are about.
import type { Database } from '../../src/database/connection.js'
import { addPerson, addToken, idOf, memberRoles, type People, type Person } from '../people.js'
import type { Request, Target } from './requests.js'

/** Roles, and the scopes of the key if it has fewer than all. */
export interface Who {
  readonly title: string
  /** The member whom the requests are about, an agent of theirs, or somebody else with these roles. */
  readonly is: 'member' | 'agent' | 'other' | 'nobody'
  readonly site: readonly string[]
  readonly org: readonly string[]
  /** `least`: what the request needs, and no more. */
  readonly scopes?: 'least' | 'other'
  readonly isSuspended?: boolean
}

const other = (
  title: string,
  site: readonly string[],
  org: readonly string[] = ['organization-member']
): Who => ({
  title,
  is: 'other',
  site: [...site, 'member'],
  org
})

export const subjects: readonly Who[] = [
  other('Owner', ['owner']),
  other('User admin', ['user-admin']),
  other('Auditor', ['auditor']),
  other('Template admin', ['template-admin']),
  other('Organization admin', [], ['organization-admin', 'organization-member']),
  { ...memberRoles, title: 'The member', is: 'member' },
  other('Another member', []),
  { ...memberRoles, title: "The member's agent", is: 'agent' },
  { ...other('Key, least scopes', ['owner']), scopes: 'least' },
  { ...other('Key, another scope', ['owner']), scopes: 'other' },
  { ...other('Suspended', ['owner']), isSuspended: true },
  { title: 'Nobody', is: 'nobody', site: [], org: [] }
]

/** The scopes of a key that has what a request needs and no more. */
export function leastScopes({ needs, above, scopes }: Request): readonly string[] {
  const giving = ['assign_role', 'assign_org_role'].flatMap((type) => [`${type}:assign`, `${type}:unassign`])
  const own = needs.map(([type, action]) => `${type}:${action}`)
  return scopes ?? (above === 'key' ? [...own, ...giving] : own)
}

/** A key of the owner for these scopes, which may be ones that nobody can ask for. */
export async function addKey(database: Database, owner: Person, scopes: readonly string[]): Promise<string> {
  const token = await addToken(database, owner.id, {})
  await database.query('UPDATE casemate_keys SET scopes = to_jsonb($2::text[]) WHERE id = $1', [
    idOf(token),
    scopes
  ])
  return token
}

let count = 0

/** A member whom nobody has changed yet, who signs in with a password. */
export async function addTarget(database: Database, { org }: People): Promise<Target> {
  const person = await addPerson(database, org, `member${count++}`, memberRoles)
  const token = await addToken(database, person.id, {})
  await database.query('UPDATE users SET password_hash = $2 WHERE id = $1', [person.id, passwordHash])
  return { ...person, keyId: idOf(token) }
}

/** Of `a long password`, so that not every member waits for a new one. */
let passwordHash = ''
export function usePasswordHash(hash: string): void {
  passwordHash = hash
}
