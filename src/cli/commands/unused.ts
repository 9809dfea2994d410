// `casemate unused`: what a log never needed of a policy, and what would be left of its roles.
import { Command } from 'commander'
import { jsonText } from '../../output/json.js'
import { count } from '../../output/words.js'
import type { Unused } from '../../records/index.js'
import { collectOption, loadCompiled, print, printJson } from '../io.js'
import { limitsOf, openLogs, tellDamage } from '../logs.js'

interface UnusedOptions {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly json?: boolean
}

export function unusedCommand(): Command {
  return new Command('unused')
    .description(
      'say which grants, roles, scopes and keys a log never needed, and what would be left of each role'
    )
    .argument('<log...>', 'logs of casemate/records, read as one; - is standard input')
    .requiredOption('--policy <file>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--json', 'print the report as JSON, with the roles that would be left')
    .addHelpText(
      'after',
      `
Denies are kept as they are. A log shows what was needed while it was written, and not what a yearly job will need.

Example:
  $ casemate unused decisions.ndjson --policy policy.ts

Exit status: 2 if a line could not be used, or if the policy or the command is wrong.`
    )
    .action(async (paths: readonly string[], options: UnusedOptions) => {
      const { unused } = await import('../../records/index.js')
      const policy = await loadCompiled(options.policy, options.option)
      const report = await unused(policy, openLogs(paths))
      if (options.json === true) printJson(report)
      else print(...reportLines(report))
      tellDamage(report)
    })
}

function reportLines(report: Unused): string[] {
  const { decisions, grants, roles, scopes, keys, left } = report
  return [
    `not needed by ${count(decisions, 'recorded decision')}:`,
    ...section('roles', roles),
    ...section(
      'grants',
      grants.map(({ path, actions }) => `${path}${actions === undefined ? '' : `: ${actions.join(', ')}`}`)
    ),
    ...section('scopes', scopes),
    ...section(
      'keys',
      keys.map(
        ({ subject, within, refused }) => `of ${subject} ${jsonText(within)}: ${Math.round(refused)} refused`
      )
    ),
    ...Object.entries(left).flatMap(([name, { grants: kept, variants }]) => [
      `left of ${name}: ${jsonText({ grants: kept, variants })}`
    ]),
    ...limitsOf(report, 'nothing else is needed')
  ]
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)]
}
