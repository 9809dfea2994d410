#!/usr/bin/env node
// The `casemate` command, started: the program itself is in `program.ts`.
import { runProgram } from './program.js'

/** The version in package.json. The build puts it here, so that a bundle of the command needs no file beside it. */
declare const packageVersion: string

// `casemate … | head -1`: whoever read the answers wants no more of them.
for (const stream of [process.stdout, process.stderr]) stream.on('error', endIfClosed)
await runProgram(process.argv.slice(2), packageVersion)

function endIfClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit()
}
