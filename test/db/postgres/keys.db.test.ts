// Keys: minted within the ceilings of who mints, found by their secret alone, and ended for good.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Subject } from 'casemate'
import { storeMigration } from 'casemate/postgres'
import { tokenRequestParser } from 'casemate/scopes'
import { codeOf, document, give, orgRole, policy, withStore, writeRow } from './world.js'

const page = { type: 'page', org: 'o1', id: 'p1' } as const
const hour = 3_600e9

describe('a key', () => {
  it('has the roles of its owner as they are now, under its own ceiling', async () => {
    await withStore(async ({ store, client, change, setup }) => {
      await give(client, 'ada', 'admin')
      const ada = await store.subjectOf('ada')
      const key = await change((tx) =>
        store.mint(tx, ada, {
          scopes: ['pages.read'],
          allowList: ['page:p1'],
          onlyOrgs: ['o1'],
          lifetime: hour,
          name: 'ci'
        })
      )
      const held = await store.authenticate(key.secret)
      expect(held?.key).toMatchObject({
        id: key.id,
        user: 'ada',
        name: 'ci',
        expiresAt: key.expiresAt,
        lastUsedAt: null
      })
      const subject = held?.subject
      expect(subject?.can('read', page)).toBe(true)
      expect(subject?.can('update', page)).toBe(false)
      expect(subject?.can('read', { ...page, id: 'p2' })).toBe(false)
      expect(subject?.can('read', { ...page, org: undefined })).toBe(false)
      expect((key.expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(3_500_000)
      // Its use is noted, to the minute.
      const used = await store.authenticate(key.secret)
      expect(Date.now() - (used?.key.lastUsedAt?.getTime() ?? 0)).toBeLessThan(60_000)
      await change((tx) => store.unassign(tx, setup(), { user: 'ada', role: 'admin', place: 'o1' }))
      expect((await store.authenticate(key.secret))?.subject.can('read', page)).toBe(false)
    })
  })

  it('is found by its whole secret alone, of which nothing is stored', async () => {
    await withStore(async ({ store, client, change }) => {
      const ada = await store.subjectOf('ada')
      const [one, two] = [
        await change((tx) => store.mint(tx, ada, { lifetime: null })),
        await change((tx) => store.mint(tx, ada, { lifetime: null }))
      ]
      expect(one.expiresAt).toBe(null)
      expect(one.secret).toMatch(/^casemate_[0-9a-f]{24}_[A-Za-z0-9_-]{43}$/)
      const { rows } = await client.query<Record<string, unknown>>(
        'SELECT k::text AS row FROM casemate_keys AS k'
      )
      for (const { row } of rows)
        for (const { id, secret } of [one, two])
          expect(row).not.toContain(secret.slice(secret.indexOf(id) + id.length + 1))
      const [secretOfTwo] = /[^_]*_[^_]*_/.exec(two.secret) ?? []
      const wrong = [
        '',
        one.id,
        one.secret.slice(0, -1),
        `${one.secret}x`,
        `${one.secret} `,
        one.secret.replace('casemate', 'other'),
        one.secret.replace(one.id, two.id),
        one.secret.toUpperCase(),
        `${secretOfTwo ?? ''}${'A'.repeat(43)}`,
        `casemate_${'0'.repeat(24)}_${'A'.repeat(43)}`,
        7,
        null,
        undefined,
        { toString: () => one.secret }
      ]
      for (const secret of wrong) expect(await store.authenticate(secret as string)).toBe(undefined)
      expect((await store.authenticate(one.secret))?.key.id).toBe(one.id)
    })
  })

  it('is not minted beyond a ceiling of who mints it, nor by nobody, nor without a word about its end', async () => {
    await withStore(async ({ store, change, setup, client }) => {
      await give(client, 'ada', 'admin')
      const narrow = (await store.subjectOf('ada')).within({ scopes: ['pages.read'], onlyOrgs: ['o1'] })
      const mint = (key: object, by = narrow): Promise<unknown> =>
        codeOf(change((tx) => store.mint(tx, by, { lifetime: hour, ...key })))
      expect(await mint({})).toBe('change_refused')
      expect(await mint({ scopes: ['page:update'], onlyOrgs: ['o1'] })).toBe('change_refused')
      expect(await mint({ scopes: ['pages.read'] })).toBe('change_refused')
      expect(await mint({ scopes: ['pages.read'], onlyOrgs: ['o1'] })).toMatchObject({
        id: expect.any(String) as unknown
      })
      expect(await mint({ scopes: ['pages.raed'], onlyOrgs: ['o1'] })).toBe('unknown_scope')
      for (const key of [
        { scopes: null },
        { scopes: undefined },
        { lifetime: 0 },
        { lifetime: 1.5 },
        { lifetime: undefined },
        { lifetime: '1d' },
        { allow_list: ['*:*'] },
        { name: 'a\0' }
      ])
        expect(await mint(key)).toBe('invalid_request')
      expect(await mint({}, setup())).toBe('invalid_request')
    })
  })

  it('ends by the clock of the database, and with the key by which it was minted', async () => {
    await withStore(async ({ store, client, change }) => {
      const ada = await store.subjectOf('ada')
      const parent = await change((tx) => store.mint(tx, ada, { lifetime: 700e6 }))
      const viaKey = (await store.authenticate(parent.secret))?.subject
      if (viaKey === undefined) throw new Error('no subject')
      // Narrowed further it still came with that key.
      const child = await change((tx) =>
        store.mint(tx, viaKey.within({ scopes: ['pages.read'] }), { scopes: ['pages.read'], lifetime: null })
      )
      const grandchild = (await store.authenticate(child.secret))?.subject
      expect(grandchild).toBeDefined()
      await new Promise((resolve) => setTimeout(resolve, 800))
      expect(await store.authenticate(parent.secret)).toBe(undefined)
      expect(await store.authenticate(child.secret)).toBe(undefined)
      // Who came with it changes nothing any more.
      expect(await codeOf(change((tx) => store.mint(tx, viaKey, { lifetime: null })))).toBe('change_refused')
      await give(client, 'ada', 'admin')
      expect(
        await codeOf(
          change((tx) => store.save(tx, viaKey, { place: 'o1', name: 'x', document: orgRole('read') }))
        )
      ).toBe('change_refused')
    })
  })

  it('is revoked by its owner within their ceilings and by a system subject, and by nobody else', async () => {
    await withStore(async ({ store, change, setup }) => {
      const [ada, eve] = [await store.subjectOf('ada'), await store.subjectOf('eve')]
      const mint = (key: object = {}): Promise<{ id: string; secret: string }> =>
        change((tx) => store.mint(tx, ada, { lifetime: hour, ...key }))
      const revoke = (id: string, by = ada): Promise<unknown> =>
        codeOf(change((tx) => store.revoke(tx, by, id)))
      const [one, two, small] = [await mint(), await mint(), await mint({ scopes: ['pages.read'] })]
      const narrow = (await store.authenticate(small.secret))?.subject
      expect(await revoke(one.id, eve)).toBe('change_refused')
      expect(await revoke(one.id, narrow)).toBe('change_refused')
      expect(await revoke(small.id, narrow)).toBe(true)
      expect(await revoke(one.id, narrow)).toBe('change_refused')
      expect(await revoke(one.id)).toBe(true)
      expect(await revoke(one.id)).toBe(false)
      expect(await revoke('0'.repeat(24))).toBe(false)
      expect(await revoke(two.id, setup())).toBe(true)
      for (const { secret } of [one, two, small]) expect(await store.authenticate(secret)).toBe(undefined)
    })
  })

  it('with scopes that a newer policy lacks opens nothing, and is named', async () => {
    await withStore(async ({ store, change, open }) => {
      const ada = await store.subjectOf('ada')
      const key = await change((tx) => store.mint(tx, ada, { scopes: ['pages.read'], lifetime: hour }))
      const newer = await open({}, compile(parsePolicy({ ...document, scopes: {} })))
      await expect(newer.authenticate(key.secret)).rejects.toThrow(
        `the key \`${key.id}\` cannot be read: ceiling.scopes[0]: unknown scope \`pages.read\``
      )
      const owner = await newer.subjectOf('ada')
      expect(await change((tx) => newer.revoke(tx, owner, key.id))).toBe(true)
      expect(await store.authenticate(key.secret)).toBe(undefined)
    })
  })

  it('is made of a token request', async () => {
    await withStore(async ({ store, change }) => {
      const parse = tokenRequestParser(policy, { maxLifetime: 24 * hour, defaultLifetime: hour })
      const token = parse({ scopes: ['pages.read'], allow_list: [{ type: 'page', id: 'p1' }] })
      if (!token.ok) throw new Error('no token')
      const { scopes, allow_list: allowList, lifetime } = token.stored
      const ada = await store.subjectOf('ada')
      const key = await change((tx) => store.mint(tx, ada, { scopes, allowList, lifetime }))
      expect((await store.authenticate(key.secret))?.key.user).toBe('ada')
    })
  })
})

describe('a session', () => {
  const week = 7 * 24 * hour
  const age = "last_used_at = now() - interval '8 days'"

  it('is minted by the application for who has signed in, and by nobody for somebody else', async () => {
    await withStore(async ({ store, client, change, setup }) => {
      await give(client, 'ada', 'member')
      const key = await change((tx) => store.mint(tx, setup(), { user: 'ada', idle: week, lifetime: null }))
      const held = await store.authenticate(key.secret)
      expect(held?.key).toMatchObject({ user: 'ada', idle: week, mintedBy: null })
      expect(held?.subject.can('read', page)).toBe(true)
      expect(held?.subject.can('update', page)).toBe(false)
      const eve = await store.subjectOf('eve')
      for (const more of [{ user: 'ada' }, { user: 'eve' }, { mintedBy: key.id }])
        expect(await codeOf(change((tx) => store.mint(tx, eve, { lifetime: hour, ...more })))).toBe(
          'invalid_request'
        )
      for (const idle of [0, -1, 60e9, 120e9 + 0.5, '1d', null])
        expect(
          await codeOf(
            change((tx) => store.mint(tx, setup(), { user: 'ada', idle: idle as number, lifetime: null }))
          )
        ).toBe('invalid_request')
    })
  })

  it('slides with its use, and ends without', async () => {
    await withStore(async ({ store, client, change, setup }) => {
      const mint = (lifetime: number | null): Promise<{ id: string; secret: string }> =>
        change((tx) => store.mint(tx, setup(), { user: 'ada', idle: week, lifetime }))
      const [one, two, short] = [await mint(null), await mint(null), await mint(hour)]
      await client.query("UPDATE casemate_keys SET created_at = now() - interval '6 days'")
      for (const { secret } of [one, short]) expect(await store.authenticate(secret)).toBeDefined()
      await client.query("UPDATE casemate_keys SET created_at = now() - interval '8 days'")
      const used = await store.authenticate(one.secret)
      expect((used?.key.expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(6.9 * 86_400_000)
      expect(await store.authenticate(two.secret)).toBe(undefined)
      // What has ended is not used any more.
      expect((await store.keys('ada')).filter(({ isLive }) => isLive)).toHaveLength(2)
      await client.query(`UPDATE casemate_keys SET ${age} WHERE id = $1`, [one.id])
      expect(await store.authenticate(one.secret)).toBe(undefined)
      await client.query("UPDATE casemate_keys SET expires_at = now() - interval '1 s' WHERE id = $1", [
        short.id
      ])
      expect(await store.authenticate(short.secret)).toBe(undefined)
    })
  })

  it('does not end what is minted in it, which ends with what the session was minted by', async () => {
    await withStore(async ({ store, change, setup }) => {
      const holder = async (secret: string): Promise<Subject> => {
        const found = await store.authenticate(secret)
        if (found === undefined) throw new Error('no such key')
        return found.subject
      }
      const session = await change((tx) =>
        store.mint(tx, setup(), { user: 'ada', idle: week, lifetime: null })
      )
      const by = await holder(session.secret)
      const token = await change((tx) => store.mint(tx, by, { lifetime: hour }))
      await change((tx) => store.revoke(tx, setup(), session.id))
      expect(await store.authenticate(session.secret)).toBe(undefined)
      const viaToken = await holder(token.secret)
      const second = await change((tx) => store.mint(tx, viaToken, { idle: week, lifetime: null }))
      expect(second.expiresAt).toEqual(token.expiresAt)
      const inSecond = await holder(second.secret)
      const child = await change((tx) => store.mint(tx, inSecond, { lifetime: 2 * hour }))
      expect(child.expiresAt).toEqual(token.expiresAt)
      const asked = { user: 'eve', mintedBy: second.id, lifetime: null }
      const evesKey = await change((tx) => store.mint(tx, setup(), asked))
      await change((tx) => store.revoke(tx, setup(), second.id))
      expect((await store.authenticate(child.secret))?.key.mintedBy).toBe(token.id)
      expect((await store.authenticate(evesKey.secret))?.key).toMatchObject({
        user: 'eve',
        mintedBy: token.id
      })
      await change((tx) => store.revoke(tx, setup(), token.id))
      for (const { secret } of [child, evesKey]) expect(await store.authenticate(secret)).toBe(undefined)
      expect(await codeOf(change((tx) => store.mint(tx, setup(), asked)))).toBe('change_refused')
    })
  })
})

describe('a user of whom the application says that they are nobody', () => {
  it('has keys that open nothing, and changes nothing, until it says otherwise', async () => {
    const locked = new Set<string>()
    const load = (user: string): null | undefined => (locked.has(user) ? null : undefined)
    await withStore(
      async ({ store, client, change }) => {
        await give(client, 'ada', 'admin')
        const ada = await store.subjectOf('ada')
        const { secret } = await change((tx) => store.mint(tx, ada, { lifetime: hour }))
        expect(await store.authenticate(secret)).toBeDefined()
        locked.add('ada')
        expect(await store.authenticate(secret)).toBe(undefined)
        expect(await codeOf(store.subjectOf('ada'))).toBe('refused_user')
        const assign = (): Promise<unknown> =>
          codeOf(change((tx) => store.assign(tx, ada, { user: 'eve', role: 'member', place: 'o1' })))
        expect(await assign()).toBe('refused_user')
        locked.delete('ada')
        expect(await assign()).toBe(undefined)
        expect(await store.authenticate(secret)).toBeDefined()
      },
      { load }
    )
  })
})

it('the keys of a user are told of without their hashes', async () => {
  await withStore(async ({ store, change }) => {
    const ada = await store.subjectOf('ada')
    const key = await change((tx) =>
      store.mint(tx, ada, { scopes: ['pages.read'], lifetime: hour, name: 'ci' })
    )
    const [told, ...others] = await store.keys('ada')
    expect(others).toEqual([])
    expect(told).toEqual({
      id: key.id,
      user: 'ada',
      name: 'ci',
      scopes: ['pages.read'],
      allowList: null,
      onlyOrgs: null,
      idle: null,
      mintedBy: null,
      createdAt: expect.any(Date) as Date,
      expiresAt: key.expiresAt,
      lastUsedAt: null,
      isLive: true
    })
    expect(await store.keys('eve')).toEqual([])
    await change(async (tx) => {
      await store.revoke(tx, ada, key.id)
      expect(await store.keys('ada', tx)).toMatchObject([{ id: key.id, isLive: false }])
    })
  })
})

it('a key whose row lost a limit opens nothing', async () => {
  await withStore(async ({ store, client, change }) => {
    const ada = await store.subjectOf('ada')
    const { secret } = await change((tx) => store.mint(tx, ada, { scopes: ['pages.read'], lifetime: hour }))
    await client.query('ALTER TABLE casemate_keys ALTER scopes DROP NOT NULL')
    await client.query('UPDATE casemate_keys SET scopes = NULL')
    expect(await codeOf(store.authenticate(secret))).toBe('unreadable_key')
  })
})

it('a table of keys from before there were sessions takes them once the migration has run again', async () => {
  await withStore(async ({ client, change, setup, store }) => {
    await client.query('ALTER TABLE casemate_keys DROP COLUMN idle')
    for (let times = 0; times < 2; times++) await client.query(storeMigration())
    const key = await change((tx) => store.mint(tx, setup(), { user: 'ada', idle: hour, lifetime: null }))
    expect((await store.authenticate(key.secret))?.key.idle).toBe(hour)
  })
})

it('a row that forgot a limit is refused by the table', async () => {
  await withStore(async ({ client }) => {
    const insert = (columns: string, values: string): Promise<unknown> =>
      client.query(
        `INSERT INTO casemate_keys (id, user_id, hash${columns}) VALUES ('k', 'ada', decode(repeat('00', 32), 'hex')${values})`
      )
    await expect(insert('', '')).rejects.toThrow('null value in column "scopes"')
    await expect(insert(', scopes, allow_list, only_orgs', ", 'null', '[]', '{}'")).rejects.toThrow(
      'check constraint'
    )
    await expect(insert(', scopes, allow_list, only_orgs', ", 'null', 'null', 'null'")).resolves.toBeDefined()
  })
})

it('roles that cannot be read hold up nobody but who holds them, with a key too', async () => {
  await withStore(async ({ store, client, change }) => {
    await give(client, 'ada', 'broken')
    await give(client, 'bob', 'member')
    await writeRow(client, { name: 'broken', document: orgRole('read') })
    const [ada, bob] = [await store.subjectOf('ada'), await store.subjectOf('bob')]
    const keys = [
      await change((tx) => store.mint(tx, ada, { lifetime: hour })),
      await change((tx) => store.mint(tx, bob, { lifetime: hour }))
    ]
    await store.at(await writeRow(client, { name: 'broken', document: { kind: 'org', grants: 7 } }))
    expect(await codeOf(store.authenticate(keys[0]?.secret ?? ''))).toBe('unreadable_role')
    expect((await store.authenticate(keys[1]?.secret ?? ''))?.subject.can('read', page)).toBe(true)
  })
})
