// The two commands of a store against a real database: the tables that one prints, and what the other says of what is in them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeMigration } from 'casemate/postgres'
import { withDatabase } from '../database.js'
import { casemate } from '../../support/cli.js'
import { document, give, orgRole, withoutMember, withStore, writeRow } from './world.js'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casemate-store-'))
  await writeFile(join(folder, 'policy.json'), JSON.stringify(document))
  const roles = withoutMember()
  await writeFile(join(folder, 'next.json'), JSON.stringify({ ...document, roles }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('casemate generate store', () => {
  it('prints a migration that may run twice, and one that takes it back', async () => {
    const options = ['--schema', 'my app', '--prefix', 'x_', '--ids', 'uuid']
    const up = await casemate(['generate', 'store', ...options])
    expect(up).toMatchObject({ status: 0, stderr: '' })
    expect(up.stdout).toBe(storeMigration({ schema: 'my app', prefix: 'x_', ids: 'uuid' }))
    const down = await casemate(['generate', 'store', ...options, '--down'])
    await withDatabase(async (client) => {
      const names = async (): Promise<string[]> => {
        const { rows } = await client.query<{ name: string }>(
          `SELECT relname AS name FROM pg_class WHERE relnamespace = '"my app"'::regnamespace
           UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = '"my app"'::regnamespace ORDER BY 1`
        )
        return rows.map(({ name }) => name)
      }
      await client.query('CREATE SCHEMA "my app"')
      await client.query(up.stdout)
      const made = await names()
      expect(made).toContain('x_roles')
      await client.query(
        `INSERT INTO "my app".x_roles (place_kind, place_id, name, document) VALUES ('site', '00000000-0000-0000-0000-000000000000', 'a', '{}')`
      )
      await client.query(up.stdout)
      expect(await names()).toEqual(made)
      expect((await client.query('SELECT revision FROM "my app".x_revision')).rows).toEqual([
        { revision: '1' }
      ])
      await client.query(down.stdout)
      await client.query(down.stdout)
      expect(await names()).toEqual([])
    })
  })

  it('checks a file, and refuses names that PostgreSQL cannot hold', async () => {
    const file = join(folder, 'roles.sql')
    expect((await casemate(['generate', 'store', '-o', file])).status).toBe(0)
    expect((await casemate(['generate', 'store', '-o', file, '--check'])).status).toBe(0)
    expect((await casemate(['generate', 'store', '-o', file, '--check', '--ids', 'uuid'])).status).toBe(1)
    expect((await casemate(['generate', 'store', '--prefix', 'x'.repeat(60)])).status).toBe(2)
    expect((await casemate(['generate', 'store', '--ids', 'int'])).status).toBe(2)
  })
})

describe('casemate check-store', () => {
  it('says whom a policy would turn away, and nothing of others', async () => {
    await withStore(async ({ client, url }) => {
      await writeRow(client, { name: 'helper', document: orgRole('read', 'export') })
      await give(client, 'ada', 'member')
      await give(client, 'bob', 'helper')
      const check = (file: string, ...more: string[]) =>
        casemate(['check-store', '--policy', join(folder, file), '--database', url, ...more])
      expect(await check('policy.json')).toEqual({
        status: 0,
        stderr: '',
        stdout: [
          'note: the role `helper` in `o1` is read without grants.org.allow.page:export',
          '1 custom role, 2 assignments, 0 live keys: nobody is turned away',
          ''
        ].join('\n')
      })
      const { status, stdout } = await check('next.json')
      expect(status).toBe(1)
      expect(stdout).toContain(
        'assignment: 1 user (ada) with the role `member` in `o1`: roles[0]: unknown role `member`'
      )
      expect(stdout).toContain('1 custom role, 2 assignments, 0 live keys: some would be turned away')
      const json = await check('next.json', '--json')
      expect(JSON.parse(json.stdout)).toMatchObject({
        ok: false,
        assignments: [{ name: 'member', users: 1 }]
      })
    })
  })

  it('takes the address of the database from a file as well, and needs one', async () => {
    await withStore(async ({ url }) => {
      const file = join(folder, 'database-url')
      await writeFile(file, `${url}\n`)
      const check = (...where: string[]) =>
        casemate(['check-store', '--policy', join(folder, 'policy.json'), ...where])
      expect(await check('--database-file', file)).toMatchObject({ status: 0, stderr: '' })
      const none = 'expected an address as postgres://USER@HOST/NAME, and it is empty'
      expect(await check()).toEqual({ status: 2, stdout: '', stderr: `--database: ${none}\n` })
    })
  })

  it('fails without its tables or its database, and says so in a line', async () => {
    await withDatabase(async (_client, url) => {
      const check = (address: string) =>
        casemate(['check-store', '--policy', join(folder, 'policy.json'), '--database', address])
      const bare = await check(url)
      expect(bare).toMatchObject({ status: 2, stdout: '' })
      expect(bare.stderr).toMatch(
        /^relation "casemate_assignments" does not exist: run the migration of .*\n$/
      )
      const gone = await check('postgres://postgres@127.0.0.1:1/none')
      expect(gone).toMatchObject({ status: 2, stdout: '' })
      expect(gone.stderr).toMatch(/^--database: .*ECONNREFUSED.*\n$/)
    })
  })
})
