// The reporters of `casemate test`. A reporter only formats results, so all of them report the same.
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
