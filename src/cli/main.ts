#!/usr/bin/env node
// The `casemate` command, started: the program itself is in `program.ts`.
import { readFile } from 'node:fs/promises'
import { runProgram } from './program.js'

const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : ''

await runProgram(process.argv.slice(2), String(version))
