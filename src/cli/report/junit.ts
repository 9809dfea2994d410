// The report as JUnit XML: a suite for each file and one for the invariants, a case for each statement. Characters that
// XML cannot hold are written as escapes.
import { escapeXml } from '../../output/xml.js'
import type { Statement, SuiteProblem } from '../../verify/index.js'
import { counterexampleText, coverageText, isWrong, whyText } from './words.js'
import type { Run } from './run.js'

export function writeJunit(run: Run): string {
  const { result, policy, coverage } = run
  const files = new Map<string, { cases: Statement[]; problems: SuiteProblem[] }>()
  const suite = (file: string): { cases: Statement[]; problems: SuiteProblem[] } => {
    const entry = files.get(file) ?? { cases: [], problems: [] }
    files.set(file, entry)
    return entry
  }
  for (const statement of result.statements) suite(statement.file ?? policy).cases.push(statement)
  for (const problem of result.problems) suite(problem.file).problems.push(problem)
  if (coverage?.threshold !== undefined && coverage.percent < coverage.threshold)
    suite(policy).problems.push({ file: policy, line: 1, code: 'coverage', message: coverageText(coverage) })
  const suites = [...files].map(([file, { cases, problems }]) => suiteXml(file, cases, problems))
  const totals = {
    name: 'casemate',
    tests: result.statements.length + result.problems.length,
    failures: result.statements.filter(isWrong).length,
    errors: result.problems.length
  }
  return ['<?xml version="1.0" encoding="UTF-8"?>', element('testsuites', totals, suites)].join('\n')
}

function suiteXml(name: string, cases: readonly Statement[], problems: readonly SuiteProblem[]): string {
  const failures = cases.filter(isWrong).length
  const attributes = { name, tests: cases.length + problems.length, failures, errors: problems.length }
  return element('testsuite', attributes, [
    ...cases.map((one) => caseXml(name, one)),
    ...problems.map(({ line, code, message }) =>
      element('testcase', { classname: name, name: `${code} in line ${line}`, file: name, line }, [
        element('error', { type: code, message }, [])
      ])
    )
  ])
}

function caseXml(suite: string, statement: Statement): string {
  const { kind, heading, name, file, line, counterexample } = statement
  const attributes = {
    classname: heading === '' ? suite : `${suite}: ${heading}`,
    name,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line })
  }
  const shown = counterexample === undefined ? [] : [escapeXml(counterexampleText(counterexample))]
  const failure = element('failure', { type: kind, message: whyText(statement) }, shown)
  return element('testcase', attributes, isWrong(statement) ? [failure] : [])
}

/** An element on its own lines; `content` is already XML. */
function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[]
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
  const open = `<${name}${written.join('')}`
  return content.length === 0 ? `${open}/>` : [`${open}>`, ...content, `</${name}>`].join('\n')
}
