// The example, as two processes of it would run.
import { expect, it } from 'vitest'
import { storeMigration } from 'casemate/postgres'
import { invite, mintKey, openApp, rolesOf, saveRole, subjectFor } from '../../../examples/custom-roles.js'
import { withDatabase } from '../database.js'
import { codeOf, give } from './world.js'

const document = {
  type: 'document',
  org: 'acme',
  project: 'p1',
  status: 'published',
  locked: false
} as const

it('a role that is edited in one process is decided by in the other, with a key too', async () => {
  await withDatabase(async (client, url) => {
    await client.query(storeMigration())
    const [one, two] = [await openApp(url), await openApp(url)]
    try {
      // Nobody gives the first role.
      await give(client, 'ada', 'owner', { kind: 'org', id: 'acme' })
      const ada = await subjectFor(one, { user: 'ada' })
      if (ada === undefined) throw new Error('nobody')
      const reader = { kind: 'org', grants: { org: { allow: { document: ['read'] } } } } as const
      const revision = await saveRole(one, ada, 'acme', 'reader', reader)
      expect(await rolesOf(two, 'acme', revision)).toEqual(['reader'])

      await invite(two, ada, 'acme', 'eve', 'reader')
      const eve = await subjectFor(one, { user: 'eve' })
      if (eve === undefined) throw new Error('nobody')
      expect(eve.can('read', document)).toBe(true)
      expect(eve.can('update', document)).toBe(false)
      expect(await codeOf(saveRole(one, eve, 'acme', 'reader', reader))).toBe('forbidden')
      expect(await codeOf(invite(one, eve, 'acme', 'bob', 'reader'))).toBe('change_refused')

      const { secret } = await mintKey(one, eve, 'acme')
      expect((await subjectFor(two, { key: secret }))?.can('read', document)).toBe(true)
      expect(await subjectFor(two, { key: `${secret}x` })).toBe(undefined)
      await saveRole(one, ada, 'acme', 'reader', { kind: 'org' })
      expect((await subjectFor(two, { key: secret }))?.can('read', document)).toBe(false)
    } finally {
      for (const { store, pool } of [one, two]) {
        store.close()
        await pool.end()
      }
    }
  })
})
