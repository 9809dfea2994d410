// What `casemate test` found, in the words of whoever reads it. A reporter only writes: what holds and what does not is
// decided before, and every reporter says the same.
import { writeGithub } from './github.js'
import { writeHuman } from './human.js'
import { writeJson } from './json.js'
import { writeJunit } from './junit.js'
import type { Run } from './run.js'

export const reporters: ReadonlyMap<string, (run: Run) => string> = new Map([
  ['human', writeHuman],
  ['junit', writeJunit],
  ['json', writeJson],
  ['github', writeGithub]
])
