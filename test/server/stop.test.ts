// How `casemate serve` ends: what it is answering gets its answer, and its log is whole.
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decisionsIn, linesOfKind } from '../records/support.js'
import { bundle } from '../support/bundle.js'
import { casemate } from '../support/cli.js'
import { questionOf, startServe, until, type Running } from './process.js'

let folder = ''
let command = ''
const at = (name: string): string => join(folder, name)
const policy = `name: notes
resources:
  note: { actions: { read: read it, write: change it } }
roles:
  reader: { kind: site, grants: { site: { allow: { note: [read] } } } }
`
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'casemate-stop-'))
  writeFileSync(at('policy.yaml'), policy)
  writeFileSync(at('subjects.ndjson'), '{"id":"ada","roles":["reader"]}\n{"id":"bob","roles":[]}\n')
  command = await bundle('src/cli/main.ts', folder)
}, 60_000)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const start = (...more: string[]): Promise<Running> =>
  startServe(command, ['--policy', at('policy.yaml'), '--subjects', at('subjects.ndjson'), ...more])

interface OpenRequest {
  /** Sends what is missing. */
  readonly finish: () => void
  /** All that came back, when the server has closed the connection. */
  readonly answer: Promise<string>
}

/** A request of which the server has everything but the end of the body. */
async function beginRequest({ url }: Running): Promise<OpenRequest> {
  const { port, hostname, host } = new URL(url)
  const body = questionOf('write')
  const socket: Socket = connect(Number(port), hostname)
  let got = ''
  socket.on('data', (chunk) => (got += chunk.toString()))
  // A process that ends at once resets its connections.
  socket.on('error', () => undefined)
  const answer = new Promise<string>((resolve) =>
    socket.once('close', () => {
      resolve(got)
    })
  )
  socket.write(
    `POST /access/v1/evaluation HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 10)}`
  )
  // Itself and the one that waits.
  await until(async () =>
    (await (await fetch(`${url}/metrics`)).text()).includes('casemate_requests_open 2\n')
  )
  return { finish: () => socket.write(body.slice(10)), answer }
}

describe('a server that is told to stop', () => {
  it('answers what it was asked before, takes nothing new, writes its log and ends well', async () => {
    const server = await start('--records', at('log.ndjson'), '--records-allowed', '1')
    expect(await server.decide('read')).toEqual({ decision: true })
    const { finish, answer } = await beginRequest(server)
    server.signal('SIGTERM')
    await until(() => server.said().includes('stopping'))
    await until(() => isRefused(server))
    finish()
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\{"decision":false\}$/)
    expect(await server.ended).toEqual({ code: 0, signal: null })
    expect(server.said()).toMatch(/stopping\nstopped\n$/)
    const lines = readFileSync(at('log.ndjson'), 'utf8').trim().split('\n')
    expect(decisionsIn(lines).map(({ action, allowed }) => [action, allowed])).toEqual([
      ['read', true],
      ['write', false]
    ])
    // Counts are written at the end alone, in so short a time.
    expect(linesOfKind(lines, 'count')).toMatchObject([
      { permission: 'note:read', allowed: 1, denied: 0 },
      { permission: 'note:write', allowed: 0, denied: 1 }
    ])
    const args = ['replay', at('log.ndjson'), '--policy', at('policy.yaml'), '--fail-on', 'lost']
    expect(await casemate(args)).toMatchObject({ status: 0, stderr: '' })
  }, 300_000)

  it('ends at once when it is told again', async () => {
    const server = await start()
    const { answer } = await beginRequest(server)
    server.signal('SIGINT')
    await until(() => server.said().includes('stopping'))
    server.signal('SIGINT')
    expect(await server.ended).toEqual({ code: null, signal: 'SIGINT' })
    expect(await answer).toBe('')
    expect(server.said()).not.toContain('stopped')
  }, 300_000)
})

describe('the log of a server', () => {
  it('goes on in a new file, and under a new policy', async () => {
    const server = await start('--records', at('moved.ndjson'))
    try {
      expect(await server.decide('write')).toEqual({ decision: false })
      await until(() => isWritten('moved.ndjson', 1))
      renameSync(at('moved.ndjson'), at('moved.1.ndjson'))
      writeFileSync(at('policy.yaml'), policy.replace('name: notes', 'name: others'))
      await until(() => server.said().includes('again'))
      expect(await server.decide('write', 'bob')).toEqual({ decision: false })
      await until(() => isWritten('moved.ndjson', 1))
      const metrics = await (await fetch(`${server.url}/metrics`)).text()
      expect(metrics).toMatch(/casemate_records_total\{result="written"\} [1-9]/)
      expect(metrics).toContain('casemate_records_total{result="dropped"} 0\n')
    } finally {
      server.signal('SIGTERM')
      expect(await server.ended).toEqual({ code: 0, signal: null })
      writeFileSync(at('policy.yaml'), policy)
    }
    for (const name of ['moved.1.ndjson', 'moved.ndjson'])
      expect(await casemate(['replay', at(name), '--policy', at('policy.yaml')])).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringContaining('1 line for 1 decision: 0 gained, 0 lost') as string
      })
  }, 300_000)

  it('has pseudonyms in place of ids where it has a key, and replays the same', async () => {
    writeFileSync(at('mask.key'), 'a key that nobody knows'.replaceAll(' ', '-') + '\n')
    const log = ['--records', at('masked.ndjson'), '--records-allowed', '1']
    const server = await start(...log, '--mask-key-file', at('mask.key'))
    expect(await server.decide('read')).toEqual({ decision: true })
    expect(await server.decide('write', 'bob')).toEqual({ decision: false })
    server.signal('SIGTERM')
    expect(await server.ended).toEqual({ code: 0, signal: null })
    const text = readFileSync(at('masked.ndjson'), 'utf8')
    expect(text).toContain('"masked":true')
    for (const id of ['ada', 'bob', 'n1']) expect(text).not.toContain(`"${id}"`)
    expect(text).not.toContain('nobody-knows')
    expect(decisionsIn(text.trim().split('\n')).map(({ allowed }) => allowed)).toEqual([true, false])
    expect(await casemate(['replay', at('masked.ndjson'), '--policy', at('policy.yaml')])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('2 lines for 2 decisions: 0 gained, 0 lost') as string
    })
  }, 300_000)

  it.each([
    ['a file without a key', '\n', /expected one key of at least 16 characters/],
    ['a short key', 'hunter2-hunter2', /expected one key of at least 16 characters/],
    ['two keys', 'first-key-of-the-log\nsecond-key-of-the-log\n', /expected one key/],
    ['no file', undefined, /no such file/]
  ])('refuses %s before anything is answered, and shows it to nobody', async (_what, key, message) => {
    rmSync(at('wrong.key'), { force: true })
    if (key !== undefined) writeFileSync(at('wrong.key'), key)
    const files = ['--policy', at('policy.yaml'), '--subjects', at('subjects.ndjson')]
    const mask = ['--mask-key-file', at('wrong.key')]
    for (const more of [[], ['--check']]) {
      const log = ['--records', at('never.ndjson'), ...mask, ...more]
      const { status, stderr } = await casemate(['serve', ...files, ...log])
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) as string })
      expect(stderr).not.toMatch(/hunter2|first-key/)
    }
    expect(existsSync(at('never.ndjson'))).toBe(false)
    expect(await casemate(['serve', ...files, ...mask])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no log without --records') as string
    })
  })

  it('is needed before anything is answered', async () => {
    const files = ['--policy', at('policy.yaml'), '--subjects', at('subjects.ndjson')]
    expect(await casemate(['serve', ...files, '--records', at('none/log.ndjson')])).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^--records: ENOENT[^]*log\.ndjson/) as string
    })
    expect(await casemate(['serve', ...files, '--records-allowed', '1.5'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('expected a share from 0 to 1') as string
    })
  })
})

async function isRefused({ url }: Running): Promise<boolean> {
  try {
    await fetch(`${url}/healthz`, { headers: { connection: 'close' } })
    return false
  } catch {
    return true
  }
}

function isWritten(name: string, decisions: number): boolean {
  try {
    const lines = readFileSync(at(name), 'utf8').trim().split('\n')
    return decisionsIn(lines).length >= decisions
  } catch {
    return false
  }
}
