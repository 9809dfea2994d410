// What PostgreSQL refuses by itself, where the code of the service forgot to ask: each statement is one that no rule of the
// guard has seen.
import { describe, expect, it } from 'vitest'
import { casemate } from '../../../test/support/cli.js'
import { inTransaction, type Database } from '../src/database/connection.js'
import { authenticate } from '../src/http/authenticate.js'
import { policy, type AppSubject } from '../src/policy.js'
import { enterAs } from '../src/rules/second-line.js'
import { addLog, withService, type Service } from './service.js'

const every = 'SELECT id FROM boundary_logs'
const write = `INSERT INTO boundary_logs (agent_id, owner_id, allowed, method, url)
  VALUES ($1, $2, true, 'GET', 'https://example.com/')`

async function asToken(
  { pool, sql, app }: Service,
  token: string,
  work: (database: Database) => Promise<unknown>
): Promise<unknown> {
  const caller = await authenticate(sql, app.roles, token)
  if (caller === undefined) throw new Error('a token of the people is nobody')
  return asSubject(pool, caller.subject, work)
}

function asSubject(
  pool: Service['pool'],
  subject: AppSubject,
  work: (database: Database) => Promise<unknown>
): Promise<unknown> {
  return inTransaction(pool, enterAs(subject), work)
}

const idsIn = async (database: Database): Promise<string[]> => {
  const { rows } = await database.query<{ id: string }>(every)
  return rows.map(({ id }) => id)
}

describe('a statement that no rule has seen', () => {
  it('of a transaction without a subject is an error', async () => {
    await withService(async (service) => {
      await addLog(service, service.people.ada)
      await expect(service.pool.query(every)).rejects.toThrow('this transaction has no subject')
      await expect(service.pool.query('DELETE FROM boundary_logs')).rejects.toThrow('has no subject')
      expect(await service.countLogs()).toBe(1)
    })
  })

  it('reads the logs that its token may read, and no others', async () => {
    await withService(async (service) => {
      const { people, send } = service
      const [mine, other] = [await addLog(service, people.ada), await addLog(service, people.eve)]
      for (const token of [people.ada.token, people.ada.agentToken, people.owner.agentToken])
        expect(await asToken(service, token, idsIn)).toEqual([])
      const all = await asToken(service, people.auditor.token, idsIn)
      expect(new Set(all as string[])).toEqual(new Set([mine, other]))
      const body = { allow_list: [`boundary_log:${mine}`] }
      const made = await send(people.owner.token, 'POST', '/users/me/keys/tokens', body)
      const { key: token } = made.body as { key: string }
      expect(await asToken(service, token, idsIn)).toEqual([mine])
    })
  })

  it("writes for the agent's owner, and for nobody else", async () => {
    await withService(async (service) => {
      const {
        people: { ada, eve, auditor },
        countLogs
      } = service
      await asToken(service, ada.agentToken, (database) => database.query(write, [ada.agentId, ada.id]))
      for (const [token, owner] of [
        [ada.agentToken, eve.id],
        [eve.token, ada.id],
        [auditor.token, auditor.id]
      ] as const)
        await expect(
          asToken(service, token, (database) => database.query(write, [ada.agentId, owner]))
        ).rejects.toThrow('violates row-level security policy')
      expect(await countLogs()).toBe(1)
    })
  })

  it('changes no log, and deletes none but for the purge', async () => {
    await withService(async (service) => {
      const { people, pool, countLogs } = service
      await addLog(service, people.ada)
      const change = (database: Database): Promise<unknown> =>
        database.query(`UPDATE boundary_logs SET url = ''`)
      await expect(asToken(service, people.owner.token, change)).rejects.toThrow('permission denied')
      for (const token of [people.ada.token, people.owner.token, people.auditor.token])
        await asToken(service, token, (database) => database.query('DELETE FROM boundary_logs'))
      expect(await countLogs()).toBe(1)
      await asSubject(pool, policy.systemSubject('dbpurge'), (database) =>
        database.query('DELETE FROM boundary_logs')
      )
      expect(await countLogs()).toBe(0)
    })
  })
})

describe('accounts and keys, to a statement that no rule has seen', () => {
  const names =
    (table: string) =>
    async (database: Database): Promise<string[]> => {
      const { rows } = await database.query<{ id: string }>(`SELECT id FROM ${table}`)
      return rows.map(({ id }) => id)
    }

  it('are an error where nobody asks, and else those that the token may act on', async () => {
    await withService(async (service) => {
      const { people, pool, sql, send } = service
      const { ada, eve, owner, auditor } = people
      for (const table of ['users', 'user_keys'])
        await expect(pool.query(`SELECT FROM ${table}`)).rejects.toThrow('this transaction has no subject')
      const users = async (token: string): Promise<Set<string>> =>
        new Set((await asToken(service, token, names('users'))) as string[])
      const everybody = new Set([ada.id, eve.id, owner.id, auditor.id])
      expect(await users(ada.token)).toEqual(new Set([ada.id]))
      expect(await users(ada.agentToken)).toEqual(new Set([ada.id]))
      expect(await users(owner.token)).toEqual(everybody)
      expect(await users(auditor.token)).toEqual(everybody)
      const body = { scopes: ['user:read'], allow_list: [`user:${eve.id}`] }
      const made = await send(owner.token, 'POST', '/users/me/keys/tokens', body)
      expect(await users((made.body as { key: string }).key)).toEqual(new Set([eve.id]))
      const { key: other } = (
        await send(owner.token, 'POST', '/users/me/keys/tokens', { scopes: ['template:read'] })
      ).body as { key: string }
      expect(await users(other)).toEqual(new Set())
      const { rows } = await sql.query<{ id: string }>('SELECT id FROM user_keys WHERE user_id = $1', [
        ada.id
      ])
      expect(await asToken(service, ada.token, names('user_keys'))).toEqual(rows.map(({ id }) => id))
      expect(await asToken(service, ada.agentToken, names('user_keys'))).toEqual([])
    })
  })

  it('are made, changed and deleted by who may alone', async () => {
    await withService(async (service) => {
      const { people, sql } = service
      const { ada, eve, owner, auditor } = people
      const count = async (token: string, statement: string): Promise<unknown> =>
        asToken(service, token, async (database) => (await database.query(statement)).rowCount)
      const rename = "UPDATE users SET name = 'x' WHERE true"
      expect(await count(ada.token, rename)).toBe(1)
      expect(await count(owner.token, rename)).toBe(4)
      expect(await count(auditor.token, rename)).toBe(0)
      const open = `INSERT INTO users (username, email, login_type) VALUES ('new', 'new@example.com', 'none')`
      for (const token of [ada.token, auditor.token])
        await expect(count(token, open)).rejects.toThrow('violates row-level security policy')
      expect(await count(owner.token, open)).toBe(1)
      // Nobody hands a key of theirs to somebody else, nor takes one.
      const { rows } = await sql.query<{ id: string }>('SELECT id FROM user_keys WHERE user_id = $1', [
        eve.id
      ])
      const evesKey = rows[0]?.id ?? ''
      expect(
        await count(ada.token, `UPDATE user_keys SET user_id = '${ada.id}' WHERE id = '${evesKey}'`)
      ).toBe(0)
      await expect(count(ada.token, `UPDATE user_keys SET user_id = '${eve.id}'`)).rejects.toThrow(
        'violates row-level security policy'
      )
      expect(await count(ada.token, 'DELETE FROM user_keys')).toBe(1)
      await expect(count(ada.token, 'DELETE FROM users')).rejects.toThrow('permission denied')
    })
  })

  it('stay in use for an owner of the tables for whom row policies count', async () => {
    await withService(async ({ sql, people, send }) => {
      const { rows } = await sql.query<{ owner: string }>('SELECT current_user AS owner')
      await sql.query('CREATE ROLE plain_owner')
      try {
        await sql.query(
          `GRANT CREATE, USAGE ON SCHEMA public TO plain_owner;
           GRANT SELECT ON ALL TABLES IN SCHEMA public TO plain_owner;
           ALTER TABLE users OWNER TO plain_owner; ALTER POLICY owner_of_tables ON users TO plain_owner;
           ALTER FUNCTION find_user OWNER TO plain_owner; ALTER FUNCTION is_admitted OWNER TO plain_owner;
           ALTER FUNCTION note_visit OWNER TO plain_owner;
           ALTER FUNCTION keep_somebody_who_governs OWNER TO plain_owner`
        )
        expect((await send(people.owner.token, 'GET', '/users/Ada')).status).toBe(200)
        expect((await send(people.owner.token, 'PUT', '/users/Ada/status/suspend')).status).toBe(200)
        expect((await send(people.ada.token, 'GET', '/users/me')).status).toBe(401)
      } finally {
        await sql.query(`REASSIGN OWNED BY plain_owner TO ${rows[0]?.owner ?? ''}; DROP OWNED BY plain_owner`)
        await sql.query('DROP ROLE plain_owner')
      }
    })
  })
})

it('has the row policies that its policy says, and none that anything gets around', async () => {
  const folder = 'examples/platform/migrations'
  const files = [
    '--policy',
    'policies/coder/index.ts',
    '--tables',
    `${folder}/tables.json`,
    '-o',
    `${folder}/row-policies.sql`
  ]
  expect(await casemate(['generate', 'rls', ...files, '--check'])).toMatchObject({ status: 0 })
  await withService(async ({ sql }) => {
    expect((await sql.query('SELECT * FROM casemate.problems()')).rows).toEqual([])
  })
})
