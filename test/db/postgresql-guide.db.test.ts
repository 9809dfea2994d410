// docs/guide/postgresql.md from its first block to its last: every file as it stands there, from the packed package, every
// command in its order, two processes beside each other, on a database of its own.
import { rmSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { unpack } from '../support/packed.js'
import { stepsOf } from '../support/pages.js'
import { playSession } from '../support/session.js'
import { openShell } from '../support/shell.js'
import { openTerminal, type Terminal } from '../support/terminal.js'
import { withDatabase } from './database.js'
import { freePort } from './server.js'

const page = 'docs/guide/postgresql.md'
const role = 'docs_server'
const folder = unpack()
let terminal: Terminal | undefined
afterAll(async () => {
  await terminal?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('the guide about PostgreSQL goes as it is told', async () => {
  await withDatabase(async (client, url) => {
    const port = String(await freePort())
    const server = new URL(url)
    server.username = role
    server.password = 'secret'
    const shell = openShell(folder)
    const opened = openTerminal(folder, { OWNER_URL: url, DATABASE_URL: server.href, PORT: port })
    terminal = opened
    try {
      const steps = await playSession(shell, folder, page, (cwd, line) =>
        opened.run(cwd, line.replaceAll('localhost:3000', `localhost:${port}`))
      )
      expect(steps.map(({ where, happened }) => `${where}\n${happened}`)).toEqual(
        steps.map(({ where, said }) => `${where}\n${said}`)
      )
      expect(steps).toHaveLength(stepsOf(page).filter(({ kind }) => kind !== 'file').length)
    } finally {
      shell.close()
      await opened.close()
      // A role is one of all databases.
      await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
    }
  })
  // A dozen processes: a busy machine takes minutes.
}, 900_000)
