// What somebody might try who has a token, or nearly one: none of it reads or writes what is not theirs, and no refusal
// says what exists.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { idOf, insertKey } from './people.js'
import { addLog, someLogs, withService, type Service } from './service.js'

const nobody = '00000000-0000-4000-a000-000000000000'
const missing = {
  status: 404,
  headers: expect.anything() as unknown,
  body: { message: 'There is no such thing, or you may not see it.', detail: '', validations: [] }
}

const logsOf = (agentId: string): string => `/agents/${agentId}/boundary-logs`

describe('an agent', () => {
  it('cannot name the owner of its logs, nor another agent, and writes nothing by trying', async () => {
    await withService(async ({ send, people: { ada, eve }, countLogs }) => {
      const { logs } = someLogs()
      for (const body of [{ logs, owner_id: eve.id }, { logs: [{ ...logs[0], owner_id: eve.id }] }])
        expect(await send(ada.agentToken, 'POST', logsOf(ada.agentId), body)).toMatchObject({ status: 400 })
      expect(await send(ada.agentToken, 'POST', logsOf(eve.agentId), { logs })).toEqual(missing)
      expect(await countLogs()).toBe(0)
      expect(await send(ada.agentToken, 'POST', logsOf(ada.agentId), { logs })).toMatchObject({ status: 201 })
      expect([await countLogs(ada.id), await countLogs()]).toEqual([1, 1])
    })
  })

  it("cannot write in the name of its owner's other workspace, as its owner can", async () => {
    await withService(async ({ send, people: { ada, owner }, sql, countLogs }) => {
      await sql.query('UPDATE workspaces SET owner_id = $1 WHERE id = $2', [ada.id, owner.workspaceId])
      expect(await send(ada.agentToken, 'POST', logsOf(owner.agentId), someLogs())).toEqual(missing)
      expect(await countLogs()).toBe(0)
      expect(await send(ada.token, 'POST', logsOf(owner.agentId), someLogs())).toMatchObject({ status: 201 })
    })
  })

  it('of an owner or an auditor reads nothing that its owner reads', async () => {
    await withService(async (service) => {
      const { send, people } = service
      const id = await addLog(service, people.ada)
      for (const { token, agentToken } of [people.owner, people.auditor])
        for (const path of ['/boundary-logs', `/boundary-logs/${id}`]) {
          expect(await send(token, 'GET', path)).toMatchObject({ status: 200 })
          expect(await send(agentToken, 'GET', path)).toMatchObject({
            status: 403,
            body: { message: 'This key does not let you read any boundary_log.' }
          })
        }
    })
  })

  it('cannot make itself a token that reads', async () => {
    await withService(async ({ send, people: { owner }, sql }) => {
      const before = await sql.query('SELECT FROM casemate_keys')
      for (const body of [{}, { scopes: ['workspace:read'] }])
        expect(await send(owner.agentToken, 'POST', '/users/me/keys/tokens', body)).toMatchObject({
          status: 403
        })
      expect((await sql.query('SELECT FROM casemate_keys')).rowCount).toBe(before.rowCount)
    })
  })
})

describe('a token with a narrower scope', () => {
  it('is refused what its owner may do, and told which scope it lacks', async () => {
    await withService(async (service) => {
      const { send, people, countLogs } = service
      await addLog(service, people.ada)
      const made = await send(people.owner.token, 'POST', '/users/me/keys/tokens', {
        scopes: ['workspace:read']
      })
      expect(made.status).toBe(201)
      const { key: token } = made.body as { key: string }
      expect(await send(token, 'GET', '/boundary-logs')).toMatchObject({
        status: 403,
        body: { detail: expect.stringMatching(/^It needs boundary_log:read, which one of these/) as unknown }
      })
      expect(await send(token, 'POST', logsOf(people.owner.agentId), someLogs())).toMatchObject({
        status: 403
      })
      expect(await countLogs()).toBe(1)
    })
  })

  it('cannot be used to make a wider one', async () => {
    await withService(async ({ send, people: { ada } }) => {
      const narrow = await send(ada.token, 'POST', '/users/me/keys/tokens', {
        scopes: ['coder:apikeys.manage_self']
      })
      const { key: token } = narrow.body as { key: string }
      expect(await send(token, 'POST', '/users/me/keys/tokens', {})).toMatchObject({
        status: 403,
        body: { message: 'A key cannot do more than the one that makes it.' }
      })
      const same = await send(token, 'POST', '/users/me/keys/tokens', {
        scopes: ['coder:apikeys.manage_self']
      })
      expect(same.status).toBe(201)
    })
  })

  it('sees only the logs that its allow list names, and others as if there were none', async () => {
    await withService(async (service) => {
      const { send, people } = service
      const [mine, other] = [await addLog(service, people.ada), await addLog(service, people.ada)]
      const body = { allow_list: [`boundary_log:${mine}`] }
      const made = await send(people.owner.token, 'POST', '/users/me/keys/tokens', body)
      const { key: token } = made.body as { key: string }
      expect((await send(token, 'GET', '/boundary-logs')).body).toMatchObject({ logs: [{ id: mine }] })
      expect(await send(token, 'GET', `/boundary-logs/${mine}`)).toMatchObject({ status: 200 })
      const refused = await send(token, 'GET', `/boundary-logs/${other}`)
      expect(refused).toEqual(missing)
      for (const id of [nobody, 'no-id', other.toUpperCase()])
        expect(await send(token, 'GET', `/boundary-logs/${id}`)).toEqual(refused)
    })
  })
})

describe('a refusal', () => {
  it('to write is the same for an agent of somebody else and for none', async () => {
    await withService(async ({ send, people: { ada, eve, owner, auditor } }) => {
      for (const token of [ada.agentToken, ada.token, owner.token]) {
        const refused = await send(token, 'POST', logsOf(eve.agentId), someLogs())
        expect(refused).toEqual(missing)
        for (const id of [nobody, 'no-id'])
          expect(await send(token, 'POST', logsOf(id), someLogs())).toEqual(refused)
      }
      // Who can write no log at all is refused before any agent is looked for.
      const refused = await send(auditor.token, 'POST', logsOf(auditor.agentId), someLogs())
      expect(refused).toMatchObject({
        status: 403,
        body: { message: 'You may not create any boundary_log.' }
      })
      expect(await send(auditor.token, 'POST', logsOf(nobody), someLogs())).toEqual(refused)
    })
  })

  it('to read is the same for a log that there is and for none', async () => {
    await withService(async (service) => {
      const { send, people } = service
      const id = await addLog(service, people.ada)
      for (const token of [people.ada.token, people.ada.agentToken, people.eve.token])
        expect(await send(token, 'GET', `/boundary-logs/${id}`)).toEqual(
          await send(token, 'GET', `/boundary-logs/${nobody}`)
        )
    })
  })
})

describe('a token whose row is not whole', () => {
  const breakages: Record<string, (service: Service, token: string) => Promise<void>> = {
    'has expired': ({ sql }, id) =>
      run(sql, "UPDATE casemate_keys SET expires_at = now() - interval '1 s' WHERE id = $1", [id]),
    'has lost its scopes': async ({ sql }, id) => {
      await run(sql, 'ALTER TABLE casemate_keys ALTER scopes DROP NOT NULL')
      await run(sql, 'UPDATE casemate_keys SET scopes = NULL WHERE id = $1', [id])
    },
    'has lost its allow list': async ({ sql }, id) => {
      await run(sql, 'ALTER TABLE casemate_keys ALTER allow_list DROP NOT NULL')
      await run(sql, 'UPDATE casemate_keys SET allow_list = NULL WHERE id = $1', [id])
    },
    'has a scope that the policy does not know, beside one that it does': async ({ sql }, id) => {
      await run(sql, "ALTER TYPE api_key_scope ADD VALUE 'boundary_log:archive'")
      const scopes = '["coder:all", "boundary_log:archive"]'
      await run(sql, 'UPDATE casemate_keys SET scopes = $2 WHERE id = $1', [id, scopes])
    },
    'has an entry that is none': ({ sql }, id) =>
      run(sql, `UPDATE casemate_keys SET allow_list = '["*:*", "boundary_lag:*"]' WHERE id = $1`, [id]),
    'is of a user with an unknown role, which may be a ban': ({ sql }, id) =>
      run(
        sql,
        `INSERT INTO casemate_assignments (user_id, place_kind, place_id, role)
         SELECT user_id, 'site', '00000000-0000-0000-0000-000000000000', 'suspended' FROM casemate_keys WHERE id = $1`,
        [id]
      )
  }

  it.each(Object.entries(breakages))("because it %s is nobody's", async (_what, damage) => {
    await withService(async (service) => {
      const { token } = service.people.owner
      expect(await service.send(token, 'GET', '/boundary-logs')).toMatchObject({ status: 200 })
      await damage(service, idOf(token))
      expect(await service.send(token, 'GET', '/boundary-logs')).toEqual(await service.send('x', 'GET', '/'))
    })
  })

  it("cannot be stored: scopes are the policy's, and a token of a person has some", async () => {
    await withService(async ({ sql, people: { ada } }) => {
      const key = { userId: ada.id, scopes: ['user:read'], allowList: ['*:*'], seconds: 60, name: 'x' }
      await expect(insertKey(sql, { ...key, scopes: ['boundary_log:archive'] })).rejects.toThrow(
        'invalid input value for enum'
      )
      await expect(insertKey(sql, { ...key, scopes: null })).rejects.toThrow('keys_with_scopes')
      await expect(insertKey(sql, { ...key, allowList: null })).rejects.toThrow('keys_with_an_allow_list')
    })
  })
})

describe('a token', () => {
  it('is known by its secret alone, of which no part is stored', async () => {
    await withService(async ({ send, sql, people: { owner, ada } }) => {
      const [start, id] = ['platform', idOf(owner.token)]
      const secret = owner.token.slice(`${start}_${id}_`.length)
      const { rows } = await sql.query<{ stored: string }>(
        'SELECT to_jsonb(k)::text AS stored FROM casemate_keys AS k'
      )
      expect(JSON.stringify(rows)).toContain(createHash('sha256').update(owner.token).digest('hex'))
      for (const part of [
        secret,
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret, 'base64url').toString('hex')
      ])
        expect(JSON.stringify(rows)).not.toContain(part)
      const guesses = [
        '',
        id,
        `${start}_${id}_`,
        ada.token.replace(idOf(ada.token), id),
        owner.token.replace(start, 'casemate'),
        `${owner.token}x`,
        `' OR true --_${id}_${secret}`
      ]
      const answers = await Promise.all(guesses.map((guess) => send(guess, 'GET', '/boundary-logs')))
      for (const answer of answers)
        expect(answer).toMatchObject({
          status: 401,
          body: { message: 'You are not signed in, or your session has ended.' }
        })
    })
  })

  it('is made only by whom the policy lets have keys, and for nobody else', async () => {
    await withService(async ({ send, people: { ada, auditor, owner, eve } }) => {
      expect(await send(ada.token, 'POST', '/users/me/keys/tokens', {})).toMatchObject({ status: 201 })
      // An auditor by the role alone has none to make.
      expect(await send(auditor.token, 'POST', '/users/me/keys/tokens', {})).toMatchObject({ status: 403 })
      expect(await send(ada.token, 'POST', `/users/${eve.id}/keys/tokens`, {})).toEqual(missing)
      expect(await send(owner.token, 'POST', '/users/me/keys/tokens', { user_id: eve.id })).toMatchObject({
        status: 400
      })
    })
  })

  it('of an agent follows its workspace to a new owner', async () => {
    await withService(async ({ send, sql, people: { ada, eve }, countLogs }) => {
      await run(sql, 'UPDATE workspaces SET owner_id = $1 WHERE id = $2', [eve.id, ada.workspaceId])
      expect(await send(ada.agentToken, 'POST', logsOf(ada.agentId), someLogs())).toMatchObject({
        status: 201
      })
      expect(await send(ada.token, 'POST', logsOf(ada.agentId), someLogs())).toEqual(missing)
      expect([await countLogs(ada.id), await countLogs(eve.id)]).toEqual([0, 1])
    })
  })
})

describe('SQL', () => {
  const hostile = ["' OR '1'='1", "'; DROP TABLE boundary_logs; --", '$1', '\\', '\u0000', '%', '__proto__']

  it('in an id is an id that nothing has', async () => {
    await withService(async (service) => {
      const { send, people } = service
      await addLog(service, people.ada)
      for (const text of hostile.map(encodeURIComponent)) {
        expect(await send(people.owner.token, 'GET', `/boundary-logs/${text}`)).toEqual(missing)
        expect(await send(people.owner.token, 'POST', logsOf(text), someLogs())).toEqual(missing)
      }
      // Were it not for the check of the path, the database would refuse it as well.
      for (const text of hostile) {
        await expect(service.store.log(text)).rejects.toThrow(/^invalid (input syntax|byte sequence)/)
        await expect(service.store.insertLogs(text, [])).rejects.toThrow(
          /^invalid (input syntax|byte sequence)/
        )
      }
      expect(await service.countLogs()).toBe(1)
    })
  })

  it('in a log or a token is text, or refused', async () => {
    await withService(async ({ send, people: { ada, owner }, sql }) => {
      const url = "https://example.com/');DROP/**/TABLE/**/boundary_logs;--"
      const { logs } = someLogs()
      const body = { logs: [{ ...logs[0], url }] }
      expect(await send(ada.agentToken, 'POST', logsOf(ada.agentId), body)).toMatchObject({ status: 201 })
      expect((await sql.query('SELECT url FROM boundary_logs')).rows).toEqual([{ url }])
      for (const text of hostile) {
        for (const log of [
          { ...logs[0], url: text },
          { ...logs[0], method: text }
        ])
          expect(await send(ada.agentToken, 'POST', logsOf(ada.agentId), { logs: [log] })).toMatchObject({
            status: 400
          })
        for (const asked of [{ scopes: [text] }, { token_name: text }, { allow_list: [text] }])
          expect(await send(ada.token, 'POST', '/users/me/keys/tokens', asked)).toMatchObject({ status: 400 })
        const path = `/boundary-logs?count=${encodeURIComponent(text)}`
        expect(await send(owner.token, 'GET', path)).toMatchObject({ status: 400 })
      }
    })
  })
})

describe('a body', () => {
  it('that is no JSON, or too long, is refused by the server', async () => {
    await withService(async ({ send, people: { ada }, countLogs }) => {
      for (const body of [undefined, null, [], 'x', { logs: [] }, someLogs(101)])
        expect(await send(ada.agentToken, 'POST', logsOf(ada.agentId), body)).toMatchObject({ status: 400 })
      const { logs } = someLogs()
      const long = { logs: [{ ...logs[0], url: `https://${'x'.repeat(600_000)}` }] }
      expect((await send(ada.agentToken, 'POST', logsOf(ada.agentId), long)).status).toBe(413)
      expect(await countLogs()).toBe(0)
    })
  })
})

async function run(sql: Service['sql'], query: string, values: readonly unknown[] = []): Promise<void> {
  await sql.query(query, [...values])
}
