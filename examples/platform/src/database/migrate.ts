// Brings a database to the schema. Processes that start together wait for each other, and a file that was applied is
// applied again only where it has changed: those that casemate generates from the policy may run again, the others never
// change.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { recordsMigration } from 'casemate/records'
import { governingRoles } from '../policy.js'
import type { Database } from './connection.js'

const folder = '../../migrations'

/** In this order. The type of stored scopes is the policy's: a scope that it does not have cannot be stored. */
const files = [
  '../../../../policies/coder/generated/api_key_scope.sql',
  `${folder}/stored-roles.sql`,
  `${folder}/001-schema.sql`,
  `${folder}/002-app-role.sql`,
  `${folder}/003-somebody-governs.sql`,
  `${folder}/004-row-access.sql`,
  `${folder}/005-sign-in-attempts.sql`,
  `${folder}/row-policies.sql`
]

/** Applies what is missing, on a connection of the tables' owner. All of it, or nothing. */
export async function migrate(database: Database): Promise<void> {
  await database.query('BEGIN')
  try {
    await database.query(`SELECT pg_advisory_xact_lock(hashtext('platform migrations'))`)
    await database.query(
      'CREATE TABLE IF NOT EXISTS applied_migrations (name text PRIMARY KEY, hash text NOT NULL)'
    )
    await database.query(recordsMigration())
    for (const file of files) await apply(database, file)
    await database.query(
      `WITH given AS (SELECT unnest($1::text[]) AS role),
         gone AS (DELETE FROM governing_roles WHERE role NOT IN (SELECT role FROM given))
       INSERT INTO governing_roles SELECT role FROM given ON CONFLICT DO NOTHING`,
      [governingRoles]
    )
    await database.query('COMMIT')
  } catch (error) {
    await database.query('ROLLBACK')
    throw error
  }
}

async function apply(database: Database, file: string): Promise<void> {
  const text = await readFile(new URL(file, import.meta.url), 'utf8')
  const hash = createHash('sha256').update(text).digest('hex')
  const { rowCount } = await database.query(
    `INSERT INTO applied_migrations AS m VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET hash = EXCLUDED.hash WHERE m.hash <> EXCLUDED.hash`,
    [file.slice(file.lastIndexOf('/') + 1), hash]
  )
  if (rowCount === 1) await database.query(text)
}
