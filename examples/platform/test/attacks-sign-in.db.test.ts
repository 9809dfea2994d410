// Ways into somebody else's account by signing in: an address that is theirs, an identity that was theirs, a session that
// should have ended.
import { afterEach, describe, expect, it } from 'vitest'
import { hashPassword } from '../src/secrets/password.js'
import { githubCallback } from '../src/sign-in/github.js'
import { oidcCallback } from '../src/sign-in/oidc.js'
import type { SignInSettings } from '../src/sign-in/settings.js'
import { withService, type Service } from './service.js'
import { openBrowser, type Browser } from './support/browser.js'
import { startGitHub, type LocalGitHub } from './support/github.js'
import { startIssuer, type Issuer } from './support/issuer.js'

let issuer: Issuer | undefined
let github: LocalGitHub | undefined

afterEach(async () => {
  await Promise.all([issuer?.stop(), github?.stop()])
  issuer = github = undefined
})

async function startProviders(address: string): Promise<SignInSettings> {
  issuer = await startIssuer(`${address}${oidcCallback}`)
  github = await startGitHub()
  return { oidc: issuer.settings, github: github.settings }
}

/** Runs `use` on a service with both providers. */
function withProviders(
  use: (service: Service, issuer: Issuer, github: LocalGitHub) => Promise<void>
): Promise<void> {
  return withService(
    async (service) => {
      if (issuer === undefined || github === undefined) throw new Error('there are no providers')
      await use(service, issuer, github)
    },
    { signIn: startProviders }
  )
}

/** Signs somebody in, with a browser of their own; the answer is what the service says of them then. */
async function signInWith(
  url: string,
  callback: string,
  [hint, who]: readonly [string, string],
  browser: Browser = openBrowser()
): Promise<{ status: number; body: Record<string, unknown> }> {
  const begin = await browser.ask(new URL(`${url}${callback}`))
  const there = new URL(begin.headers.get('location') ?? '')
  there.searchParams.set(hint, who)
  const back = await browser.ask(await browser.visit(there, `${url}${callback}`))
  if (back.status !== 307)
    return { status: back.status, body: (await back.json()) as Record<string, unknown> }
  const me = await browser.ask(new URL(`${url}/api/v2/users/me`))
  return { status: me.status, body: (await me.json()) as Record<string, unknown> }
}

const byOidc = (url: string, who: string): ReturnType<typeof signInWith> =>
  signInWith(url, oidcCallback, ['login_hint', who])
const byGitHub = (url: string, login: string): ReturnType<typeof signInWith> =>
  signInWith(url, githubCallback, ['login', login])

describe('the address of an account', () => {
  it('of another way to sign in opens nothing for who has it at a provider', async () => {
    await withProviders(async ({ url, sql, people: { owner } }, oidc, hub) => {
      oidc.accounts.set('eve', { email: 'Olga@Example.com', email_verified: true })
      hub.accounts.set('eve', {
        user: { id: 1, login: 'eve' },
        emails: [{ email: 'olga@example.com', primary: true, verified: true }]
      })
      expect(await byOidc(url, 'eve')).toMatchObject({ status: 403 })
      expect(await byGitHub(url, 'eve')).toMatchObject({ status: 403 })
      expect((await sql.query('SELECT FROM user_links')).rowCount).toBe(0)
      expect((await sql.query('SELECT FROM casemate_keys WHERE user_id = $1', [owner.id])).rowCount).toBe(1)
    })
  })

  it('opens no account where a provider is not to: somebody has to open one for it', async () => {
    const local = await startGitHub()
    github = local
    const signIn = (): SignInSettings => ({
      oidc: undefined,
      github: { ...local.settings, opensAccounts: false }
    })
    await withService(
      async ({ url, send, people: { owner } }) => {
        local.accounts.set('newton', {
          user: { id: 5, login: 'newton' },
          emails: [{ email: 'newton@example.com', primary: true, verified: true }]
        })
        expect(await byGitHub(url, 'newton')).toMatchObject({ status: 403 })
        const account = { username: 'newton', email: 'newton@example.com', login_type: 'github' }
        expect(await send(owner.token, 'POST', '/users', account)).toMatchObject({ status: 201 })
        expect(await byGitHub(url, 'newton')).toMatchObject({ status: 200, body: { username: 'newton' } })
      },
      { signIn: () => Promise.resolve(signIn()) }
    )
  })

  it('that is not verified opens nothing, not even what was made for it', async () => {
    await withProviders(async ({ url, sql, people: { ada } }, oidc) => {
      await sql.query(`UPDATE users SET login_type = 'oidc' WHERE id = $1`, [ada.id])
      oidc.accounts.set('eve', { email: 'ada@example.com', email_verified: false })
      expect(await byOidc(url, 'eve')).toMatchObject({ status: 403 })
      expect((await sql.query('SELECT FROM user_links')).rowCount).toBe(0)
      oidc.accounts.set('ada', { email: 'ada@example.com', email_verified: true })
      expect(await byOidc(url, 'ada')).toMatchObject({ status: 200, body: { id: ada.id } })
    })
  })

  it('does not pass the account on to who has the address next', async () => {
    await withProviders(async ({ url, people: { ada }, sql }, oidc) => {
      await sql.query(`UPDATE users SET login_type = 'oidc' WHERE id = $1`, [ada.id])
      oidc.accounts.set('ada', { email: 'ada@example.com', email_verified: true })
      expect(await byOidc(url, 'ada')).toMatchObject({ status: 200, body: { id: ada.id } })
      oidc.accounts.set('ada', { email: 'ada@elsewhere.example.com', email_verified: true })
      oidc.accounts.set('successor', { email: 'ada@example.com', email_verified: true })
      expect(await byOidc(url, 'successor')).toMatchObject({ status: 403 })
      expect(await byOidc(url, 'ada')).toMatchObject({ status: 200, body: { id: ada.id } })
      expect((await sql.query('SELECT FROM user_links WHERE user_id = $1', [ada.id])).rowCount).toBe(1)
    })
  })
})

describe('an account that is locked or closed', () => {
  it('is not opened by signing in, nor is another in its place while it is locked', async () => {
    await withProviders(async ({ url, send, sql, people: { owner } }, oidc) => {
      oidc.accounts.set('zoe', { email: 'zoe@example.com', email_verified: true, preferred_username: 'zoe' })
      const { body } = await byOidc(url, 'zoe')
      expect(body).toMatchObject({ username: 'zoe', login_type: 'oidc', roles: [] })
      expect(await send(owner.token, 'PUT', '/users/zoe/status/suspend')).toMatchObject({ status: 200 })
      expect(await byOidc(url, 'zoe')).toMatchObject({ status: 403 })
      oidc.accounts.set('zoe', { email: 'new@example.com', email_verified: true, preferred_username: 'new' })
      expect(await byOidc(url, 'zoe')).toMatchObject({ status: 403 })
      expect((await sql.query('SELECT FROM users WHERE email = $1', ['new@example.com'])).rowCount).toBe(0)
      expect(await send(owner.token, 'DELETE', '/users/zoe')).toMatchObject({ status: 200 })
      // Who comes back is somebody new, with nothing of what there was.
      const back = await byOidc(url, 'zoe')
      expect(back.body['id']).not.toBe(body['id'])
    })
  })

  it('is not opened by its password', async () => {
    await withService(async ({ send, sql, people: { owner, ada } }) => {
      await sql.query('UPDATE users SET password_hash = $1 WHERE id = $2', [
        await hashPassword('correct horse'),
        ada.id
      ])
      const login = async (email: string, password: string): Promise<number> =>
        (await send('', 'POST', '/users/login', { email, password })).status
      expect(await login('ada@example.com', 'correct horse')).toBe(201)
      expect(await login('ADA@example.com', 'correct horse')).toBe(201)
      for (const email of ['', '%', 'ada@example.com ', 'ada'])
        expect([email, await login(email, 'correct horse')]).toEqual([email, 401])
      for (const password of ['', 'correct horsE', 'correct horse\u0000'])
        expect(await login('ada@example.com', password)).toBe(401)
      await send(owner.token, 'PUT', `/users/${ada.id}/status/suspend`)
      expect(await login('ada@example.com', 'correct horse')).toBe(401)
      await send(owner.token, 'DELETE', `/users/${ada.id}`)
      expect(await login('ada@example.com', 'correct horse')).toBe(401)
    })
  })
})

describe('the name that a provider proposes', () => {
  it('is never one that paths have another meaning for, nor somebody else’s', async () => {
    await withProviders(async ({ url, people }, oidc, hub) => {
      const names = ['me', 'first', 'Ada', 'ADA', 'x'.repeat(39), '-', people.ada.id]
      for (const [number, login] of names.entries()) {
        hub.accounts.set(login, {
          user: { id: number + 1, login },
          emails: [{ email: `user${number}@example.com`, primary: true, verified: true }]
        })
        const { status, body } = await byGitHub(url, login)
        expect([login, status]).toEqual([login, 200])
        expect(['me', 'first', 'ada']).not.toContain(String(body['username']).toLowerCase())
        expect(body['username']).toMatch(/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/)
        expect(String(body['username']).length).toBeLessThanOrEqual(32)
      }
      expect(oidc.accounts.size).toBe(0)
    })
  })
})

describe('a browser', () => {
  it('cannot be signed in with the answer that another one got', async () => {
    await withProviders(async ({ url }, oidc) => {
      oidc.accounts.set('mallory', { email: 'mallory@example.com', email_verified: true })
      const mallory = openBrowser()
      const begin = await mallory.ask(new URL(`${url}${oidcCallback}`))
      const there = new URL(begin.headers.get('location') ?? '')
      there.searchParams.set('login_hint', 'mallory')
      const answer = await mallory.visit(there, `${url}${oidcCallback}`)
      const victim = openBrowser()
      expect((await victim.ask(answer)).status).toBe(400)
      // Nor when the victim has begun to sign in.
      await victim.ask(new URL(`${url}${oidcCallback}`))
      const refused = await victim.ask(answer)
      expect(refused.status).toBe(400)
      expect(refused.headers.getSetCookie().join()).not.toContain('coder_session_token')
      expect((await mallory.ask(answer)).status).toBe(307)
      expect((await mallory.ask(answer)).status).toBe(400)
    })
  })

  it('cannot be signed in with a device code that another one got', async () => {
    await withProviders(async ({ url }, _, hub) => {
      hub.accounts.set('mallory', {
        user: { id: 7, login: 'mallory' },
        emails: [{ email: 'mallory@example.com', primary: true, verified: true }]
      })
      const mallory = openBrowser()
      const device = (await (
        await mallory.ask(new URL(`${url}/api/v2/users/oauth2/github/device`))
      ).json()) as {
        device_code: string
      }
      const poll = new URL(`${url}${githubCallback}?device_code=${device.device_code}`)
      expect(await (await mallory.ask(poll)).json()).toMatchObject({ detail: 'pending' })
      hub.devices.set(device.device_code, { login: 'mallory' })
      expect((await openBrowser().ask(poll)).status).toBe(400)
      expect((await mallory.ask(poll)).status).toBe(307)
    })
  })
})
