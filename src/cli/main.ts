#!/usr/bin/env node
// The `casemate` command, started: the program itself is in `program.ts`.
import { readFile } from 'node:fs/promises'
import { runProgram } from './program.js'

const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : ''

// `casemate … | head -1`: whoever read the answers wants no more of them.
for (const stream of [process.stdout, process.stderr]) stream.on('error', endIfClosed)
await runProgram(process.argv.slice(2), String(version))

function endIfClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit()
}
