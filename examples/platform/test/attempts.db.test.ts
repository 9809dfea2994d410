// Trying passwords: nobody may often, and nobody keeps somebody else from signing in by it.
import { scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { networkOf } from '../src/http/address.js'
import { attemptStore } from '../src/store/attempts.js'
import { withService, type Answer, type Service } from './service.js'

const password = 'a long password'
const [here, there] = [{ 'x-forwarded-for': '192.0.2.1' }, { 'x-forwarded-for': '198.51.100.2' }]

const login = (
  { send }: Service,
  email: string,
  typed: string,
  from: Readonly<Record<string, string>> = here
): Promise<Answer> => send('', 'POST', '/users/login', { email, password: typed }, from)

/** What is stored of the password, as an old and weak hash would be: these tests try it often. */
const salt = Buffer.alloc(16, 1)
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
const hash = `$scrypt$ln=1,r=1,p=1$${base64(salt)}$${base64(scryptSync(password, salt, 32, { N: 2, r: 1, p: 1 }))}`

/** Somebody who signs in with this password. */
async function withPassword({ sql, people }: Service): Promise<string> {
  const { rows } = await sql.query<{ email: string }>(
    'UPDATE users SET password_hash = $1 WHERE id = $2 RETURNING email',
    [hash, people.owner.id]
  )
  return rows[0]?.email ?? ''
}

/** Tries until it is refused; how often it was tried. */
async function exhaust(service: Service, email: string, from = here): Promise<number> {
  for (let times = 0; times < 100; times++) {
    const { status } = await login(service, email, 'wrong', from)
    if (status === 429) return times
    expect(status).toBe(401)
  }
  throw new Error('there is no end to it')
}

/** How many of so many tries would be made, each from an address of its own or all from one. */
async function tryElsewhere(
  { sql }: Service,
  account: string,
  times: number,
  addressOf = (i: number): string => `203.0.113.${i}`
): Promise<number> {
  const attempts = attemptStore({ database: sql })
  let counted = 0
  for (let i = 0; i < times; i++)
    await attempts.countAttempt({ account, address: addressOf(i) }).then(
      () => counted++,
      () => undefined
    )
  return counted
}

describe('a password that is tried', () => {
  it('too often from one address is refused, right or wrong, for an account that there is and for none', async () => {
    await withService(
      async (service) => {
        const email = await withPassword(service)
        expect(await exhaust(service, email)).toBeLessThan(40)
        expect(await tryElsewhere(service, 'nobody@example.com', 40, () => '192.0.2.1')).toBeLessThan(40)
        expect((await login(service, 'nobody@example.com', password)).status).toBe(429)
        const refused = await login(service, email.toUpperCase(), password)
        expect(refused).toMatchObject({ status: 429, body: { validations: [] } })
        const { detail } = refused.body as { detail: string }
        expect(detail).toBe(`Try again in ${refused.headers['retry-after'] ?? ''} seconds.`)
        expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
        // What was refused does not count: the wait is not longer for it.
        const again = await login(service, email, password)
        expect(Number(again.headers['retry-after'])).toBeLessThanOrEqual(
          Number(refused.headers['retry-after'])
        )
        // Of another address, or another account, it says nothing.
        expect((await login(service, email, password, there)).status).toBe(201)
        // Time mends it.
        await service.sql.query("UPDATE sign_in_attempts SET empty_at = empty_at - interval '2 minutes'")
        expect((await login(service, email, password)).status).toBe(201)
      },
      { isBehindProxy: true }
    )
  })

  it('of one account from everywhere is refused, but not where its user has signed in before', async () => {
    await withService(
      async (service) => {
        const email = await withPassword(service)
        expect((await login(service, email, password)).status).toBe(201)
        const counted = await tryElsewhere(service, email, 60)
        expect(counted).toBeLessThan(60)
        expect((await login(service, email, password, there)).status).toBe(429)
        expect((await login(service, email, password)).status).toBe(201)
        expect((await login(service, email, 'wrong')).status).toBe(401)
        // An account that there is not says no more than one that there is.
        expect(await tryElsewhere(service, 'nobody@example.com', 60)).toBeLessThan(60)
        expect((await login(service, 'nobody@example.com', 'wrong', there)).status).toBe(429)
      },
      { isBehindProxy: true }
    )
  })

  it('by many at once is counted before it is tried', async () => {
    await withService(async (service) => {
      const email = await withPassword(service)
      const answers = await Promise.all(Array.from({ length: 40 }, () => login(service, email, 'wrong')))
      const statuses = answers.map(({ status }) => status)
      const tried = statuses.filter((status) => status === 401).length
      expect(statuses.filter((status) => status === 429)).toHaveLength(40 - tried)
      expect(tried).toBeLessThanOrEqual(10)
    })
  })

  it('rightly does not count, and a right one does not end what was counted', async () => {
    await withService(async (service) => {
      const email = await withPassword(service)
      for (let i = 0; i < 15; i++) expect((await login(service, email, password)).status).toBe(201)
      expect((await login(service, email, 'wrong')).status).toBe(401)
      expect((await login(service, email, password)).status).toBe(201)
      const { rows } = await service.sql.query<{ full: boolean }>(
        'SELECT empty_at > now() AS full FROM sign_in_attempts ORDER BY empty_at DESC'
      )
      expect(rows.filter(({ full }) => full)).not.toEqual([])
    })
  })

  it('as the old one, in a session that somebody found, is refused too', async () => {
    await withService(async (service) => {
      const email = await withPassword(service)
      const { session_token: session } = (await login(service, email, password)).body as {
        session_token: string
      }
      const statuses = new Set<number>()
      for (let i = 0; i < 15; i++) {
        const body = { old_password: 'wrong', password: 'another password' }
        statuses.add((await service.send(session, 'PUT', '/users/me/password', body)).status)
      }
      expect([...statuses]).toEqual([400, 429])
      const right = { old_password: password, password: 'another password' }
      expect((await service.send(session, 'PUT', '/users/me/password', right)).status).toBe(429)
    })
  })
})

it('an account is one, in whatever letters the database takes for the same', async () => {
  await withService(async (service) => {
    const { rows } = await service.sql.query<{ same: boolean }>(
      "SELECT lower('É@x.org') = lower('é@x.org') AS same"
    )
    const counts = [
      await tryElsewhere(service, 'é@x.org', 60),
      await tryElsewhere(service, 'É@x.org', 60, (i) => `192.0.2.${i}`)
    ]
    // A slow machine gives time for some more.
    expect((counts[1] ?? 60) < 15).toBe(rows[0]?.same)
  })
})

it('what was counted is forgotten when it says nothing any more', async () => {
  await withService(async (service) => {
    await tryElsewhere(service, 'nobody@example.com', 5)
    await service.sql.query("UPDATE sign_in_attempts SET empty_at = now() - interval '1 second'")
    await login(service, 'somebody@example.com', 'wrong')
    await login(service, 'somebody@example.com', 'wrong')
    const { rows } = await service.sql.query('SELECT FROM sign_in_attempts WHERE empty_at < now()')
    expect(rows).toEqual([])
  })
})

describe('the address of a request', () => {
  it('is that of the connection, unless a proxy stands in front of the service', async () => {
    await withService(async (service) => {
      const email = await withPassword(service)
      // Whatever a client says of itself, it is one client.
      let times = 0
      while ((await login(service, email, 'wrong', { 'x-forwarded-for': `192.0.2.${times}` })).status === 401)
        times++
      expect(times).toBeLessThanOrEqual(10)
    })
    await withService(
      async (service) => {
        const email = await withPassword(service)
        let times = 0
        const from = (): Record<string, string> => ({ 'x-forwarded-for': `192.0.2.${times}, 198.51.100.7` })
        while ((await login(service, email, 'wrong', from())).status === 401) times++
        expect(times).toBeLessThanOrEqual(10)
      },
      { isBehindProxy: true }
    )
  })

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
    ['', '']
  ])('%s is in the network %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
