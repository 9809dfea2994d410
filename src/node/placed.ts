// The problems of a document that stands in a file → the same problems with the file, and with line and column where
// the file is a text. The one place that turns the path of a problem into a position.
import { PolicyError, type Problem } from '../errors.js'
import { visible } from '../output/visible.js'
import type { Positions } from './positions.js'

/**
 * An error whose problems say where they are: `FILE:LINE:COLUMN: ` before each message, `FILE: ` without positions.
 * Problems that say it already stay as they are, and so does every other error.
 */
export function placedError(error: unknown, file: string, positions?: Positions): unknown {
  if (!(error instanceof PolicyError)) return error
  return new PolicyError(error.problems.map((problem) => placedProblem(problem, file, positions)))
}

function placedProblem(problem: Problem, file: string, positions: Positions | undefined): Problem {
  if (problem.file !== undefined) return problem
  const place = problem.path === '' ? undefined : positions?.nearest(problem.path)
  const where = place === undefined ? '' : `:${place.line}:${place.column}`
  return {
    ...problem,
    file,
    ...(place === undefined ? {} : { line: place.line, column: place.column }),
    message: `${visible(file)}${where}: ${problem.message}`
  }
}
