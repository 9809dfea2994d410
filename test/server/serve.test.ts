// `casemate serve`: the command as a process, and the parts that follow files.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { watch } from '../../src/cli/serve/watched.js'
import { isLoopback } from '../../src/cli/serve/listen.js'
import { bundle } from '../support/bundle.js'
import { casemate } from '../support/cli.js'
import { headers, questionOf, startServe, until } from './process.js'

let folder = ''
const at = (name: string): string => join(folder, name)
const policyOf = (actions: string): string =>
  `name: notes
resources:
  note: { actions: { read: read it, write: change it } }
roles:
  reader: { kind: site, grants: { site: { allow: { note: ${actions} } } } }
systemSubjects:
  robot: { grants: { site: { allow: { note: [write] } } } }
`
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'casemate-serve-'))
  writeFileSync(at('policy.yaml'), policyOf('[read]'))
  writeFileSync(at('subjects.ndjson'), '{"id":"ada","roles":["reader"]}\n{"id":"bob","roles":[]}\n')
  writeFileSync(at('tokens'), '# callers\nsecret-of-the-gateway\n\nsecret-of-the-portal\n')
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('casemate serve --check', () => {
  const check = (...more: string[]): ReturnType<typeof casemate> =>
    casemate([
      'serve',
      '--check',
      '--policy',
      at('policy.yaml'),
      '--subjects',
      at('subjects.ndjson'),
      ...more
    ])

  it('says what would be served', async () => {
    expect(await check('--token-file', at('tokens'), '--system', 'robot', '--host', '0.0.0.0')).toEqual({
      status: 0,
      stdout: 'notes: 1 resource, 2 subjects and robot, 2 tokens\n',
      stderr: ''
    })
  })

  it.each([
    [['--host', '0.0.0.0'], /^--host: without --token-file only loopback/],
    [['--system', 'ghost'], /unknown system subject `ghost`/],
    [['--port', '70000'], /expected a port/],
    [['--token-file', 'none'], /^none: no such file/]
  ])('refuses %j', async (more, message) => {
    const { status, stderr } = await check(...more)
    expect(stderr).toMatch(message)
    expect(status).toBe(2)
  })

  it('refuses tokens that can be guessed, and shows none', async () => {
    writeFileSync(at('short'), 'secret-of-the-gateway\nhunter2\n')
    const { status, stderr } = await check('--token-file', at('short'))
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('line 2: a token has') as string
    })
    expect(stderr).not.toContain('hunter2')
  })

  it('names the line of a subject that is none', async () => {
    writeFileSync(at('broken.ndjson'), '{"id":"ada","roles":[]}\n{"id":"bob","roles":["raeder"]}\n')
    const { status, stderr } = await check('--subjects', at('broken.ndjson'))
    expect(status).toBe(2)
    expect(stderr).toMatch(
      /broken\.ndjson: line 2: roles\[0\]: unknown role `raeder`; did you mean `reader`\?\n$/
    )
  })
})

describe('casemate serve', () => {
  it('answers, reads its files again, keeps the last good ones, and stops', async () => {
    const files = ['--policy', at('policy.yaml'), '--subjects', at('subjects.ndjson')]
    const command = await bundle('src/cli/main.ts', folder)
    const server = await startServe(command, [...files, '--token-file', at('tokens'), '--reasons'])
    try {
      expect(await server.decide('read')).toEqual({ decision: true, context: { reason: 'granted' } })
      expect(await server.decide('write')).toMatchObject({ decision: false })
      expect((await fetch(`${server.url}/access/v1/evaluation`, { method: 'POST' })).status).toBe(401)
      writeFileSync(at('policy.yaml'), policyOf('[read, write]'))
      await until(async () => (await server.decide('write')).decision)
      writeFileSync(at('policy.yaml'), policyOf('[red]'))
      await until(() => Promise.resolve(server.said().includes('still in use')))
      expect(await server.decide('write')).toMatchObject({ decision: true })
      expect(server.said()).toContain('did you mean `read`?')
      const metrics = await fetch(`${server.url}/metrics`, { headers })
      expect(await metrics.text()).toContain('casemate_reloads_total{result="refused"} 1')
      const ofTenant = await fetch(`${server.url}/acme/access/v1/evaluation`, {
        method: 'POST',
        headers,
        body: questionOf('read')
      })
      expect(ofTenant.status).toBe(404)
      const listed = (await (await fetch(`${server.url}/.well-known/authzen-configuration`)).json()) as object
      expect(listed).toMatchObject({ policy_decision_point: server.url })
    } finally {
      server.signal('SIGTERM')
      expect(await server.ended).toEqual({ code: 0, signal: null })
      writeFileSync(at('policy.yaml'), policyOf('[read]'))
    }
    expect(server.said()).toContain('stopped')
  }, 300_000)
})

describe('a file that is watched', () => {
  it('is read again one at a time, and what fails changes nothing', async () => {
    const told: string[] = []
    let made = 0
    let isBroken = false
    const watched = await watch(
      async () => {
        await Promise.resolve()
        if (isBroken) throw new Error('broken')
        return ++made
      },
      { paths: [at('policy.yaml')], every: 60_000, tell: (message) => told.push(message) }
    )
    expect(watched.value).toBe(1)
    await Promise.all([watched.reload(), watched.reload()])
    expect(watched.value).toBe(3)
    isBroken = true
    await watched.reload()
    await watched.stop()
    expect({ value: watched.value, counts: watched.counts }).toEqual({
      value: 3,
      counts: { loaded: 3, failed: 1 }
    })
    expect(told.at(-1)).toBe('still in use: what was read before')
  })

  it('is not read while it is being written', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const path = at('written.txt')
    const looked = async (): Promise<void> => {
      await vi.advanceTimersByTimeAsync(1000)
      // The next look is set when this one is over.
      while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    try {
      writeFileSync(path, 'before')
      const watched = await watch(() => readFile(path, 'utf8'), {
        paths: [path],
        every: 1000,
        tell: () => undefined
      })
      const values: string[] = []
      for (const part of ['a', ' whole', ' policy', '', '']) {
        appendFileSync(path, part)
        await looked()
        values.push(watched.value)
      }
      await watched.stop()
      expect(values).toEqual(['before', 'before', 'before', 'beforea whole policy', 'beforea whole policy'])
    } finally {
      vi.useRealTimers()
    }
  })

  it.each([
    ['127.0.0.1', true],
    ['127.0.0.1:8181', true],
    ['localhost:80', true],
    ['[::1]:80', true],
    ['::1', true],
    ['evil.example', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example:80', false],
    ['0.0.0.0', false],
    ['', false]
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected)
  })
})
