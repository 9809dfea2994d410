// Checks of a policy for any test runner, or none. A failed check throws the printed report as its message. A check
// without statements fails too.
import type { Policy } from '../policy/types/index.js'
import type { Names } from '../document/index.js'
import { CasemateError, markErrors } from '../errors.js'
import { terminalLine } from '../output/terminal.js'
import { requestText } from '../verify/space/words.js'
import {
  checkMatrix,
  printMatrix,
  runSuite,
  type MatrixOptions,
  type MatrixResult,
  type RequestData,
  type Statement,
  type SuiteFile,
  type SuiteResult
} from '../verify/index.js'

/** Statements about a policy that do not hold; `message` is the printed report. */
export class CheckError<
  R extends MatrixResult | SuiteResult = MatrixResult | SuiteResult
> extends CasemateError {
  static {
    markErrors(this, 'CheckError')
  }

  declare readonly code: 'failed_check'
  /** Every statement, those that hold too. */
  readonly result: R

  constructor(report: string, result: R) {
    super('failed_check', report)
    this.name = 'CheckError'
    this.result = result
    // Not enumerable, so that runners do not print the whole result after the report.
    Object.defineProperty(this, 'result', { enumerable: false })
  }
}

/** The expected answer of a request, as in a line of an expectation file: allowed or not, or the code of an error. */
export type PolicyExpectation = {
  readonly request: RequestData
  /** What the report calls it. */
  readonly note?: string
} & (
  | { readonly allowed: boolean; readonly reason?: string; readonly error?: never }
  | { readonly error: string; readonly allowed?: never; readonly reason?: never }
)

/** What to check in a policy besides its own invariants. */
export interface PolicyChecks {
  /**
   * Markdown pages with matrices, by their names in the report. A page named after a resource is about that resource.
   */
  readonly matrices?: Readonly<Record<string, string>> | undefined
  /** Single requests with their answers. */
  readonly expectations?: readonly PolicyExpectation[] | undefined
}

/**
 * Checks every matrix of a Markdown page.
 *
 * @throws CheckError where a cell does not hold, the page has a problem, or there is no matrix on it.
 * @throws RequestError `unknown_resource` for `options.resource`.
 */
export function assertMatrix<N extends Names>(
  policy: Policy<N>,
  markdown: string,
  options: MatrixOptions = {}
): void {
  const result = checkMatrix(policy, markdown, options)
  if (!result.ok) throw new CheckError(printMatrix(result, { wrongOnly: true }), result)
}

/**
 * Checks pages of matrices, expectations, and the invariants of the policy's document, all of them before it throws.
 *
 * @throws CheckError where a statement does not hold, a page or an expectation cannot be read, or there is nothing to
 * check.
 */
export function checkPolicy<N extends Names>(policy: Policy<N>, checks: PolicyChecks = {}): void {
  const { matrices = {}, expectations } = checks
  const files = Object.entries(matrices).map(([name, text]): SuiteFile => {
    return { name: /\.(?:md|markdown)$/i.test(name) ? name : `${name}.md`, text }
  })
  if (expectations !== undefined)
    files.push({ name: 'expectations.ndjson', text: expectations.map(toLine).join('\n') })
  const result = runSuite(policy, files)
  if (!result.ok) throw new CheckError(reportOf(result), result)
}

/** One line. `undefined` becomes `null`, which JSON would leave out: a lost ceiling must be an error there. */
function toLine({ request, ...rest }: PolicyExpectation): string {
  const asked = JSON.stringify(request, (_, value: unknown) => (value === undefined ? null : value))
  return JSON.stringify({ ...rest, request: JSON.parse(asked) as unknown })
}

function reportOf({ statements, problems, failed }: SuiteResult): string {
  const wrong = statements.filter(({ ok }) => !ok).map(failureText)
  const misread = problems.map(({ file, line, message }) => terminalLine(`${file}:${line}: ${message}`))
  const summary =
    statements.length === 0
      ? 'there is nothing to check'
      : `${failed} of ${statements.length} statements do not hold`
  return [...wrong, ...misread, summary].join('\n\n')
}

function failureText({ file, line, name, message = '', counterexample }: Statement): string {
  const where = file === undefined ? 'invariant: ' : `${file}:${line ?? 1}: `
  return [
    `${where}${name}`,
    `    ${message}`,
    ...(counterexample === undefined
      ? []
      : [`    ${requestText(counterexample.request, counterexample.options)}`])
  ]
    .map(terminalLine)
    .join('\n')
}
