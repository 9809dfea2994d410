// `casemate check-store`: what a policy would make of the roles, assignments and keys in a database. It writes nothing.
import { Command } from 'commander'
import type { PgPool, StoreReport } from '../../postgres/index.js'
import { count } from '../../output/words.js'
import { describeRole } from '../../postgres/place.js'
import { readDatabaseUrl, type DatabaseOptions } from '../database-url.js'
import { collectOption, exitNo, loadCompiled, print, printJson } from '../io.js'
import { databaseFault, openPool } from '../pool.js'

interface CheckStoreOptions extends DatabaseOptions {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly schema?: string
  readonly prefix?: string
  readonly json?: boolean
}

export function checkStoreCommand(): Command {
  return new Command('check-store')
    .description('tell which stored roles, assignments and keys a policy would orphan')
    .requiredOption('--policy <file>', 'the policy that is to be deployed: .ts, .js, .json or .yaml')
    .option(
      '--database [url]',
      'the database, as postgres://USER@HOST/NAME; without a URL that of DATABASE_URL'
    )
    .option('--database-file <file>', 'a file with the URL of the database')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--schema <name>', 'the schema of the tables; by default the first of the search path')
    .option('--prefix <text>', 'what the names of the tables begin with; by default casemate_')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
It needs the package pg, and writes nothing. Leave a password to DATABASE_URL, to PGPASSWORD or to a file: arguments are seen
in the list of processes.

Example, before a deployment:
  $ DATABASE_URL=postgres://deploy@db.internal/app casemate check-store --policy policy.ts --database

Exit status: 1 if somebody would be turned away, 2 if the policy, the database or the command is wrong.`
    )
    .action(async (options: CheckStoreOptions) => {
      const { checkStore, pgDatabase } = await import('../../postgres/index.js')
      const policy = await loadCompiled(options.policy, options.option)
      const url = await readDatabaseUrl(options)
      const report = await withPool(url, async (pool) => {
        const { schema, prefix } = options
        return checkStore(policy, await pgDatabase({ pool, schema, prefix, timeout: 60_000 }))
      })
      if (options.json === true) printJson(report)
      else print(...reportLines(report))
      if (!report.ok) process.exitCode = exitNo
    })
}

async function withPool<T>(url: string, use: (pool: PgPool) => Promise<T>): Promise<T> {
  const pool = await openPool(url, 1)
  try {
    return await use(pool)
  } catch (error) {
    throw databaseFault(error)
  } finally {
    await pool.end()
  }
}

function reportLines({ ok, counts, roles, assignments, keys }: StoreReport): string[] {
  const summary = `${count(counts.roles, 'custom role')}, ${count(counts.assignments, 'assignment')}, ${count(counts.keys, 'live key')}`
  return [
    ...roles.map(({ code, message }) => `${code === 'pruned_role' ? 'note' : 'role'}: ${message}`),
    ...assignments.map(
      (held) =>
        `assignment: ${count(held.users, 'user')} (${held.example}) with ${describeRole(held)}: ${held.message}`
    ),
    ...keys.map(({ id, user, message }) => `key: ${id} of ${user}: ${message}`),
    `${summary}: ${ok ? 'nobody is turned away' : 'some would be turned away'}`
  ]
}
