// Where in a text something is wrong: line and column, and the error that says so.
// Nothing here reads a file or decides what is wrong.
import { PolicyError, type Problem, type ProblemCode } from '../errors.js'
import { visible, visibleLines } from '../output/visible.js'

/** One thing wrong with a text, at an offset in it where that is known. */
export interface TextProblem {
  readonly code: ProblemCode
  readonly message: string
  /** Where in the value, once the text is known to have one. */
  readonly path?: string | undefined
  readonly offset?: number | undefined
  readonly value?: unknown
}

/** Reading stops after this many problems. */
export const mostProblems = 10_000

/** As an error with `NAME:LINE:COLUMN: ` before each message, lines and columns counted from 1. */
export function textError(name: string, text: string, problems: readonly TextProblem[]): PolicyError {
  const starts = lineStarts(text)
  return new PolicyError(
    problems.map(({ code, message, path = '', offset, value }): Problem => {
      const position = offset === undefined ? undefined : positionIn(starts, offset)
      const where = position === undefined ? name : `${name}:${position.line}:${position.column}`
      const words = path === '' ? message : `${path}: ${message}`
      return {
        code,
        path,
        ...(value === undefined ? {} : { value }),
        file: name,
        ...position,
        message: `${visible(where)}: ${visibleLines(words)}`
      }
    })
  )
}

/** Where the lines of a text begin. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}

export interface TextPosition {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 code units. */
  readonly column: number
}

/** The line and column of an offset, in the text whose lines begin there. */
export function positionIn(starts: readonly number[], offset: number): TextPosition {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}
