// Where in a text something is wrong: line and column, and the error that says so.
// Nothing here reads a file or decides what is wrong.
import type { ProblemCode } from '../document/index.js'
import { PolicyError, type Problem } from '../errors.js'
import { visible, visibleLines } from '../output/visible.js'

/** One thing wrong with a text, at an offset in it where that is known. */
export interface TextProblem {
  readonly code: ProblemCode
  readonly message: string
  /** Where in the value, if it is known to be a value. */
  readonly path?: string | undefined
  readonly offset?: number | undefined
  readonly value?: unknown
}

/** As an error with `NAME:LINE:COLUMN: ` before each message, lines and columns counted from 1. */
export function textError(name: string, text: string, problems: readonly TextProblem[]): PolicyError {
  const starts = lineStarts(text)
  return new PolicyError(
    problems.map(({ code, message, path = '', offset, value }): Problem => {
      const where = offset === undefined ? name : `${name}:${position(starts, offset)}`
      const words = path === '' ? message : `${path}: ${message}`
      return {
        code,
        path,
        ...(value === undefined ? {} : { value }),
        message: `${visible(where)}: ${visibleLines(words)}`
      }
    })
  )
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}

function position(starts: readonly number[], offset: number): string {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return `${low + 1}:${offset - (starts[low] ?? 0) + 1}`
}
