// The callers in Go and Python of docs/guide/decision-server.md, run as they stand there against the server of that page.
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../support/bundle.js'
import { blocksOf } from '../support/pages.js'
import { startServe, type Running } from './process.js'

const run = promisify(execFile)
const page = 'docs/guide/decision-server.md'
let folder = ''
let server: Running | undefined
const at = (name: string): string => join(folder, name)

/** The first of these programs that answers. */
function find(names: readonly string[], version: string): string | undefined {
  return names.find((name) => spawnSync(name, [version]).status === 0)
}
const go = find(['go', '/usr/local/go/bin/go'], 'version')
const python = find(['python3'], '--version')

/** How a caller of the guide is made and run. */
interface Caller {
  readonly program: string | undefined
  readonly prepare: () => Promise<unknown>
  readonly command: () => readonly [program: string, ...args: string[]]
}
const callers: Readonly<Record<string, Caller>> = {
  Go: {
    program: go,
    prepare: () =>
      run(go ?? '', ['build', '-o', 'pdp', 'pdp.go'], {
        cwd: folder,
        env: { ...process.env, GO111MODULE: 'off', GOTOOLCHAIN: 'local' }
      }),
    command: () => [at('pdp')]
  },
  Python: {
    program: python,
    prepare: () => Promise.resolve(),
    command: () => [python ?? '', at('pdp.py')]
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'casemate-callers-'))
  for (const { note, code } of blocksOf(page)) if (/^[\w-]+\.\w+$/.test(note)) writeFileSync(at(note), code)
  const files = ['--policy', at('gateway.yaml'), '--subjects', at('subjects.ndjson')]
  const command = await bundle('src/cli/main.ts', folder)
  server = await startServe(command, [...files, '--token-file', at('tokens.txt')])
}, 120_000)
afterAll(async () => {
  server?.signal('SIGTERM')
  await server?.ended
  rmSync(folder, { recursive: true, force: true })
})

const token = '5e0b8c7f2a914d3c8e6f1b7a9d2c4e58'

/** What a caller prints; `error` where it ends with one. */
async function ask(
  { command }: Caller,
  words: string,
  env: Readonly<Record<string, string>> = {}
): Promise<string> {
  const [program, ...args] = command()
  try {
    const { stdout } = await run(program, [...args, ...words.split(' ')], {
      env: { ...process.env, PDP_URL: server?.url ?? '', PDP_TOKEN: token, ...env }
    })
    return stdout.trim()
  } catch {
    return 'error'
  }
}

/** Something that answers everything with 200 and this. */
async function answering(body: string): Promise<{ readonly url: string; readonly server: Server }> {
  const other = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  return { url: `http://127.0.0.1:${(other.address() as AddressInfo).port}`, server: other }
}

for (const [language, caller] of Object.entries(callers))
  describe.skipIf(caller.program === undefined)(
    `the caller in ${language} (where there is ${language})`,
    () => {
      beforeAll(() => caller.prepare(), 300_000)

      it.each([
        ['ada post todos 1', 'true'],
        ['bob post todos 1', 'false'],
        ['bob get reports 1', 'true'],
        ['eve get todos 1', 'false'],
        ['ada fly todos 1', 'false']
      ])(
        '%s: %s',
        async (words, expected) => {
          expect(await ask(caller, words)).toBe(expected)
        },
        60_000
      )

      it('has an error, and no decision, without a token, a server or a decision', async () => {
        expect(existsSync(at(language === 'Go' ? 'pdp.go' : 'pdp.py'))).toBe(true)
        expect(await ask(caller, 'ada post todos 1', { PDP_TOKEN: 'another-token-of-nobody' })).toBe('error')
        expect(await ask(caller, 'ada post todos 1', { PDP_URL: 'http://127.0.0.1:1' })).toBe('error')
        for (const body of ['{}', '{"decision":"true"}', '{"decision":1}', 'true', '{"decision":null}', '']) {
          const { url, server: other } = await answering(body)
          expect(await ask(caller, 'ada post todos 1', { PDP_URL: url })).toBe('error')
          other.close()
        }
      }, 60_000)
    }
  )
