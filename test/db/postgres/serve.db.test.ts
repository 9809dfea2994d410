// `casemate serve --database`: subjects are what a real database says, at each request, as long as it says something.
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decisionsIn } from '../../records/support.js'
import { headers, startServe, until, type Running } from '../../server/process.js'
import { bundle } from '../../support/bundle.js'
import { casemate } from '../../support/cli.js'
import { withDatabase } from '../database.js'
import { startServer } from '../server.js'
import { document, give, orgRole, withStore, writeRow } from './world.js'
import { storeMigration } from 'casemate/postgres'

let folder = ''
let command = ''
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casemate-serve-'))
  writeFileSync(at('policy.json'), JSON.stringify(document))
  command = await bundle('src/cli/main.ts', folder)
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

const policyFile = (): string[] => ['--policy', at('policy.json')]

interface Asked {
  readonly status: number
  readonly body: string
}

/** Asks whether somebody may do something with a page of `o1`. */
async function ask({ url }: Running, user: string, action = 'read'): Promise<Asked> {
  const response = await fetch(`${url}/access/v1/evaluation`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      subject: { type: 'user', id: user },
      action: { name: action },
      resource: { type: 'page', id: 'p1', properties: { org: 'o1' } }
    })
  })
  return { status: response.status, body: await response.text() }
}

interface Found {
  readonly results: readonly object[]
  readonly page: { readonly next_token: string; readonly count: number }
}

/** Asks who may read a page of `o1`. */
async function search({ url }: Running, body: object): Promise<Found> {
  const response = await fetch(`${url}/access/v1/search/subject`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      action: { name: 'read' },
      resource: { type: 'page', id: 'p1', properties: { org: 'o1' } },
      ...body
    })
  })
  if (response.status !== 200) throw new Error(String(response.status))
  return (await response.json()) as Found
}

const allow = { status: 200, body: '{"decision":true}' }
const deny = { status: 200, body: '{"decision":false}' }

/** Starts a server, and stops it afterwards. */
async function serving(
  options: readonly string[],
  env: Readonly<Record<string, string>>,
  use: (server: Running) => Promise<void>
): Promise<string> {
  const server = await startServe(command, [...policyFile(), ...options], env)
  try {
    await use(server)
  } finally {
    server.signal('SIGTERM')
    expect(await server.ended).toEqual({ code: 0, signal: null })
  }
  return server.said()
}

describe('casemate serve --database', () => {
  it('answers from the assignments and custom roles of the moment, and writes them down', async () => {
    await withStore(async ({ client, url }) => {
      await give(client, 'ada', 'member')
      const log = ['--records', at('log.ndjson'), '--records-allowed', '1']
      const said = await serving(['--database', ...log], { DATABASE_URL: url }, async (server) => {
        expect(await ask(server, 'ada')).toEqual(allow)
        expect(await ask(server, 'bob')).toEqual(deny)
        await give(client, 'bob', 'member')
        expect(await ask(server, 'bob')).toEqual(allow)
        await client.query('DELETE FROM casemate_assignments WHERE user_id = $1', ['ada'])
        expect(await ask(server, 'ada')).toEqual(deny)
        await writeRow(client, { name: 'remover', document: orgRole('remove') })
        await give(client, 'eve', 'remover')
        expect(await ask(server, 'eve', 'remove')).toEqual(allow)
        expect((await ask(server, 'a\0b')).body).toContain('unknown_subject')
        // The policy is read again; the store goes on.
        writeFileSync(at('policy.json'), JSON.stringify({ ...document, description: 'the next one' }))
        await until(() => server.said().includes('again'))
        expect(await ask(server, 'eve', 'remove')).toEqual(allow)
        const metrics = await (await fetch(`${server.url}/metrics`)).text()
        expect(metrics).toContain('casemate_store_revision 1\n')
        expect(metrics).toContain('casemate_reloads_total{result="read"} 2\n')
      })
      expect(said).toContain('wiki: 2 resources, the subjects of a database, no token\n')
      const lines = readFileSync(at('log.ndjson'), 'utf8').trim().split('\n')
      const written = decisionsIn(lines).map(({ allowed }) => allowed)
      expect(written).toEqual([true, false, true, false, true, true])
      expect(
        await casemate(['replay', at('log.ndjson'), ...policyFile(), '--fail-on', 'lost'])
      ).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringContaining('6 lines for 6 decisions: 0 gained, 0 lost\n') as string
      })
    })
  }, 300_000)

  it('has nobody who holds what means nothing, and everybody else', async () => {
    await withStore(async ({ client, url }) => {
      await give(client, 'ada', 'member')
      await client.query(
        `INSERT INTO casemate_assignments (user_id, role, place_kind, place_id) VALUES ('eve', 'ghost', 'org', 'o1')`
      )
      await serving(['--database', url], {}, async (server) => {
        expect(await ask(server, 'eve')).toMatchObject({
          status: 200,
          body: expect.stringMatching(/^\{"decision":false.*"unreadable_role"/) as string
        })
        expect(await ask(server, 'ada')).toEqual(allow)
      })
    })
  }, 300_000)

  it('finds who may do something among those who are assigned a role', async () => {
    await withStore(async ({ client, url }) => {
      for (const user of ['ada', 'bob', 'eve', 'joe']) await give(client, user, 'member')
      await client.query(`UPDATE casemate_assignments SET place_id = 'o2' WHERE user_id = 'bob'`)
      await client.query(`UPDATE casemate_assignments SET expires_at = now() WHERE user_id = 'eve'`)
      await client.query(
        `INSERT INTO casemate_assignments (user_id, role, place_kind, place_id) VALUES ('mad', 'ghost', 'org', 'o1')`
      )
      await serving(['--database', url], {}, async (server) => {
        const who = (page: object, type = 'user'): Promise<Found> =>
          search(server, { subject: { type }, page })
        expect(await who({})).toMatchObject({ results: [{ id: 'ada' }, { id: 'joe' }] })
        const first = await who({ limit: 1 })
        expect(first.results).toEqual([{ type: 'user', id: 'ada' }])
        expect(first.page.next_token).not.toBe('')
        const next = await who({ token: first.page.next_token })
        expect(next).toEqual({
          results: [{ type: 'user', id: 'joe' }],
          page: { next_token: '', count: 1 }
        })
        expect((await who({}, 'robot')).results).toEqual([])
        const metadata = await (await fetch(`${server.url}/.well-known/authzen-configuration`)).json()
        expect(metadata).toHaveProperty('search_subject_endpoint')
      })
    })
  }, 300_000)

  it('is no decision while the database is away, and answers when it is back', async () => {
    const database = await startServer()
    try {
      const { default: pgModule } = await import('pg')
      const client: pg.Client = new pgModule.Client({ connectionString: database.url })
      client.on('error', () => undefined)
      await client.connect()
      await client.query(storeMigration())
      await give(client, 'ada', 'member')
      const said = await serving(['--database', database.url], {}, async (server) => {
        expect(await ask(server, 'ada')).toEqual(allow)
        await database.pause()
        for (let i = 0; i < 3; i++)
          expect(await ask(server, 'ada')).toEqual({ status: 503, body: 'cannot decide now' })
        await expect(search(server, { subject: { type: 'user' } })).rejects.toThrow('503')
        expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
        await database.resume()
        await until(async () => (await ask(server, 'ada')).status === 200)
        expect(await ask(server, 'ada')).toEqual(allow)
        expect(await ask(server, 'bob')).toEqual(deny)
      })
      expect(said.match(/the database does not answer: /g)).toHaveLength(1)
      expect(said.match(/the database answers again/g)).toHaveLength(1)
    } finally {
      await database.stop()
    }
  }, 300_000)
})

describe('casemate serve --database fails at its start', () => {
  const secret = 'hunter2-of-the-tests'

  it.each([
    ['the database is not there', ['--database', `postgres://me:${secret}@127.0.0.1:1/db`], /ECONNREFUSED/],
    ['it is no address', ['--database', secret], /^--database: expected an address/],
    ['the address is empty', ['--database', ''], /^--database: .* it is empty\n$/],
    ['the file is not there', ['--database-file', 'none'], /^--database-file: none: no such file/],
    ['there are two places', ['--database', '--subjects', 'x'], /^expected one of --subjects/],
    ['there is none', [], /^expected one of --subjects/]
  ])('where %s, and shows no secret', async (_, options, message) => {
    const { status, stdout, stderr } = await casemate(['serve', ...policyFile(), ...options])
    expect(stderr).toMatch(message)
    expect({ status, stdout, shown: stderr.includes(secret) }).toEqual({
      status: 2,
      stdout: '',
      shown: false
    })
  })

  it('where the tables are missing', async () => {
    await withDatabase(async (_, url) => {
      const { status, stderr } = await casemate(['serve', ...policyFile(), '--database', url])
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: expect.stringContaining('run the migration of `casemate generate store`') as string
      })
    })
  })
})

describe('the address of the database', () => {
  it('may be in a file, and is checked with the rest', async () => {
    await withStore(async ({ url }) => {
      writeFileSync(at('url'), `${url}\n`)
      expect(await casemate(['serve', '--check', ...policyFile(), '--database-file', at('url')])).toEqual({
        status: 0,
        stdout: 'wiki: 2 resources, the subjects of a database, no token\n',
        stderr: ''
      })
    })
  })

  it.runIf(process.platform === 'linux')(
    'is not in the list of processes (on Linux, where the test can look)',
    async () => {
      await withStore(async ({ url }) => {
        await serving(['--database', url], {}, ({ pid }) => {
          const shown = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
          expect(shown).toContain('casemate')
          expect(shown).not.toContain('postgres://')
          return Promise.resolve()
        })
      })
    },
    300_000
  )
})
