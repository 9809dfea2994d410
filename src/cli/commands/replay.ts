// `casemate replay`: what a policy would have answered to what a log says was asked.
import { Command, InvalidArgumentError, Option } from 'commander'
import { jsonText } from '../../output/json.js'
import { count } from '../../output/words.js'
import type { Flips, Replay, Unanswerable } from '../../records/index.js'
import { collectOption, exitNo, loadCompiled, print, printJson } from '../io.js'
import { limitsOf, openLogs, tellDamage } from '../logs.js'

type Direction = 'gained' | 'lost'

interface ReplayOptions {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly failOn?: readonly Direction[]
  readonly json?: boolean
}

export function replayCommand(): Command {
  return new Command('replay')
    .description('say which decisions of a log another policy would have made otherwise')
    .argument('<log...>', 'logs of casemate/records, read as one; - is standard input')
    .requiredOption('--policy <file>', 'the policy to ask: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .addOption(
      new Option('--fail-on <direction>', 'exit with 1 where something is gained, or lost; repeatable')
        .choices(['gained', 'lost'])
        .argParser(collectDirection)
    )
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
The order of the lines does not matter. A line that cannot be used is named and skipped. Lost is also what was allowed,
and is now a question that the policy cannot be asked: of an unknown role, say.

A log in which what was allowed is sampled cannot prove that nobody loses anything; its refusals are all there.

Example:
  $ casemate replay decisions.ndjson --policy policy.ts --fail-on lost

Exit status: 1 if --fail-on finds something; 2 if a line could not be used, or if the policy or the command is wrong.`
    )
    .action(async (paths: readonly string[], options: ReplayOptions) => {
      const { replay } = await import('../../records/index.js')
      const policy = await loadCompiled(options.policy, options.option)
      const report = await replay(policy, openLogs(paths))
      if (options.json === true) printJson(report)
      else print(...reportLines(report))
      const { failOn = [] } = options
      if (failOn.some((direction) => weightOf(report, direction) > 0)) process.exitCode = exitNo
      tellDamage(report)
    })
}

function collectDirection(text: string, before: readonly Direction[] = []): readonly Direction[] {
  if (text === 'gained' || text === 'lost') return [...before, text]
  throw new InvalidArgumentError('expected gained or lost')
}

function weightOf({ gained, lost, unanswerable }: Replay, direction: Direction): number {
  if (direction === 'gained') return gained
  return lost + unanswerable.reduce((sum, { allowed }) => sum + allowed, 0)
}

function reportLines(report: Replay): string[] {
  const { decisions, weight, gained, lost, flips, unanswerable } = report
  return [
    `${count(decisions, 'line')} for ${decisionsText(weight)}: ${rounded(gained)} gained, ${rounded(lost)} lost`,
    ...flips.flatMap(flipLines),
    ...unanswerable.flatMap(unanswerableLines),
    ...limitsOf(report, 'nobody loses anything')
  ]
}

function flipLines({ permission, direction, lines, weight, first }: Flips): string[] {
  const { log, line, time, subject, action, object, trace, reason } = first
  const traced = trace === undefined ? '' : `, trace ${trace}`
  return [
    `${direction} ${permission}: ${decisionsText(weight)} (${count(lines, 'line')})`,
    `  first ${new Date(Math.min(time, latest)).toISOString()} ${log}:${line}${traced}`,
    `  ${subject} ${action} ${jsonText(object)}: ${reason}`
  ]
}

function unanswerableLines({ code, lines, weight, allowed, first }: Unanswerable): string[] {
  return [
    `cannot be asked, ${code}: ${decisionsText(weight)} (${count(lines, 'line')}), of which ${rounded(allowed)} were allowed`,
    `  first ${first.log}:${first.line}: ${first.message}`
  ]
}

/** The latest time that a date can have. */
const latest = 8.64e15

function decisionsText(weight: number): string {
  return count(Math.round(weight), 'decision')
}

function rounded(weight: number): string {
  return String(Math.round(weight))
}
