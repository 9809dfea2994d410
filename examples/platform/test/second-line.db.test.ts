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
