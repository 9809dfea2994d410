// Every command on every kind of large document, one after the other: none may take more than half a
// minute of the processor or a gigabyte, whatever it answers; a typed refusal is an answer. The time of the processor
// is what counts, so that a busy machine says the same. Run by hand after a build, as `npm run stress`, with a part of
// a kind's or a command's name to run only those.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { largeDocuments } from '../test/compile/large-documents.js'

const mostSeconds = 30
const mostKilobytes = 1_000_000
/** Past these seconds of the processor the system ends a command. */
const patience = 120

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

/** The commands, those that do most first; `POLICY` is the document's file, `LOG` a log's. Input is given on standard input. */
const commands: readonly { readonly args: string; readonly input?: string }[] = [
  { args: 'mutate --policy POLICY --max 200' },
  { args: 'lint POLICY' },
  { args: 'generate docs --policy POLICY -o PAGES' },
  { args: 'diff POLICY POLICY' },
  { args: 'test --policy POLICY --coverage' },
  { args: 'explore POLICY -o PAGE' },
  { args: 'explore POLICY --against POLICY -o PAGE' },
  { args: 'matrix --policy POLICY --format html -o PAGE' },
  { args: 'matrix --policy POLICY' },
  { args: 'scopes list --policy POLICY' },
  { args: 'check POLICY' },
  { args: 'compile POLICY' },
  {
    args: 'decide --policy POLICY',
    input: '{"subject":{"id":"u1","roles":[]},"action":"read","object":{"type":"doc"}}\n'
  },
  { args: 'unused LOG --policy POLICY' },
  { args: 'replay LOG --policy POLICY' },
  { args: 'generate sql --policy POLICY --enum scope' },
  { args: 'generate types --policy POLICY' },
  { args: 'generate json --policy POLICY' },
  { args: 'generate openapi --policy POLICY' }
]

const log = [
  { v: 1, kind: 'policy', key: 'p1', name: 'log', options: {}, allowed: 1, masked: false },
  { v: 1, kind: 'subject', key: 's1', subject: { id: 'u1', roles: [] } },
  {
    ...{ v: 1, kind: 'decision', policy: 'p1', time: 0, subject: 's1' },
    ...{ action: 'read', object: { type: 'doc' }, allowed: false, weight: 1 }
  }
]

interface Run {
  readonly seconds: number
  readonly kilobytes: number
  readonly status: number | null
  readonly said: string
}

function run(args: readonly string[], input = ''): Run {
  const { status, stderr } = spawnSync(
    '/usr/bin/time',
    ['-f', '%U %S %M', 'prlimit', `--cpu=${patience}`, process.execPath, main, ...args],
    { input, encoding: 'utf8', maxBuffer: 2 ** 30 }
  )
  const lines = stderr.trim().split('\n')
  const [user = NaN, system = NaN, kilobytes = NaN] = (lines.at(-1) ?? '').split(' ').map(Number)
  const said = lines.filter((line) => !/^[\d. ]+$|^Command (exited|terminated)/.test(line)).join(' ')
  return { seconds: user + system, kilobytes, status, said }
}

const only = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'casemate-stress-'))
let failed = 0
const at = (name: string): string => join(folder, name)
const files = { POLICY: at('policy.json'), PAGES: at('pages'), PAGE: at('page.html'), LOG: at('log.ndjson') }
try {
  writeFileSync(files.LOG, log.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const documents = largeDocuments(1).map(({ name, document }) => ({ name, text: JSON.stringify(document) }))
  for (const { args, input } of commands)
    for (const { name, text } of documents) {
      if (!only.every((word) => `${name}: ${args}`.includes(word))) continue
      writeFileSync(files.POLICY, text)
      const given = args
        .split(' ')
        .map((arg) => (Object.hasOwn(files, arg) ? files[arg as keyof typeof files] : arg))
      const { seconds, kilobytes, status, said } = run(given, input)
      const isFine = seconds <= mostSeconds && kilobytes <= mostKilobytes && status !== null && status <= 2
      const isCrash = /^\s+at |heap out of memory|TypeError|RangeError/m.test(said)
      if (!isFine || isCrash) failed++
      const told = status === 2 || isCrash ? `  ${said.slice(0, 150)}` : ''
      const mark = isFine && !isCrash ? 'ok  ' : 'FAIL'
      process.stdout.write(
        `${mark} ${seconds.toFixed(1).padStart(6)} s ${Math.round(kilobytes / 1024)
          .toString()
          .padStart(5)} MB  ${name} (${text.length}): ${args}${told}\n`
      )
    }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
