// `casemate mutate`: changes a policy a little, many times, and says which changes no test notices.
import { Command, InvalidArgumentError } from 'commander'
import { quoteValue } from '../../document/index.js'
import { type SuiteResult } from '../../verify/index.js'
import {
  isMutationKind,
  mutate,
  mutationKinds,
  type MutationKind,
  type MutationReport
} from '../../mutate/index.js'
import { collectOption, exitInvalid, exitNo, loadCompiled, print, printJson, tell } from '../io.js'
import { startProgress } from '../progress.js'
import { findFiles } from '../report/files.js'
import { count } from '../../output/words.js'
import { percentText, summaryText } from '../report/words.js'
import { readPercent } from './test.js'

interface MutateCommandOptions {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly max: number
  readonly seed: number
  readonly kinds?: readonly MutationKind[]
  readonly threshold?: number
  readonly acceptUnstated?: boolean
  readonly json?: boolean
}

export function mutateCommand(): Command {
  return new Command('mutate')
    .description('change the policy a little, many times, and say which changes no test notices')
    .argument(
      '[file...]',
      'pages and expectations as for `casemate test`; by default those beside the policy'
    )
    .requiredOption('--policy <file>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--max <number>', 'how many mutants to try, or `all`', readMax, 1000)
    .option('--seed <number>', 'which mutants are tried where not all are', readSeed, 1)
    .option('--kinds <names>', 'only these kinds of changes, joined by commas', readKinds)
    .option('--threshold <percent>', 'fail where fewer of the mutants are noticed', readPercent)
    .option('--accept-unstated', 'let the threshold pass beside changes that no statement can be about')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Kinds:
${Object.entries(mutationKinds)
  .map(([kind, what]) => `  ${kind.padEnd(kindWidth)}  ${what}`)
  .join('\n')}

A mutant that is proved to decide as the policy does is not counted. No statement can speak of who may take a role away,
or of which scopes may be requested or are the default: these changes are listed, are no part of the percentage, and
fail a threshold until you say --accept-unstated. \`casemate diff --no-new-access\` is what notices them.

Example:
  $ casemate mutate --policy policies/coder/index.ts --max 200 --threshold 95 --accept-unstated

Exit status: 1 below the threshold or where a statement does not hold to begin with, 2 if a file, the policy or the
command is wrong, or if nothing can be changed.`
    )
    .action(async (paths: readonly string[], options: MutateCommandOptions, command: Command) => {
      const policy = await loadCompiled(options.policy, options.option)
      const files = await findFiles(command, options.policy, paths)
      const { kinds, max, seed, threshold } = options
      const progress = startProgress('mutants')
      const { tests, report } = mutate(policy, files, { kinds, max, seed, onProgress: progress.report })
      progress.end()
      if (report === undefined) refuse(tests)
      else if (report.killed + report.survived.length + report.unstated.length === 0)
        command.error('error: nothing to change: no mutant of these kinds decides otherwise than the policy')
      else {
        if (options.json === true) printJson(report)
        else print(...reportLines(report))
        const isUnstated = report.unstated.length > 0 && options.acceptUnstated !== true
        if (threshold !== undefined && isUnstated)
          tell([
            `${count(report.unstated.length, 'change')} that no statement can be about: read them, and say --accept-unstated`
          ])
        process.exitCode = threshold !== undefined && (report.percent < threshold || isUnstated) ? exitNo : 0
      }
    })
}

/** A mutant can only break what holds. */
function refuse(tests: SuiteResult): void {
  const { problems, statements, failed } = tests
  const isEmpty = problems.length === 0 && statements.length === 0
  const lines = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)
  if (isEmpty)
    lines.push('there is nothing to check: no file with statements, and the policy has no invariants')
  if (failed > 0) lines.push(`${summaryText(tests)}: \`casemate test\` says which`)
  tell(lines)
  process.exitCode = problems.length > 0 || isEmpty ? exitInvalid : exitNo
}

const kindWidth = Math.max(...Object.keys(mutationKinds).map(({ length }) => length))

function reportLines({
  seed,
  possible,
  killed,
  survived,
  equivalent,
  percent,
  kinds,
  unstated
}: MutationReport): string[] {
  const counted = killed + survived.length
  return [
    ...survived.flatMap(({ kind, path, change, permissions }) => [
      `${kind}: ${path} ${change}`,
      `    no statement notices what changes for ${shorten(permissions)}`
    ]),
    ...(survived.length === 0 ? [] : ['']),
    ...kinds.map(({ kind, killed: noticed, survived: left, equivalent: same }) =>
      [
        `${kind.padEnd(kindWidth)}  ${noticed} of ${noticed + left} noticed`,
        ...(same === 0 ? [] : [`${same} proved equivalent`])
      ].join(', ')
    ),
    ...unstatedLines(unstated),
    '',
    `${killed} of ${count(counted, 'mutant')} noticed: ${percentText(percent)}`,
    `(seed ${seed}; ${possible} mutants in all, ${equivalent} of those looked at proved equivalent)`
  ]
}

/** One line for each kind that no statement can be about, with the first few of its changes. */
function unstatedLines(all: MutationReport['unstated']): string[] {
  const groups = new Map<MutationKind, string[]>()
  for (const { kind, path, change } of all) {
    const group = groups.get(kind)
    if (group === undefined) groups.set(kind, [`${path} ${change}`])
    else group.push(`${path} ${change}`)
  }
  const lines = [...groups].flatMap(([kind, changes]) => [
    `${kind.padEnd(kindWidth)}  ${count(changes.length, 'change')}`,
    ...changes.slice(0, mostNamed).map((change) => `    ${change}`),
    ...(changes.length > mostNamed ? [`    and ${changes.length - mostNamed} more`] : [])
  ])
  return lines.length === 0 ? [] : ['', 'Changes that no statement can be about:', ...lines]
}

/** How many permissions a survivor's line names. */
const mostNamed = 4

function shorten(permissions: readonly string[]): string {
  const named = permissions.slice(0, mostNamed).join(', ')
  return permissions.length > mostNamed ? `${named} and ${permissions.length - mostNamed} more` : named
}

function readMax(text: string): number {
  if (text === 'all') return Infinity
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('expected a number above 0, or `all`')
  return Number(text)
}

function readSeed(text: string): number {
  const seed = Number(text)
  if (!/^-?\d{1,10}$/.test(text) || seed !== (seed | 0))
    throw new InvalidArgumentError('expected a whole number of 32 bits')
  return seed
}

function readKinds(text: string): readonly MutationKind[] {
  const names = text.split(',').map((name) => name.trim())
  const known = Object.keys(mutationKinds).join(', ')
  return names.map((name) => {
    if (isMutationKind(name)) return name
    throw new InvalidArgumentError(`unknown kind ${quoteValue(name)}; there are ${known}`)
  })
}
