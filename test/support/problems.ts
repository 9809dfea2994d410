// The problems that a policy is refused with, none where it is taken; any other error is thrown on.
import { parsePolicy, type DocumentLimits } from '../../src/document/index.js'
import { PolicyError, type Problem } from '../../src/errors.js'

/** What is wrong with a document. */
export function problemsOf(document: unknown, limits?: DocumentLimits): readonly Problem[] {
  try {
    parsePolicy(document, limits)
  } catch (error) {
    return problemsIn(error)
  }
  return []
}

/** What is wrong with a file or a text that is being loaded. */
export async function loadingProblems(load: () => Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await load()
  } catch (error) {
    return problemsIn(error)
  }
  return []
}

function problemsIn(error: unknown): readonly Problem[] {
  if (error instanceof PolicyError) return error.problems
  throw error
}
