#!/usr/bin/env node
// Starts the `casemate` command; the program is in `program.ts`.
import { runProgram } from './program.js'

/** The version in package.json, inserted by the build so that a bundle of the command needs no other file. */
declare const packageVersion: string | undefined

const version = typeof packageVersion === 'string' ? packageVersion : 'unbuilt'

// With `casemate … | head -1` the reader closes the pipe: the command ends quietly.
for (const stream of [process.stdout, process.stderr]) stream.on('error', endIfClosed)
await runProgram(process.argv.slice(2), version)

function endIfClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit()
}
