// A terminal in which a page's commands run as they stand there, those after `&` until it is closed. `npx tsx` runs what the
// compiler makes of the page's files, and where no `psql` is installed, one of a few lines stands in for it.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import type { RunOther } from './session.js'

const run = promisify(execFile)

export interface Terminal {
  readonly run: RunOther
  /** Ends what runs in the background. */
  close(): Promise<void>
}

/** Opens a terminal in a folder that `unpack` made, with further variables of the environment. */
export function openTerminal(folder: string, variables: Readonly<Record<string, string>>): Terminal {
  const env = { ...process.env, ...variables, PATH: pathFor(folder) }
  const background: ChildProcess[] = []
  return {
    async run(cwd, line) {
      if (line.startsWith('npx tsx ')) compileFiles(cwd)
      if (line.endsWith(' &')) return start(cwd, line.slice(0, -' &'.length))
      // A command that fails says so in what it prints.
      const done = await run('sh', ['-c', line], { cwd, env, timeout: 300_000 }).catch((error: unknown) => {
        const { stdout, stderr } = error as { stdout: string; stderr: string }
        return { stdout, stderr: `${stderr}${String(error)}` }
      })
      return withoutWarnings(done.stdout + done.stderr)
    },
    async close() {
      await Promise.all(background.map(end))
    }
  }

  /** Starts a command; the first that it prints. */
  function start(cwd: string, line: string): Promise<string> {
    const child = spawn('sh', ['-c', `exec ${line}`], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
    background.push(child)
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (status) => {
        reject(new Error(`${line} ended: ${String(status)}`))
      })
      child.stdout.once('data', (printed: Buffer) => {
        resolve(printed.toString())
      })
    })
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  await ended
}

/** JavaScript beside each file of TypeScript in a folder, and in folders in it. */
export function compileFiles(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.ts')) compileFile(join(folder, name))
}

function compileFile(path: string): void {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
  const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), { compilerOptions })
  writeFileSync(path.replace(/ts$/, 'js'), outputText)
}

function pathFor(folder: string): string {
  const [first, last] = ['first', 'last'].map((name) => join(folder, `terminal-${name}`))
  const write = (place: string, name: string, text: string): void => {
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, name), text, { mode: 0o755 })
  }
  write(first ?? '', 'npx', `#!/bin/sh\nfile=$2\nshift 2\nexec node "\${file%.ts}.js" "$@"\n`)
  write(last ?? '', 'psql', psql)
  return [first, process.env['PATH'], last].join(':')
}

/** `psql`, as far as pages use it: an address, and files after `-f`. */
const psql = `#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import pg from 'pg'
const words = process.argv.slice(2)
const client = new pg.Client({ connectionString: words.find((word) => word.includes('://')) })
await client.connect()
for (const [at, word] of words.entries())
  if (word === '-f') await client.query(readFileSync(words[at + 1], 'utf8'))
await client.end()
`

/** What Node says of itself. */
function withoutWarnings(printed: string): string {
  return printed.replaceAll(/^\(.*\) \w*Warning: .*\n|^\(Use `node --trace-warnings .*\n/gm, '')
}
