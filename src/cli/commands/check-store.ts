// `casemate check-store`: what a policy would make of the roles, assignments and keys in a database. It writes nothing.
import { Command } from 'commander'
import { CasemateError } from '../../errors.js'
import type { PgPool, StoreReport } from '../../postgres/index.js'
import { count } from '../../output/words.js'
import { describeRole } from '../../postgres/place.js'
import { collectOption, exitNo, loadCompiled, print, printJson } from '../io.js'

interface CheckStoreOptions {
  readonly policy: string
  readonly database: string
  readonly option?: ReadonlyMap<string, string>
  readonly schema?: string
  readonly prefix?: string
  readonly json?: boolean
}

export function checkStoreCommand(): Command {
  return new Command('check-store')
    .description('tell which stored roles, assignments and keys a policy would orphan')
    .requiredOption('--policy <file>', 'the policy that is to be deployed: .ts, .js, .json or .yaml')
    .requiredOption('--database <url>', 'the database, as postgres://USER@HOST/NAME')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--schema <name>', 'the schema of the tables; by default the first of the search path')
    .option('--prefix <text>', 'what the names of the tables begin with; by default casemate_')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
It needs the package pg, and writes nothing.

Example, before a deployment:
  $ casemate check-store --policy policy.ts --database "$DATABASE_URL"

Exit status: 1 if somebody would be turned away, 2 if the policy, the database or the command is wrong.`
    )
    .action(async (options: CheckStoreOptions) => {
      const { checkStore, pgDatabase } = await import('../../postgres/index.js')
      const policy = await loadCompiled(options.policy, options.option)
      const report = await withPool(options.database, async (pool) => {
        const { schema, prefix } = options
        return checkStore(policy, await pgDatabase({ pool, schema, prefix, timeout: 60_000 }))
      })
      if (options.json === true) printJson(report)
      else print(...reportLines(report))
      if (!report.ok) process.exitCode = exitNo
    })
}

/** What is used of the package, which may not be there. */
interface PgModule {
  readonly default: { readonly Pool: new (settings: object) => PgPool & { end(): Promise<void> } }
}

async function withPool<T>(url: string, use: (pool: PgPool) => Promise<T>): Promise<T> {
  const { default: pg } = await loadPg()
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 })
  try {
    return await use(pool)
  } catch (error) {
    // A driver's error would come with its stack: it is about the database, and not about this program.
    if (error instanceof CasemateError || !(error instanceof Error)) throw error
    throw new CasemateError('invalid_settings', `--database: ${error.message || String(error)}`, {
      path: '--database'
    })
  } finally {
    await pool.end()
  }
}

async function loadPg(): Promise<PgModule> {
  try {
    return await import('pg')
  } catch {
    throw new CasemateError('invalid_settings', 'the package pg is not installed: npm install pg')
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
