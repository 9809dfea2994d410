// `casemate scopes`: lists and shows scopes, checks a request for a key, and suggests the smallest key for a run.
import { Command, Option } from 'commander'
import type { Policy, ScopeInfo } from '../../policy/types/index.js'
import { defaultMaxBytes } from '../../document/index.js'
import {
  suggestScopes,
  tokenRequestParser,
  type CheckRecord,
  type StoredToken,
  type TokenProblem,
  type TokenRequestSettings
} from '../../scopes/index.js'
import { terminalLine } from '../../output/terminal.js'
import { shortestLifetime } from '../../scopes/lifetime.js'
import { parseJson } from '../../text/json.js'
import { collectOption, exitNo, loadCompiled, print, printJson } from '../io.js'
import { readLifetime } from '../lifetime.js'
import { openLogs, tellDamage } from '../logs.js'
import { readWhole, type Whole } from '../../text/lines.js'
import { readRun, suggestionLines } from './scopes-run.js'

interface PolicyOptions {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly json?: boolean
}

export function scopesCommand(): Command {
  return new Command('scopes')
    .description('list and show the scopes of a policy, check a token request, suggest the smallest key')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(checkCommand())
    .addCommand(suggestCommand())
}

function subcommand(name: string): Command {
  return new Command(name)
    .requiredOption('--policy <file>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
}

// --- list and show --------------------------------------------------------------------------------------------------

interface ListOptions extends PolicyOptions {
  readonly public?: boolean
  readonly internal?: boolean
}

function listCommand(): Command {
  return subcommand('list')
    .description('list the scopes: declared ones, then every resource:action and resource:*')
    .option('--public', 'only those that a user may ask for')
    .option('--internal', 'only those that a user may not ask for')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExample:\n  $ casemate scopes list --policy policies/coder/index.ts --public')
    .action(async (options: ListOptions) => {
      const policy = await loadCompiled(options.policy, options.option)
      const scopes = policy.scopes
        .list()
        .filter(({ isPublic }) => (isPublic ? options.internal !== true : options.public !== true))
      if (options.json === true) printJson(scopes)
      else print(...tableLines(scopes))
    })
}

function tableLines(scopes: readonly ScopeInfo[]): string[] {
  const rows = scopes.map((scope) => [
    terminalLine(scope.name),
    scope.isPublic ? 'public' : 'internal',
    `${scope.permissions.length}`,
    [scope.title ?? '', ...scope.aliases.map((alias) => `(${alias})`)].join(' ').trim()
  ])
  const table = [['SCOPE', 'FOR', 'PERMISSIONS', 'TITLE (ALIASES)'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  )
}

function showCommand(): Command {
  return subcommand('show')
    .description('show one scope and what it expands to')
    .argument('<scope>', 'its name, or an alias')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ casemate scopes show coder:workspaces.access --policy policies/coder/index.ts'
    )
    .action(async (name: string, options: PolicyOptions) => {
      const policy = await loadCompiled(options.policy, options.option)
      const scope = policy.scopes.get(policy.scopes.canonical(name))
      if (scope === undefined) throw new TypeError('a scope with a canonical name was not found')
      if (options.json === true) printJson(scope)
      else print(...scopeLines(scope))
    })
}

function scopeLines({ name, title, description, kind, isPublic, aliases, permissions }: ScopeInfo): string[] {
  return [
    `${name}: ${kind}, ${isPublic ? 'public' : 'internal'}`,
    ...[title, description].flatMap((line) => (line === undefined ? [] : [`  ${line}`])),
    ...(aliases.length === 0 ? [] : [`  aliases: ${aliases.join(', ')}`]),
    `  ${permissions.length} permission${permissions.length === 1 ? '' : 's'}:`,
    ...permissions.map((permission) => `    ${permission}`)
  ]
}

// --- check ----------------------------------------------------------------------------------------------------------

interface CheckOptions extends PolicyOptions {
  readonly maxLifetime: number
  readonly defaultLifetime?: number
}

const month = readLifetime('30d')
const day = readLifetime('24h')

function checkCommand(): Command {
  return subcommand('check')
    .description(
      'check a token request from standard input, and print what to store or every problem, as JSON'
    )
    .addOption(
      new Option('--max-lifetime <time>', 'as 30d, 24h, 90m, 45s or nanoseconds')
        .argParser(readLifetime)
        .default(month, '30d')
    )
    .option(
      '--default-lifetime <time>',
      'of a request without one (default: 24h, at most the longest)',
      readLifetime
    )
    .option('--json', 'as it is anyway')
    .addHelpText(
      'after',
      `
Example:
  $ echo '{"scopes":["all"],"token_name":"ci"}' | casemate scopes check --policy policies/coder/index.ts

Exit status: 0 for a token request, 1 for none, 2 if the policy or the command is wrong.`
    )
    .action(async (options: CheckOptions, command: Command) => {
      const policy = await loadCompiled(options.policy, options.option)
      const { maxLifetime, defaultLifetime = Math.min(day, maxLifetime) } = options
      if (defaultLifetime > maxLifetime)
        command.error('error: --default-lifetime is longer than --max-lifetime')
      // A short default lifetime was given with its unit, so it is intended.
      const allowShortLifetimes = defaultLifetime < shortestLifetime
      const settings = { maxLifetime, defaultLifetime, allowShortLifetimes }
      const answer = checkBody(policy, await readWhole(process.stdin, defaultMaxBytes), settings)
      printJson(answer)
      if (!answer.ok) process.exitCode = exitNo
    })
}

type CheckAnswer =
  | { readonly ok: true; readonly stored: StoredToken }
  | { readonly ok: false; readonly problems: readonly Pick<TokenProblem, 'path' | 'code' | 'message'>[] }

function checkBody(policy: Policy, body: Whole, settings: TokenRequestSettings): CheckAnswer {
  const data = body.ok ? parseJson(body.text) : body
  if (!data.ok) return { ok: false, problems: [{ path: '', code: 'invalid_request', message: data.message }] }
  const parsed = tokenRequestParser(policy, settings)(data.value)
  if (parsed.ok) return parsed
  return { ok: false, problems: parsed.problems.map(({ path, code, message }) => ({ path, code, message })) }
}

// --- suggest --------------------------------------------------------------------------------------------------------

interface SuggestOptions extends PolicyOptions {
  readonly public?: boolean
  readonly log?: readonly string[]
}

/** The checks of a run on standard input, or of logs. */
async function readChecks(policy: Policy, logs: readonly string[] | undefined): Promise<CheckRecord> {
  if (logs === undefined) return await readRun(policy, process.stdin)
  const { checksOfLog } = await import('../../records/index.js')
  const { record, ...facts } = await checksOfLog(policy, openLogs(logs))
  tellDamage(facts)
  return record
}

function suggestCommand(): Command {
  return subcommand('suggest')
    .description(
      'suggest the smallest key for a run: its record, or its requests one a line, on standard input'
    )
    .option('--log <file...>', 'logs of casemate/records in place of standard input; - is standard input')
    .option('--public', 'only scopes that a user may ask for')
    .option('--json', 'print the suggestion as JSON')
    .addHelpText(
      'after',
      `
Standard input is the JSON of \`recordChecks(policy).record()\`, or the lines that \`casemate decide\` reads: those
that are allowed count. With --log it is what a recorder wrote.

Example:
  $ casemate scopes suggest --policy policies/coder/index.ts --public < requests.ndjson

Exit status: 1 if no scope to choose from has some permission of the run, 2 if the input or the policy is wrong.`
    )
    .action(async (options: SuggestOptions) => {
      const policy = await loadCompiled(options.policy, options.option)
      const record = await readChecks(policy, options.log)
      const suggestion = suggestScopes(policy, record, { public: options.public })
      if (options.json === true) printJson(suggestion)
      else print(...suggestionLines(record, suggestion))
      if (suggestion.uncovered.length > 0) process.exitCode ||= exitNo
    })
}
