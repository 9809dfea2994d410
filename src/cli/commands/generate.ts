// `casemate generate`: one subcommand for each kind of file: SQL, TypeScript, JSON, OpenAPI and Markdown. The texts
// come from `src/generate`; this file reads the options and delivers the texts.
import { extname, join } from 'node:path'
import { Command, Option } from 'commander'
import type { Policy } from '../../policy/types/index.js'
import type { DocumentFormat, OpenApiSettings } from '../../generate/index.js'
import { loadPolicy } from '../../node/index.js'
import { deliver, deliverText, readFileOrFail } from '../deliver.js'
import { collectOption, loadCompiled } from '../io.js'
import { startProgress } from '../progress.js'
import { readLifetime } from '../lifetime.js'
import { rlsCommand } from './generate-rls.js'

interface CommonOptions {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly output?: string
  readonly check?: boolean
}

interface SqlOptions extends CommonOptions {
  readonly enum: string
  readonly schema?: string
  readonly from?: string
  readonly down?: boolean
  readonly part?: 'inside' | 'outside'
}

interface OpenApiOptions extends CommonOptions {
  readonly into?: string
  readonly format?: DocumentFormat
  readonly maxLifetime: number
  readonly defaultLifetime: number
}

export function generateCommand(): Command {
  return new Command('generate')
    .description('write what is made from a policy: SQL, TypeScript, JSON, OpenAPI, reference pages')
    .addHelpText(
      'after',
      `
Example, which fails in CI while the file on disk is not what the policy says:
  $ casemate generate types --policy policies/coder/index.ts -o generated/types.ts --check

Exit status: 1 if --check finds a difference, 2 if a file, the policy or the command is wrong.`
    )
    .addCommand(sqlCommand())
    .addCommand(
      rlsCommand(
        subcommand(
          'rls',
          'row-level security of PostgreSQL for the tables of its resources',
          'where to; by default standard output'
        )
      )
    )
    .addCommand(textCommand('types', 'a TypeScript module of its names, without dependencies', 'types.ts'))
    .addCommand(textCommand('json', 'its names as data for other languages', 'policy.json'))
    .addCommand(openApiCommand())
    .addCommand(docsCommand())
    .addCommand(storeCommand())
}

/** A subcommand with the options that all have; `target` is the help text of `--output`. */
function subcommand(name: string, description: string, target: string): Command {
  return new Command(name)
    .description(description)
    .requiredOption('--policy <file>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .addOption(new Option('-o, --output <file>', target))
    .option('--check', 'write nothing: exit 1 and show the difference if the file is not up to date')
}

interface StoreOptions {
  readonly schema?: string
  readonly prefix?: string
  readonly ids: 'text' | 'uuid'
  readonly down?: boolean
  readonly output?: string
  readonly check?: boolean
}

/** The tables do not depend on a policy. */
function storeCommand(): Command {
  return new Command('store')
    .description('the tables of stored roles, assignments and keys, for casemate/postgres')
    .option('--schema <name>', 'the schema of the tables; by default the first of the search path')
    .option('--prefix <text>', 'what the names of the tables begin with; by default casemate_')
    .addOption(
      new Option('--ids <type>', 'the type of ids of users, organizations and containers')
        .choices(['text', 'uuid'])
        .default('text')
    )
    .option('--down', 'the way back: drops the tables with all that is in them')
    .addOption(new Option('-o, --output <file>', 'where to; by default standard output'))
    .option('--check', 'write nothing: exit 1 and show the difference if the file is not up to date')
    .addHelpText('after', example('store --schema app --ids uuid -o migrations/007-roles.sql'))
    .action(async (options: StoreOptions, command: Command) => {
      const { schema, prefix, ids, down: isDown } = options
      const { storeMigration } = await import('../../postgres/index.js')
      await deliverText(command, options, storeMigration({ schema, prefix, ids, isDown }))
    })
}

function example(args: string): string {
  return `\nExample:\n  $ casemate generate ${args}`
}

function textCommand(name: 'types' | 'json', description: string, file: string): Command {
  return subcommand(name, description, 'where to; by default standard output')
    .addHelpText('after', example(`${name} --policy policies/coder/index.ts -o ${file}`))
    .action(async (options: CommonOptions, command: Command) => {
      const policy = await loadCompiled(options.policy, options.option)
      const { generateJson, generateTypes } = await import('../../generate/index.js')
      await deliverText(command, options, name === 'types' ? generateTypes(policy) : generateJson(policy))
    })
}

function sqlCommand(): Command {
  return subcommand(
    'sql',
    'the PostgreSQL enum of its scopes, and migrations of it',
    'where to; by default standard output'
  )
    .requiredOption('--enum <name>', 'the name of the type')
    .option('--schema <name>', 'the schema that the type is in; by default the first of the search path')
    .option('--from <file>', 'the policy that the type was made from: writes the migration from there')
    .option('--down', 'the way back')
    .addOption(
      new Option('--part <part>', 'only what may run inside a transaction, or what may not').choices([
        'inside',
        'outside'
      ])
    )
    .addHelpText(
      'after',
      example(
        'sql --policy policies/coder/index.ts --enum api_key_scope \\\n      --from policies/coder/before-boundary-log.json'
      )
    )
    .action(async (options: SqlOptions, command: Command) => {
      const policy = await loadCompiled(options.policy, options.option)
      const from = options.from === undefined ? undefined : await loadOld(options.from, options.option)
      const { generateSql } = await import('../../generate/index.js')
      const { enum: name, schema, down: isDown, part } = options
      await deliverText(command, options, generateSql(policy, { name, schema, from, isDown, part }))
    })
}

/** The old policy with those of the given options that it has. Options never change scopes. */
async function loadOld(path: string, given: ReadonlyMap<string, string> = new Map()): Promise<Policy> {
  const { options = {} } = await loadPolicy(path)
  return await loadCompiled(path, new Map([...given].filter(([name]) => Object.hasOwn(options, name))))
}

function openApiCommand(): Command {
  return subcommand(
    'openapi',
    'OpenAPI 3.1 schemas of resources, actions, scopes and token requests',
    'where to; by default standard output'
  )
    .addOption(
      new Option(
        '--into <file>',
        'an OpenAPI document: replaces these schemas there and nothing else'
      ).conflicts('output')
    )
    .addOption(
      new Option('--format <format>', 'by default that of the file, else YAML').choices(['yaml', 'json'])
    )
    .addOption(lifetimeOption('--max-lifetime <time>', 'the longest lifetime of a token', '30d'))
    .addOption(lifetimeOption('--default-lifetime <time>', 'its lifetime where a request names none', '24h'))
    .addHelpText('after', example('openapi --policy policies/coder/index.ts --into api/openapi.yaml'))
    .action(async (options: OpenApiOptions, command: Command) => {
      const policy = await loadCompiled(options.policy, options.option)
      const { generateOpenApi, generateOpenApiInto } = await import('../../generate/index.js')
      const { into, output } = options
      const settings = readLifetimes(command, options)
      const format = options.format ?? formatOf(into ?? output)
      const text =
        into === undefined
          ? generateOpenApi(policy, format, settings)
          : generateOpenApiInto(policy, await readFileOrFail(command, into), format, settings)
      await deliverText(command, { ...options, output: into ?? output }, text)
    })
}

/** If no default lifetime is given, it is at most the longest lifetime. */
function readLifetimes(command: Command, { maxLifetime, defaultLifetime }: OpenApiOptions): OpenApiSettings {
  if (defaultLifetime <= maxLifetime) return { maxLifetime, defaultLifetime }
  if (command.getOptionValueSource('defaultLifetime') === 'default')
    return { maxLifetime, defaultLifetime: maxLifetime }
  return command.error('error: the default lifetime is longer than the longest')
}

function lifetimeOption(flags: string, description: string, standard: string): Option {
  return new Option(flags, description).argParser(readLifetime).default(readLifetime(standard), standard)
}

function formatOf(path: string | undefined): DocumentFormat {
  return path !== undefined && extname(path).toLowerCase() === '.json' ? 'json' : 'yaml'
}

function docsCommand(): Command {
  return subcommand(
    'docs',
    'reference pages in Markdown for those who run the system',
    'the folder to write them into'
  )
    .addHelpText('after', example('docs --policy policies/coder/index.ts -o docs/access'))
    .action(async (options: CommonOptions, command: Command) => {
      const policy = await loadCompiled(options.policy, options.option)
      const { generateDocs } = await import('../../generate/index.js')
      const progress = startProgress('pages')
      const pages = generateDocs(policy, progress.report)
      progress.end()
      const { output } = options
      if (output !== undefined)
        await deliver(
          command,
          pages.map(({ name, text }) => ({ path: join(output, name), text })),
          options
        )
      else await deliverText(command, options, pages.map(({ text }) => text).join('\n'))
    })
}
