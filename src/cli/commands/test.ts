// `casemate test`: runs the tests of a policy (matrices, expectation files and invariants) and prints a report.
import { Command, InvalidArgumentError, Option } from 'commander'
import { runSuite, type SuiteFilter, type SuiteResult } from '../../verify/index.js'
import { collectOption, exitInvalid, exitNo, hasColour, loadCompiled, tell, write } from '../io.js'
import { startProgress } from '../progress.js'
import { filesAround, runAgain, untilInterrupted } from '../watch.js'
import { findFiles } from '../report/files.js'
import { locateIn } from '../report/locate.js'
import { withLines } from '../report/invariant-lines.js'
import { reporters } from '../report/index.js'
import { isWrong } from '../report/words.js'
import type { CoverageReport } from '../report/run.js'

interface TestOptions extends SuiteFilter {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly reporter: string
  readonly json?: boolean
  readonly watch?: boolean
  readonly coverage?: boolean
  readonly coverageThreshold?: number
  readonly coverageDetails?: boolean
}

export function testCommand(): Command {
  return new Command('test')
    .description('check every statement about a policy: matrices, expectation files, invariants')
    .argument(
      '[file...]',
      'pages (.md) and expectations (.ndjson, .jsonl, .json); by default those beside the policy'
    )
    .requiredOption('--policy <file>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--subject <name>', 'only statements that name this row, role or system:NAME')
    .option('--resource <name>', 'only statements about this resource')
    .option('--action <name>', 'only statements about this action')
    .addOption(
      new Option('--reporter <name>', 'how to report').choices([...reporters.keys()]).default('human')
    )
    .option('--json', 'the same as --reporter json')
    .option('--coverage', 'measure how much of what the policy decides the statements look at')
    .option('--coverage-threshold <percent>', 'fail below this coverage', readPercent)
    .option('--coverage-details', 'list what no statement looks at')
    .option('--watch', 'run again each time a file in the folder of the policy changes')
    .addHelpText(
      'after',
      `
An expectation is one JSON value a line:
  {"request":{"subject":{"id":"u1","roles":["auditor"]},"action":"read","object":{"type":"boundary_log"}},"allowed":true}
It may have a "reason" and a "note"; "error" with a code stands in place of "allowed".

Example:
  $ casemate test --policy policies/coder/index.ts --resource boundary_log --coverage

Exit status: 1 if a statement does not hold or coverage is too low, 2 if a file, the policy or the command is wrong, if
a filter matches nothing or if there is nothing to check.`
    )
    .action(async (paths: readonly string[], options: TestOptions, command: Command) => {
      if (options.watch !== true) {
        await runTests(paths, options, command)
        return
      }
      await runAgain({
        run: () => runTests(paths, options, command),
        paths: async () => [...(await filesAround(options.policy)), ...paths],
        every: 300,
        signal: untilInterrupted()
      })
    })
}

/** Runs the tests once, prints the report and sets the exit status. */
async function runTests(paths: readonly string[], options: TestOptions, command: Command): Promise<void> {
  const policy = await loadCompiled(options.policy, options.option)
  const files = await findFiles(command, options.policy, paths)
  const filter = { subject: options.subject, resource: options.resource, action: options.action }
  const { coverageThreshold: threshold, coverageDetails: isDetailed = false } = options
  const measures = options.coverage === true || threshold !== undefined || isDetailed
  const progress = startProgress('files')
  const { report: onProgress } = progress
  const result = withLines(
    runSuite(policy, files, { filter, coverage: measures, onProgress }),
    policy,
    await locateIn(options.policy)
  )
  progress.end()
  const coverage = result.coverage && reportOf(result.coverage, threshold, isDetailed)
  const report = reporters.get(options.json === true ? 'json' : options.reporter)
  const isNothing = result.statements.length === 0 && result.problems.length === 0
  if (report !== undefined && !(isNothing && report === reporters.get('human')))
    write(`${report({ policy: options.policy, result, coverage, colour: hasColour() })}\n`)
  process.exitCode = statusOf(result, coverage)
  tell(result.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`))
  if (isNothing) tell([nothingText(filter)])
}

function reportOf(
  measured: NonNullable<SuiteResult['coverage']>,
  threshold: number | undefined,
  isDetailed: boolean
): CoverageReport {
  const { cells, covered, percent } = measured
  return { cells, covered, percent, uncovered: isDetailed ? measured.uncovered : [], threshold, isDetailed }
}

function statusOf({ problems, statements }: SuiteResult, coverage: CoverageReport | undefined): number {
  if (problems.length > 0 || statements.length === 0) return exitInvalid
  const isBelow = coverage?.threshold !== undefined && coverage.percent < coverage.threshold
  return statements.some(isWrong) || isBelow ? exitNo : 0
}

function nothingText(filter: SuiteFilter): string {
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined)
  if (asked.length === 0)
    return 'there is nothing to check: no file with statements, and the policy has no invariants'
  return `no statement matches ${asked.map(([name, value]) => `--${name} ${String(value)}`).join(' ')}`
}

/** A number from 0 to 100. */
export function readPercent(text: string): number {
  const percent = Number(text)
  if (!/^\d+(?:\.\d+)?$/.test(text) || percent > 100)
    throw new InvalidArgumentError('expected a number from 0 to 100')
  return percent
}
