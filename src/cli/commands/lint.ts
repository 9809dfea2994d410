// `casemate lint`: prints what is valid in a policy but probably not intended, as text, JSON or SARIF.
import { extname, isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import { defaultMaxBytes } from '../../document/index.js'
import { readTextFile } from '../../node/read-text.js'
import { lint, lintToSarif, printLint, type LintLocate } from '../../lint/index.js'
import { collectOption, exitNo, hasColour, loadCompiled, printJson, printText } from '../io.js'
import { positionsIn } from '../../node/positions.js'
import { startProgress } from '../progress.js'

interface LintOptions {
  readonly option?: ReadonlyMap<string, string>
  readonly maxWarnings?: number
  readonly showSuppressed?: boolean
  readonly json?: boolean
  readonly sarif?: boolean
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
      const locate = await locateIn(path)
      if (options.sarif === true) {
        const sarif = lintToSarif(result, { uri: toUri(path), version: command.parent?.version(), locate })
        printJson(sarif)
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

/** Finds positions in a JSON or YAML file; `undefined` for a policy that is code, where positions are not known. */
async function locateIn(path: string): Promise<LintLocate | undefined> {
  if (!['.json', '.yaml', '.yml'].includes(extname(path).toLowerCase())) return undefined
  const file = await readTextFile(path, { maxBytes: defaultMaxBytes })
  if (!file.ok) return undefined
  const find = await positionsIn(file.text.replace(/^\uFEFF/, ''))
  return ({ at }) => find(at)
}

/** A path as a URI for SARIF; a relative path stays relative. */
function toUri(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href
  return path
    .split(sep)
    .filter((segment, index) => index > 0 || segment !== '.')
    .map(encodeURIComponent)
    .join('/')
}
