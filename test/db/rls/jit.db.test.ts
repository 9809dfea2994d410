// JIT of the application's role: off from the next connection on, in this database, until the way back.
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { generateRls } from '../../../src/sql/index.js'
import { attempt, policy, role, tables, withDocuments } from './documents.js'

describe('the setting jit', () => {
  it('is off for new connections of the role, and as before after the way back', async () => {
    await withDocuments(
      async ({ admin, login }) => {
        const settingOf = async (): Promise<unknown> => {
          const client = await login(role)
          return await attempt(client, 'SHOW jit')
        }
        const { up, down } = generateRls(policy, { tables, appRole: role, jit: false })
        expect(await settingOf()).toMatchObject({ rows: ['on'] })
        await admin.query(up)
        await admin.query(up)
        expect(await settingOf()).toMatchObject({ rows: ['off'] })
        await admin.query(down)
        await admin.query(down)
        expect(await settingOf()).toMatchObject({ rows: ['on'] })
      },
      { up: false }
    )
  })

  it('changes nothing where the owner of the tables may not alter the role', async () => {
    await withDocuments(
      async ({ admin, login }) => {
        const { rows } = await admin.query<{ name: string }>('SELECT current_database() AS name')
        await admin.query(`GRANT CREATE ON DATABASE ${rows[0]?.name ?? ''} TO trap_owner`)
        const owner = await login('trap_owner')
        const { up } = generateRls(policy, { tables, appRole: role, jit: false })
        await expect(owner.query(up)).rejects.toThrow(pg.DatabaseError)
        const policies = await admin.query('SELECT FROM pg_policies')
        expect(policies.rowCount).toBe(0)
      },
      { up: false }
    )
  })
})
