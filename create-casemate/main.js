#!/usr/bin/env node
// `npm create casemate`: runs `casemate init` of the same version, with the same words after it, on the same terminal.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

// Whatever the package's main file is, the commands stand beside it.
const main = pathToFileURL(createRequire(import.meta.url).resolve('casemate'))
process.argv.splice(2, 0, 'init')
await import(new URL('cli/main.js', main).href)
