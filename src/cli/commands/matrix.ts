// `casemate matrix`: checks pages of permission matrices against a policy, cell by cell. Without a page it writes the
// matrix of the policy.
import { basename } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { readTextFile } from '../../node/read-text.js'
import { toCompiled } from '../../policy/to-compiled.js'
import {
  checkMatrix,
  factsOf,
  matrixOf,
  matrixToHtml,
  matrixToJson,
  matrixToMarkdown,
  printMatrix,
  verify,
  type MatrixResult,
  type PolicyMatrix
} from '../../verify/index.js'
import type { Policy } from '../../policy/types/index.js'
import { startProgress } from '../progress.js'
import { deliverText, readFileOrFail } from '../deliver.js'
import {
  collectOption,
  exitInvalid,
  exitNo,
  hasColour,
  longestInput,
  loadCompiled,
  print,
  printJson,
  printText,
  tell
} from '../io.js'

const formats = ['markdown', 'html', 'json'] as const

interface MatrixCommandOptions {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly wrongOnly?: boolean
  readonly json?: boolean
  readonly resource?: string
  readonly role?: string
  readonly format?: (typeof formats)[number]
  readonly output?: string
  readonly check?: boolean
  readonly date?: string
}

/** The options for writing a matrix, which are errors together with a page to check. */
const writing = ['resource', 'role', 'format', 'output', 'check', 'date'] as const

export function matrixCommand(): Command {
  return new Command('matrix')
    .description(
      'check Markdown pages of permission matrices, cell by cell; without a page, write the matrix'
    )
    .argument('[page...]', 'Markdown files to check')
    .requiredOption('--policy <file>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--wrong-only', 'leave out the tables whose every cell holds')
    .option('--json', 'print the results, or the matrix, as JSON')
    .option('--resource <name>', 'write the matrix of one resource')
    .option('--role <name>', 'write what one role may do, or `system:NAME`')
    .addOption(new Option('--format <format>', 'how to write it (default: markdown)').choices(formats))
    .option('-o, --output <file>', 'where to write it; by default standard output')
    .option('--date <day>', 'the day that the HTML page bears; by default today', readDate)
    .option('--check', 'write nothing: exit 1 and show the difference if the file is not up to date')
    .addHelpText(
      'after',
      `
Example:
  $ casemate matrix policies/coder/boundary_log.md --policy policies/coder/index.ts
  $ casemate matrix --policy policies/coder/index.ts --format html -o matrix.html

Exit status: 1 if a cell does not hold, 2 if a page, the policy or the command is wrong.`
    )
    .action(async (paths: readonly string[], options: MatrixCommandOptions, command: Command) => {
      if (paths.length === 0) await writeMatrix(command, options)
      else await checkPages(command, paths, options)
    })
}

async function checkPages(
  command: Command,
  paths: readonly string[],
  options: MatrixCommandOptions
): Promise<void> {
  for (const name of writing)
    if (options[name] !== undefined)
      command.error(`error: --${name} beside a page to check: it is for writing a matrix`)
  const policy = await loadCompiled(options.policy, options.option)
  const progress = startProgress('pages')
  const results: (MatrixResult & { readonly file: string })[] = []
  for (const path of paths) {
    progress.report(results.length, paths.length)
    results.push(await checkPage(command, policy, path))
  }
  progress.end()
  if (options.json === true) printJson(results)
  else
    for (const { file, ...result } of results) {
      if (results.length > 1) print(file, '')
      printText(printMatrix(result, { wrongOnly: options.wrongOnly, colour: hasColour(), problems: false }))
      for (const { message } of result.problems) tell([`${file}: ${message}`])
    }
  if (results.some(({ wrong }) => wrong > 0)) process.exitCode = exitNo
  if (results.some(({ problems }) => problems.length > 0)) process.exitCode = exitInvalid
}

async function checkPage(
  command: Command,
  policy: Policy,
  file: string
): Promise<MatrixResult & { readonly file: string }> {
  const markdown = await readFileOrFail(command, file)
  const named = basename(file, '.md')
  return { file, ...checkMatrix(policy, markdown, { resource: policy.resources.get(named) && named }) }
}

async function writeMatrix(command: Command, options: MatrixCommandOptions): Promise<void> {
  const { json, format } = options
  if (json === true && format !== undefined && format !== 'json')
    command.error(`error: --json and --format ${format} exclude each other`)
  if (options.wrongOnly === true) command.error('error: --wrong-only without a page to check')
  const policy = await loadCompiled(options.policy, options.option)
  const matrix = matrixOf(policy, { resource: options.resource, role: options.role })
  if (format === 'html') await deliverText(command, options, await pageOf(policy, matrix, options))
  else {
    const isJson = json === true || format === 'json'
    await deliverText(command, { ...options, isJson }, (isJson ? matrixToJson : matrixToMarkdown)(matrix))
  }
}

/** The page for readers, with what the matrix does not show. A part of a policy comes without the rest. */
async function pageOf(
  policy: Policy,
  matrix: PolicyMatrix,
  { resource, role, date, output, check }: MatrixCommandOptions
): Promise<string> {
  const isWhole = resource === undefined && role === undefined
  const progress = startProgress('proving invariants')
  const proofs = isWhole ? verify(policy, { onProgress: progress.report }).invariants : undefined
  progress.end()
  return matrixToHtml(matrix, {
    facts: isWhole ? factsOf(policy) : undefined,
    proofs,
    hash: toCompiled(policy).checksum,
    date: date ?? (check === true && output !== undefined ? await dateIn(output) : undefined) ?? today()
  })
}

/** The day on which a page was written: checking it asks whether the policy is the same, and not the day. */
async function dateIn(path: string): Promise<string | undefined> {
  const file = await readTextFile(path, { maxBytes: longestInput })
  return file.ok ? /<time datetime="(\d{4}-\d{2}-\d{2})">/.exec(file.text)?.[1] : undefined
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}

function readDate(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new InvalidArgumentError('expected a day, as 2026-05-31')
}
