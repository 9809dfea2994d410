// Every command on every kind of large document, one after the other on one core: none may take more than half a
// minute or a gigabyte, whatever it answers; a typed refusal is an answer. Run by hand after a build, as
// `npm run stress`, with a part of a kind's or a command's name to run only those.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { largeDocuments } from '../test/compile/large-documents.js'

const mostSeconds = 30
const mostKilobytes = 1_000_000
/** Past this nothing is waited for: the machine may be busy with other things. */
const patience = 300_000

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

/** The commands; `POLICY` is the document's file. Input is given on standard input. */
const commands: readonly { readonly args: string; readonly input?: string }[] = [
  { args: 'check POLICY' },
  { args: 'lint POLICY' },
  { args: 'test --policy POLICY --coverage' },
  { args: 'mutate --policy POLICY --max 200' },
  { args: 'diff POLICY POLICY' },
  { args: 'matrix --policy POLICY' },
  { args: 'compile POLICY' },
  {
    args: 'decide --policy POLICY',
    input: '{"subject":{"id":"u1","roles":[]},"action":"read","object":{"type":"doc"}}\n'
  },
  { args: 'scopes list --policy POLICY' },
  { args: 'generate sql --policy POLICY --enum scope' },
  { args: 'generate types --policy POLICY' },
  { args: 'generate json --policy POLICY' },
  { args: 'generate openapi --policy POLICY' },
  { args: 'generate docs --policy POLICY -o PAGES' }
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
    ['-f', '%U %S %M', 'taskset', '-c', '0', process.execPath, main, ...args],
    { input, encoding: 'utf8', timeout: patience, maxBuffer: 2 ** 30, killSignal: 'SIGKILL' }
  )
  const lines = stderr.trim().split('\n')
  const [user = NaN, system = NaN, kilobytes = NaN] = (lines.at(-1) ?? '').split(' ').map(Number)
  const said = lines.filter((line) => !/^[\d. ]+$|^Command exited/.test(line)).join(' ')
  return { seconds: user + system, kilobytes, status, said }
}

const only = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'casemate-stress-'))
let failed = 0
try {
  for (const { name, document } of largeDocuments(1)) {
    const file = join(folder, 'policy.json')
    const text = JSON.stringify(document)
    writeFileSync(file, text)
    for (const { args, input } of commands) {
      if (!only.every((word) => `${name}: ${args}`.includes(word))) continue
      const given = args.split(' ').map((arg) => ({ POLICY: file, PAGES: join(folder, 'pages') })[arg] ?? arg)
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
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
