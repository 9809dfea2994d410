// The server of docs/guide/server.md, built as the page says from the packed package, on a database of its own.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unpack } from '../support/packed.js'
import { playSession, sessionFolder } from '../support/session.js'
import { openShell } from '../support/shell.js'
import { compileFiles } from '../support/terminal.js'
import { withDatabase } from './database.js'

const run = promisify(execFile)
const page = 'docs/guide/server.md'
let folder = ''
let server = ''

beforeAll(async () => {
  folder = unpack()
  const shell = openShell(folder)
  await playSession(shell, folder, page)
  shell.close()
  server = sessionFolder(folder, page)
  compileFiles(server)
}, 300_000)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const asker = `
import pg from 'pg'
import { createApp } from './app.js'
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
const app = createApp(pool)
const answers = []
for (const [user, method, path, body] of JSON.parse(process.argv[2])) {
  const response = await app.request(path.replace('ID', answers[0]?.[1]?.id), {
    method,
    headers: { authorization: 'Bearer ' + user },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  const text = await response.text()
  answers.push([response.status, text === '' ? null : JSON.parse(text)])
}
await pool.end()
console.log(JSON.stringify(answers))
`

describe('the server of the guide', () => {
  it('lets each do what the policy says, hides what it may not show, and logs why', async () => {
    await withDatabase(async (sql, url) => {
      await sql.query(readFileSync(join(server, 'schema.sql'), 'utf8'))
      for (const [user, role, org] of [
        ['ada', 'member', 'acme'],
        ['eve', 'auditor', 'acme'],
        ['bob', 'owner', 'globex'],
        ['mallory', 'chief', 'acme']
      ] as const) {
        await sql.query('INSERT INTO users VALUES ($1)', [user])
        await sql.query('INSERT INTO user_roles VALUES ($1, $2, $3)', [user, role, org])
        await sql.query(`INSERT INTO sessions VALUES ($1, $2, now() + interval '1 hour')`, [
          createHash('sha256').update(user).digest(),
          user
        ])
      }
      writeFileSync(join(server, 'ask.js'), asker)
      const questions = [
        ['ada', 'POST', '/orgs/acme/projects', { name: 'Rocket' }],
        ['eve', 'POST', '/orgs/acme/projects', { name: 'Comet' }],
        ['ada', 'POST', '/orgs/globex/projects', { name: 'Spy' }],
        ['eve', 'GET', '/projects'],
        ['bob', 'GET', '/projects'],
        ['eve', 'DELETE', '/projects/ID'],
        ['bob', 'DELETE', '/projects/ID'],
        ['bob', 'DELETE', '/projects/nothing'],
        ['mallory', 'GET', '/projects'],
        ['nobody', 'GET', '/projects'],
        ['ada', 'DELETE', '/projects/ID'],
        ['eve', 'GET', '/projects']
      ]
      const { stdout, stderr } = await run(process.execPath, ['ask.js', JSON.stringify(questions)], {
        cwd: server,
        env: { ...process.env, DATABASE_URL: url }
      })
      const answers = JSON.parse(stdout) as readonly [number, unknown][]
      expect(answers.map(([status]) => status)).toEqual([
        201, 403, 403, 200, 200, 404, 404, 404, 401, 401, 204, 200
      ])
      expect(answers[3]?.[1]).toEqual([expect.objectContaining({ name: 'Rocket', ownerId: 'ada' })])
      expect(answers[4]?.[1]).toEqual([])
      expect(answers[6]).toEqual(answers[7])
      expect(answers[11]?.[1]).toEqual([])
      expect(JSON.stringify(answers[1])).not.toContain('not_granted')
      expect(stderr).toContain('"permission":"project:create","reason":"not_granted"')
      expect(stderr).toContain('unknown role `chief`')
    })
  })

  it('has rules whose every method says yes and no', async () => {
    await run(process.execPath, ['rules-audit.js'], { cwd: server })
  })
})
