// The line behind the guard: PostgreSQL itself holds the table of logs to the policy, whatever statement comes. Every
// transaction begins with who asks; without it there is no row, and an error that says so.
import { readFileSync } from 'node:fs'
import { enter, protectAll, type RowPolicyData } from 'casemate/sql'
import type { Statement } from '../database/connection.js'
import { policy, type AppSubject } from '../policy.js'

// The same file that `casemate generate rls` made row-policies.sql from.
const file = readFileSync(new URL('../../migrations/tables.json', import.meta.url), 'utf8')
const { tables: described } = JSON.parse(file) as { readonly tables: readonly RowPolicyData[] }
const tables = protectAll(policy, described)

/** The first statement of a subject's transaction. */
export function enterAs(subject: AppSubject): Statement {
  return enter(subject, tables)
}
