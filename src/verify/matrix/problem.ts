// The problems that a page of matrices can have, each with its line. A table that cannot be read is always reported and
// never counts as a statement that holds.
import type { Problem } from '../../errors.js'
import { Problems } from '../../problems/problems.js'
import { quoteValue } from '../../problems/quote.js'

/** Everything that can be wrong with a page of matrices. */
export type MatrixProblemCode =
  | 'malformed_table'
  | 'table_without_rows'
  | 'page_without_matrix'
  | 'page_too_large'
  | 'unclosed_block'
  | 'html_table'
  | 'unknown_resource'
  | 'unknown_action'
  | 'unknown_relation'
  | 'unknown_subject'
  | 'unknown_role'
  | 'unknown_column'
  | 'invalid_cell'
  | 'invalid_subject'
  | 'duplicate_subject'
  | 'duplicate_column'

/** A problem of a page; `path` is `line 12`. */
export interface MatrixProblem extends Problem<MatrixProblemCode> {
  /** From 1. */
  readonly line: number
}

/** The problems of one page, in the order of their lines. */
export class PageProblems {
  /** One for the whole page, because the budget for suggestions is counted in it. */
  readonly #suggesting = new Problems<MatrixProblemCode>()
  readonly #found: { readonly line: number; readonly problems: Problems<MatrixProblemCode> }[] = []

  /** Adds a problem; `names`, where given, are searched for the nearest to `value`. */
  add(
    code: MatrixProblemCode,
    line: number,
    message: string,
    value?: string,
    names?: Iterable<string>
  ): void {
    const problems = new Problems<MatrixProblemCode>()
    const hint =
      value === undefined || names === undefined ? undefined : this.#suggesting.suggest(value, new Set(names))
    problems.add(code, [], message, value, hint)
    this.#found.push({ line, problems })
  }

  list(): MatrixProblem[] {
    return this.#found
      .flatMap(({ line, problems }) =>
        problems.list.map((problem) => ({
          ...problem,
          line,
          path: `line ${line}`,
          message: `line ${line}: ${problem.message}`
        }))
      )
      .sort((a, b) => a.line - b.line)
  }
}

/** Text of the page, quoted for a problem. */
export function cite(text: string): string {
  return text === '' ? '``' : quoteValue(text)
}
