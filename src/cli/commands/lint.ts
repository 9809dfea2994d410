// `casemate lint`: prints what is valid in a policy but probably not intended, as text, JSON, SARIF or
// annotations.
import { Command, InvalidArgumentError, Option } from 'commander'
import { lint, lintToSarif, printLint, type LintLocate } from '../../lint/index.js'
import { collectOption, exitNo, hasColour, loadCompiled, printJson, printText, write } from '../io.js'
import type { Positions } from '../../node/positions.js'
import { startProgress } from '../progress.js'
import { findingsToGithub } from '../report/findings.js'
import { locateIn } from '../report/locate.js'
import { toUri } from '../report/uri.js'

interface LintOptions {
  readonly option?: ReadonlyMap<string, string>
  readonly maxWarnings?: number
  readonly showSuppressed?: boolean
  readonly json?: boolean
  readonly sarif?: boolean
  readonly github?: boolean
}

export function lintCommand(): Command {
  return new Command('lint')
    .description('find what is valid in a policy and yet not likely meant')
    .argument('<policy>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--max-warnings <number>', 'fail where there are more warnings than this', readCount)
    .option('--show-suppressed', 'print suppressed findings too, with their reasons')
    .option('--json', 'print the findings as JSON')
    .addOption(new Option('--sarif', 'print the findings as SARIF 2.1.0').conflicts('json'))
    .addOption(
      new Option('--github', 'print the findings as annotations of GitHub workflows').conflicts([
        'json',
        'sarif'
      ])
    )
    .addHelpText(
      'after',
      `
A finding that is meant to be is suppressed in the policy, by its rule and its path:
  lint: { ignore: [{ rule: 'future-wildcard', path: 'roles.owner.grants.site.allow.*', reason: '…' }] }

Example:
  $ casemate lint policies/coder/index.ts --max-warnings 0

Exit status: 1 if there is an error, or more warnings than --max-warnings; 2 if the policy or the command is wrong.`
    )
    .action(async (path: string, options: LintOptions, command: Command) => {
      const policy = await loadCompiled(path, options.option)
      const progress = startProgress('linting, rules')
      const result = lint(policy, { onProgress: progress.report })
      progress.end()
      const locate = locateBy(await locateIn(path))
      if (options.sarif === true) {
        const sarif = lintToSarif(result, { uri: toUri(path), version: command.parent?.version(), locate })
        printJson(sarif)
      } else if (options.github === true) {
        write(`${findingsToGithub(result, path, locate)}\n`)
      } else if (options.json === true) {
        const placed = result.findings.map((finding) => ({ ...finding, ...locate?.(finding) }))
        printJson({ ...result, findings: placed })
      } else {
        const { showSuppressed } = options
        printText(printLint(result, { file: path, locate, showSuppressed, colour: hasColour() }))
      }
      const { error, warning } = result.counts
      const { maxWarnings = Number.POSITIVE_INFINITY } = options
      if (error > 0 || warning > maxWarnings) process.exitCode = exitNo
    })
}

function readCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number')
  return Number(text)
}

/** How the linter asks for a place. */
function locateBy(positions: Positions | undefined): LintLocate | undefined {
  return (
    positions &&
    (({ at }) => {
      const { line, column } = positions.find(at) ?? {}
      return line === undefined || column === undefined ? undefined : { line, column }
    })
  )
}
