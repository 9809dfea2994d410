// The rules of boundary logs are held to the state that is written to, whoever changes it in between.
import { describe, expect, it } from 'vitest'
import { purge } from '../src/purge.js'
import { addAgent, addAgentToken, addOrganization, addPerson, memberRoles } from './people.js'
import { someLogs, withService, type Service } from './service.js'

describe('a workspace that changes its owner', () => {
  it('between check and write keeps the one who was checked until the log is written', async () => {
    await withService(async (service) => {
      const { send, people, sql, countLogs, connect } = service
      const [other, third] = [await connect(), await connect()]
      // The post is held where it has been allowed and is about to write.
      await other.query('BEGIN; LOCK TABLE boundary_logs IN SHARE MODE')
      const posting = send(
        people.ada.agentToken,
        'POST',
        `/agents/${people.ada.agentId}/boundary-logs`,
        someLogs()
      )
      await waitForBlocked(service, 1)
      const giving = third.query('UPDATE workspaces SET owner_id = $1 WHERE id = $2', [
        people.eve.id,
        people.ada.workspaceId
      ])
      await waitForBlocked(service, 2)
      await other.query('COMMIT')
      expect(await posting).toMatchObject({ status: 201 })
      await giving
      expect([await countLogs(people.ada.id), await countLogs(people.eve.id)]).toEqual([1, 0])
      const { rows } = await sql.query('SELECT owner_id FROM workspaces WHERE id = $1', [
        people.ada.workspaceId
      ])
      expect(rows).toEqual([{ owner_id: people.eve.id }])
    })
  })

  it("before the check is the new owner's, for whom the old one cannot write", async () => {
    await withService(async (service) => {
      const { send, people, countLogs, connect } = service
      const other = await connect()
      await other.query('BEGIN')
      await other.query('UPDATE workspaces SET owner_id = $1 WHERE id = $2', [
        people.eve.id,
        people.ada.workspaceId
      ])
      // Whoever holds Ada's token is Ada: she was the owner when the request came in.
      const posting = send(
        people.ada.token,
        'POST',
        `/agents/${people.ada.agentId}/boundary-logs`,
        someLogs()
      )
      const agentPosting = send(
        people.ada.agentToken,
        'POST',
        `/agents/${people.ada.agentId}/boundary-logs`,
        someLogs()
      )
      await waitForBlocked(service, 2)
      await other.query('COMMIT')
      expect([await posting, await agentPosting]).toMatchObject([{ status: 404 }, { status: 404 }])
      expect(await countLogs()).toBe(0)
    })
  })
})

describe('200 agents that write while the purge runs', () => {
  it('lose no log that should stay, and write none for anybody else', async () => {
    await withService(async (service) => {
      const { send, sql, act } = service
      const agents = await addAgents(service, 20, 10)
      const kept = new Set(await addLogs(service, 29, 500))
      let isWriting = true
      const purging = async (): Promise<number> => {
        let purged = 0
        for (; isWriting; purged += await purge(act, 30)) await addLogs(service, 31, 100)
        return purged
      }
      const writing = agents.map(async ({ id, token }, i) => {
        const next = agents[(i + 10) % agents.length]
        const { status, body } = await send(token, 'POST', `/agents/${id}/boundary-logs`, someLogs(5))
        expect(status).toBe(201)
        for (const written of (body as { ids: string[] }).ids) kept.add(written)
        const tried = await send(token, 'POST', `/agents/${next?.id ?? ''}/boundary-logs`, someLogs())
        expect(tried.status).toBe(404)
      })
      const purges = purging()
      await Promise.all(writing).finally(() => {
        isWriting = false
      })
      expect(await purges).toBeGreaterThan(0)
      const { rows } = await sql.query<{ id: string; isOwners: boolean }>(
        `SELECT l.id, l.owner_id = w.owner_id AS "isOwners"
         FROM boundary_logs AS l JOIN agents AS a ON a.id = l.agent_id JOIN workspaces AS w ON w.id = a.workspace_id`
      )
      expect(new Set(rows.map(({ id }) => id))).toEqual(kept)
      expect(kept.size).toBe(500 + 200 * 5)
      expect(rows.filter(({ isOwners }) => !isOwners)).toEqual([])
      const { rows: counts } = await sql.query<{ count: string }>(
        "SELECT DISTINCT count(*) FROM boundary_logs WHERE at > now() - interval '1 day' GROUP BY agent_id"
      )
      expect(counts).toEqual([{ count: '5' }])
    })
  })
})

/** Adds people with some agents each. */
async function addAgents(
  { sql }: Service,
  people: number,
  each: number
): Promise<{ readonly id: string; readonly token: string }[]> {
  const org = await addOrganization(sql, 'many')
  const agents: { id: string; token: string }[] = []
  for (let person = 0; person < people; person++) {
    const { workspaceId } = await addPerson(sql, org, `person ${person}`, memberRoles)
    for (let i = 0; i < each; i++) {
      const id = await addAgent(sql, workspaceId)
      agents.push({ id, token: await addAgentToken(sql, id) })
    }
  }
  return agents
}

/** Stores logs of all agents in turn, some days old; the answer is their ids. */
async function addLogs({ sql }: Service, days: number, count: number): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO boundary_logs (agent_id, owner_id, at, allowed, method, url)
     SELECT a.id, w.owner_id, now() - make_interval(days => $1), false, 'GET', 'https://example.com/'
     FROM generate_series(1, $2) AS n
       JOIN (SELECT id, workspace_id, row_number() OVER () AS i, count(*) OVER () AS all FROM agents) AS a
         ON a.i = n % a.all + 1
       JOIN workspaces AS w ON w.id = a.workspace_id
     RETURNING id`,
    [days, count]
  )
  return rows.map(({ id }) => id)
}

/** Waits until so many connections of the service's database wait for a lock. */
async function waitForBlocked({ sql }: Service, count: number): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const { rows } = await sql.query<{ blocked: number }>(
      `SELECT count(*)::integer AS blocked FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`
    )
    if (rows[0]?.blocked === count) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`${count} connections should wait for a lock`)
}
