import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isAnswer, type CodeFlow } from '../../src/sign-in/code-flow.js'
import { createOidc, oidcCallback } from '../../src/sign-in/oidc.js'
import { sealState } from '../../src/sign-in/state.js'
import { openBrowser } from '../support/browser.js'
import { startIssuer, type Issuer } from '../support/issuer.js'
import { codeOf } from './code-of.js'

const accessUrl = new URL('https://platform.example.com')
const callback = new URL(oidcCallback, accessUrl)
const key = randomBytes(32)
const ada = {
  email: 'Ada@Example.com',
  email_verified: true,
  preferred_username: 'ada.lovelace@example.com',
  name: 'Ada Lovelace',
  picture: 'https://example.com/ada.png'
}

let issuer: Issuer
let other: Issuer
let now = Date.now()
let oidc: CodeFlow

beforeAll(async () => {
  ;[issuer, other] = await Promise.all([startIssuer(callback.href), startIssuer(callback.href)])
  oidc = createOidc(issuer.settings, accessUrl, { key, now: () => now })
})
beforeEach(() => {
  issuer.accounts.set('ada', ada)
})
afterAll(() => Promise.all([issuer.stop(), other.stop()]))

/** Where the browser of somebody who signs in at the issuer comes back to. */
function signInAs(who: string, url: URL): Promise<URL> {
  const hinted = new URL(url)
  hinted.searchParams.set('login_hint', who)
  return openBrowser().visit(hinted, callback.href)
}

async function roundTrip(who: string, flow = oidc): Promise<{ answer: URL; state: string }> {
  const { url, state } = await flow.start()
  return { answer: await signInAs(who, url), state }
}

describe('sign-in with an issuer', () => {
  it('finds out who somebody is, under the issuer’s name', async () => {
    const { answer, state } = await roundTrip('ada')
    expect(isAnswer(answer)).toBe(true)
    expect(await oidc.finish(answer, state)).toMatchObject({
      provider: 'oidc',
      subject: `${issuer.settings.issuer.origin}#ada`,
      email: 'ada@example.com',
      emailVerified: true,
      username: 'ada-lovelace',
      name: 'Ada Lovelace',
      avatarUrl: 'https://example.com/ada.png',
      claims: { sub: 'ada', ...ada, iss: issuer.settings.issuer.origin }
    })
  })

  it('sends the browser with state, nonce and PKCE, and the cookie shows none of them', async () => {
    const { url, state } = await oidc.start()
    const query = Object.fromEntries(url.searchParams)
    expect(query).toMatchObject({
      response_type: 'code',
      redirect_uri: callback.href,
      scope: 'openid email profile',
      code_challenge_method: 'S256'
    })
    const opened = Buffer.from(state, 'base64url').toString('latin1')
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(query[name]).toMatch(/^[\w-]{43}$/)
      expect(opened).not.toContain(query[name])
    }
  })

  it('reads the query alone, so that a proxy may change the address', async () => {
    const { answer, state } = await roundTrip('ada')
    const seen = new URL(answer.search, 'http://10.0.0.7:8080/elsewhere')
    expect(await oidc.finish(seen, state)).toMatchObject({ email: 'ada@example.com' })
  })

  it('asks an issuer that was away once it is back', async () => {
    const settings = { ...issuer.settings, issuer: new URL('http://127.0.0.1:1') }
    const flow = createOidc(settings, accessUrl, { key })
    expect(await codeOf(flow.start())).toBe('unreachable')
    Object.assign(settings, { issuer: issuer.settings.issuer })
    await expect(flow.start()).resolves.toMatchObject({ url: { origin: issuer.settings.issuer.origin } })
  })
})

describe('an answer that is not of this sign-in', () => {
  it('is refused without the cookie, with a damaged one and with that of another sign-in', async () => {
    const { answer, state } = await roundTrip('ada')
    const { state: otherState } = await oidc.start()
    for (const cookie of [
      undefined,
      '',
      // The last character may have bits that say nothing.
      `${state.slice(0, 20)}${state[20] === 'A' ? 'B' : 'A'}${state.slice(21)}`,
      otherState
    ])
      expect(await codeOf(oidc.finish(answer, cookie))).toBe('state_mismatch')
    expect(await oidc.finish(answer, state)).toMatchObject({ email: 'ada@example.com' })
  })

  it('is refused when its state is another, missing or there twice', async () => {
    const { answer, state } = await roundTrip('ada')
    const changed = (change: (query: URLSearchParams) => void): URL => {
      const url = new URL(answer)
      change(url.searchParams)
      return url
    }
    const codes = [
      changed((query) => {
        query.set('state', 'another')
      }),
      changed((query) => {
        query.delete('state')
      })
    ].map((url) => codeOf(oidc.finish(url, state)))
    expect(await Promise.all(codes)).toEqual(['state_mismatch', 'state_mismatch'])
    const twice = changed((query) => {
      query.append('state', query.get('state') ?? '')
    })
    expect(await codeOf(oidc.finish(twice, state))).toBe('bad_answer')
  })

  it('is refused when its code was used already', async () => {
    const { answer, state } = await roundTrip('ada')
    await oidc.finish(answer, state)
    expect(await codeOf(oidc.finish(answer, state))).toBe('refused')
  })

  it('is refused when its code is of another browser’s sign-in', async () => {
    const stolen = await roundTrip('ada')
    const { answer, state } = await roundTrip('ada')
    answer.searchParams.set('code', stolen.answer.searchParams.get('code') ?? '')
    expect(await codeOf(oidc.finish(answer, state))).toBe('refused')
  })

  it('is refused when the ID token has another nonce', async () => {
    const { url } = await oidc.start()
    // A sign-in of the attacker's own, all of whose parts fit but the nonce.
    const verifier = 'v'.repeat(43)
    url.searchParams.set('code_challenge', createHash('sha256').update(verifier).digest('base64url'))
    const answer = await signInAs('ada', url)
    const memory = { state: url.searchParams.get('state'), verifier }
    const cookie = (nonce: string | null): string =>
      sealState({ ...memory, nonce }, `oidc ${issuer.settings.issuer.href}`, { key, now: () => now })
    expect(await codeOf(oidc.finish(answer, cookie('another')))).toBe('bad_answer')
    const again = await signInAs('ada', url)
    expect(await oidc.finish(again, cookie(url.searchParams.get('nonce')))).toMatchObject({
      username: 'ada-lovelace'
    })
  })

  it('is refused when it comes too late, whatever it says', async () => {
    const { answer, state } = await roundTrip('ada')
    const started = now
    now += 600_000
    expect(await codeOf(oidc.finish(answer, state))).toBe('expired')
    now = started + 599_000
    expect(await oidc.finish(answer, state)).toMatchObject({ email: 'ada@example.com' })
  })
})

describe('another issuer', () => {
  it('cannot answer a sign-in that was started here', async () => {
    other.accounts.set('ada', ada)
    const { answer, state } = await roundTrip('ada')
    answer.searchParams.set('iss', other.settings.issuer.origin)
    expect(await codeOf(oidc.finish(answer, state))).toBe('bad_answer')
    answer.searchParams.delete('iss')
    expect(await codeOf(oidc.finish(answer, state))).toBe('bad_answer')
  })

  it('has cookies of its own', async () => {
    other.accounts.set('ada', ada)
    const { answer, state } = await roundTrip('ada', createOidc(other.settings, accessUrl, { key }))
    expect(await codeOf(oidc.finish(answer, state))).toBe('state_mismatch')
  })

  it('cannot publish a discovery document in this one’s name', async () => {
    const settings = {
      ...issuer.settings,
      issuer: new URL(other.settings.issuer.href.replace('127.0.0.1', 'localhost'))
    }
    expect(await codeOf(createOidc(settings, accessUrl, { key }).start())).toBe('bad_answer')
  })

  it('cannot sign for this one: a token counts under published keys alone', async () => {
    const impostor = await startIssuer(callback.href)
    impostor.accounts.set('ada', ada)
    impostor.publishOtherKeys()
    const flow = createOidc(impostor.settings, accessUrl, { key })
    const { answer, state } = await roundTrip('ada', flow)
    expect(await codeOf(flow.finish(answer, state))).toBe('bad_answer')
    await impostor.stop()
  })

  it('is not asked without TLS, unless it is this machine', async () => {
    const settings = { ...issuer.settings, issuer: new URL('http://issuer.example.com') }
    expect(await codeOf(createOidc(settings, accessUrl, { key }).start())).toBe('bad_answer')
  })
})

describe('somebody for whom the issuer does not vouch', () => {
  it.each([
    ['whose address is not verified', { ...ada, email_verified: false }],
    ['whose address is not said to be verified', { ...ada, email_verified: undefined }],
    ['who has no address', { ...ada, email: undefined }]
  ])('is nobody: %s', async (_, account) => {
    issuer.accounts.set('ada', account)
    const { answer, state } = await roundTrip('ada')
    expect(await codeOf(oidc.finish(answer, state))).toBe('email_unverified')
  })

  it.each([
    ['an address that is none', { ...ada, email: 'ada@' }],
    ['a word for verified', { ...ada, email_verified: 'true' }],
    ['a name that is no text', { ...ada, name: { toString: 'Ada' } }],
    ['a character that cannot be stored', { ...ada, name: 'Ada\u0000' }],
    ['a name without end', { ...ada, name: 'a'.repeat(100_000) }]
  ])('is nobody: %s', async (_, account) => {
    issuer.accounts.set('ada', account)
    const { answer, state } = await roundTrip('ada')
    expect(await codeOf(oidc.finish(answer, state))).toBe('bad_answer')
  })

  it('may refuse, which the answer says', async () => {
    const { answer, state } = await roundTrip('nobody')
    await expect(oidc.finish(answer, state)).rejects.toMatchObject({
      code: 'refused',
      message: 'the provider refused the sign-in: `access_denied`'
    })
  })

  it('puts no text of theirs into the answer', async () => {
    const { answer, state } = await roundTrip('nobody')
    answer.searchParams.set('error', '<script>')
    await expect(oidc.finish(answer, state)).rejects.toMatchObject({
      code: 'refused',
      message: 'the provider refused the sign-in'
    })
  })
})

describe('what cannot be a name here', () => {
  it.each([
    ['a username without letters', { preferred_username: '///' }, { username: 'ada' }],
    ['one of other letters', { preferred_username: '..Ada_王--L..' }, { username: 'Ada-L' }],
    ['none', { preferred_username: undefined }, { username: 'ada' }],
    ['a name of many lines', { name: ' Ada\n\u202eLove\tlace ' }, { name: 'Ada Love lace' }],
    ['a picture that is a program', { picture: 'javascript:alert(1)' }, { avatarUrl: '' }]
  ])('is made one or left out: %s', async (_, said, expected) => {
    issuer.accounts.set('ada', { ...ada, ...said })
    const { answer, state } = await roundTrip('ada')
    const identity = await oidc.finish(answer, state)
    expect(identity).toMatchObject(expected)
  })
})
