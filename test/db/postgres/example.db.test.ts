// The example, as two processes of it would run.
import { expect, it } from 'vitest'
import { storeMigration } from 'casemate/postgres'
import { createApp } from '../../../examples/custom-roles.js'
import { withDatabase } from '../database.js'
import { codeOf } from './world.js'

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
    const [one, two] = [await createApp(url), await createApp(url)]
    try {
      await one.signUp('ada', 'acme')
      const ada = await one.subjectFor({ user: 'ada' })
      if (ada === undefined) throw new Error('nobody')
      const reader = { kind: 'org', grants: { org: { allow: { document: ['read'] } } } } as const
      const revision = await one.saveRole(ada, 'acme', 'reader', reader)
      expect((await two.rolesOf('acme', revision)).map(({ name }) => name)).toEqual(['reader'])

      await two.invite(ada, 'acme', 'eve', 'reader')
      const eve = await one.subjectFor({ user: 'eve' })
      if (eve === undefined) throw new Error('nobody')
      expect(eve.can('read', document)).toBe(true)
      expect(eve.can('update', document)).toBe(false)
      expect(await codeOf(one.saveRole(eve, 'acme', 'reader', reader))).toBe('forbidden')
      expect(await codeOf(one.invite(eve, 'acme', 'bob', 'reader'))).toBe('change_refused')

      const { secret } = await one.mintKey(eve, 'acme')
      expect((await two.subjectFor({ key: secret }))?.can('read', document)).toBe(true)
      expect(await two.subjectFor({ key: `${secret}x` })).toBe(undefined)
      await one.saveRole(ada, 'acme', 'reader', { kind: 'org' })
      expect((await two.subjectFor({ key: secret }))?.can('read', document)).toBe(false)
      expect(await two.subjectFor({})).toBe(undefined)
    } finally {
      await one.close()
      await two.close()
    }
  })
})
