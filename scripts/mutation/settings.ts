// What is mutated, by what it is judged, and where the work is kept: the one place that knows names of folders.
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../..', import.meta.url))

/** The folders of `src` whose code is mutated, with all that is inside. */
export const folders: readonly string[] = [
  'decide',
  'compile',
  'request',
  'delegate',
  'scopes',
  'guard',
  'casl',
  'runtime',
  'policy'
]

/** Tests that start processes, build, or judge what is generated: they see the built package and not a mutant. */
export const unusedTests: RegExp =
  /^test\/(?:cli|generate|docs|explore|server)\/|\.browser\.test\.ts$|^test\/(?:node\/load-policy|output\/sinks|document\/(?:json-schema|define-cost)).*\.test\.ts$/

/** Bundles and the last report; ignored by git. */
export const workFolder: string = `${root}.stryker-tmp/`

/** The mutants that change nothing, each with the argument why. */
export const equivalentsFile: string = `${root}test/mutation/equivalent.json`

/** The least score that is good enough, in percent. */
export const threshold = 95

/** The most runs of one property against one mutant. One that needs more to pass as it should makes all of its own. */
export const propertyRuns = 25

/**
 * How long the tests of one mutant may take, in milliseconds as they were measured without it: those that are about its
 * file, and as long others. Cheap tests are taken first; what only an expensive one notices counts as not noticed, so
 * that the score is a lower bound. `--budget` says another.
 */
export const budget = 1_000

export const workers = 2
