import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createGitHub, githubCallback, type GitHub } from '../../src/sign-in/github.js'
import { createOidc } from '../../src/sign-in/oidc.js'
import { openBrowser } from '../support/browser.js'
import { startGitHub, type GitHubAccount, type LocalGitHub } from '../support/github.js'
import { codeOf } from './code-of.js'

const accessUrl = new URL('https://platform.example.com')
const callback = new URL(githubCallback, accessUrl)
const key = randomBytes(32)
const ada: GitHubAccount = {
  user: {
    id: 1815,
    login: 'ada',
    name: 'Ada Lovelace',
    avatar_url: 'https://example.com/ada.png',
    plan: 'free'
  },
  emails: [
    { email: 'ada@old.example.com', primary: false, verified: true },
    { email: 'Ada@Example.com', primary: true, verified: true }
  ]
}
const identity = {
  provider: 'github',
  email: 'ada@example.com',
  emailVerified: true,
  username: 'ada',
  name: 'Ada Lovelace',
  avatarUrl: 'https://example.com/ada.png'
}

let local: LocalGitHub
let github: GitHub
let now = Date.now()

beforeAll(async () => {
  local = await startGitHub()
  github = createGitHub(local.settings, accessUrl, { key, now: () => now })
})
beforeEach(() => {
  local.accounts.set('ada', ada)
})
afterAll(() => local.stop())

async function roundTrip(login: string): Promise<{ answer: URL; state: string }> {
  const { url, state } = await github.start()
  url.searchParams.set('login', login)
  return { answer: await openBrowser().visit(url, callback.href), state }
}

/** A device whose user code was entered, with what GitHub then answers. */
async function enterCode(
  answer: { error: string; interval?: number } | { login: string }
): Promise<[string, string]> {
  const { device, state } = await github.startDevice()
  local.devices.set(device.device_code, answer)
  return [device.device_code, state]
}

describe('sign-in with GitHub', () => {
  it('finds out who somebody is, by their id and their primary address', async () => {
    const { answer, state } = await roundTrip('ada')
    expect(await github.finish(answer, state)).toEqual({
      ...identity,
      subject: `${local.settings.webUrl.origin}/login/oauth#1815`,
      claims: {
        id: 1815,
        login: 'ada',
        name: 'Ada Lovelace',
        avatar_url: 'https://example.com/ada.png',
        email: 'Ada@Example.com'
      }
    })
  })

  it('takes another person who got the login for another person', async () => {
    const first = await roundTrip('ada')
    const { subject } = await github.finish(first.answer, first.state)
    local.accounts.set('ada', { ...ada, user: { id: 1816, login: 'ada', name: null, avatar_url: null } })
    const second = await roundTrip('ada')
    const other = await github.finish(second.answer, second.state)
    expect(other).toMatchObject({ username: 'ada', name: '', avatarUrl: '' })
    expect(other.subject).not.toBe(subject)
  })

  it('asks for GitHub itself where nothing else is set', async () => {
    const settings = { ...local.settings, webUrl: new URL('https://github.com') }
    const { url } = await createGitHub(settings, accessUrl, { key }).start()
    expect(url.origin + url.pathname).toBe('https://github.com/login/oauth/authorize')
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: settings.clientId,
      redirect_uri: callback.href,
      scope: 'read:user user:email',
      code_challenge_method: 'S256'
    })
  })
})

describe('an answer of GitHub that is not of this sign-in', () => {
  it('is refused without its cookie, with that of another sign-in or of another provider', async () => {
    const { answer, state } = await roundTrip('ada')
    const { state: another } = await github.start()
    const asIssuer = { ...local.settings, issuer: local.settings.webUrl, signInText: '', iconUrl: '' }
    const oidc = createOidc(asIssuer, accessUrl, { key, now: () => now })
    expect(await codeOf(oidc.finish(answer, state))).toBe('state_mismatch')
    for (const cookie of [undefined, '', another])
      expect(await codeOf(github.finish(answer, cookie))).toBe('state_mismatch')
    expect(await github.finish(answer, state)).toMatchObject(identity)
  })

  it('is refused when its state is another, its code is used or stolen, or its issuer is another', async () => {
    const stolen = await roundTrip('ada')
    const { answer, state } = await roundTrip('ada')
    const withParameter = (name: string, value: string): URL => {
      const url = new URL(answer)
      url.searchParams.set(name, value)
      return url
    }
    expect(await codeOf(github.finish(withParameter('state', 'another'), state))).toBe('state_mismatch')
    expect(await codeOf(github.finish(withParameter('iss', 'https://evil.example.com'), state))).toBe(
      'bad_answer'
    )
    const code = stolen.answer.searchParams.get('code') ?? ''
    expect(await codeOf(github.finish(withParameter('code', code), state))).toBe('refused')
    await github.finish(answer, state)
    expect(await codeOf(github.finish(answer, state))).toBe('refused')
  })

  it('is refused when it comes too late', async () => {
    const { answer, state } = await roundTrip('ada')
    now += 600_000
    expect(await codeOf(github.finish(answer, state))).toBe('expired')
  })

  it('is refused when the person refused', async () => {
    const { answer, state } = await roundTrip('nobody')
    await expect(github.finish(answer, state)).rejects.toMatchObject({
      code: 'refused',
      message: 'the provider refused the sign-in: `access_denied`'
    })
  })
})

describe('what GitHub says of somebody', () => {
  it.each([
    ['a primary address that is not verified', { email: 'ada@example.com', primary: true, verified: false }],
    ['no primary address', { email: 'ada@example.com', primary: false, verified: true }]
  ])('is not enough: %s', async (_, email) => {
    local.accounts.set('ada', { ...ada, emails: [email] })
    const { answer, state } = await roundTrip('ada')
    expect(await codeOf(github.finish(answer, state))).toBe('email_unverified')
  })

  it.each([
    ['no id', { ...ada, user: { login: 'ada' } }],
    ['an id that is text', { ...ada, user: { ...ada.user, id: '1815' } }],
    ['no account', undefined]
  ])('is not accepted: %s', async (_, account) => {
    if (account === undefined) local.accounts.delete('ada')
    else local.accounts.set('ada', account)
    const { answer, state } = await roundTrip('ada')
    expect(await codeOf(github.finish(answer, state))).toBe('bad_answer')
  })

  it('is not asked with a wrong secret', async () => {
    const flow = createGitHub({ ...local.settings, clientSecret: 'another' }, accessUrl, {
      key,
      now: () => now
    })
    const { answer, state } = await roundTrip('ada')
    expect(await codeOf(flow.finish(answer, state))).toBe('refused')
    expect(
      await codeOf(createGitHub({ ...local.settings, clientId: 'x' }, accessUrl, { key }).startDevice())
    ).toBe('refused')
  })
})

describe('sign-in from another device', () => {
  it('shows a code, and says to wait until it is entered', async () => {
    const { device, state } = await github.startDevice()
    expect(device).toEqual({
      device_code: expect.stringMatching(/./) as string,
      user_code: 'WDJB-MJHT',
      verification_uri: `${local.settings.webUrl.origin}/login/device`,
      expires_in: 900,
      interval: 5
    })
    expect(await github.pollDevice(device.device_code, state)).toEqual({ status: 'pending' })
    local.devices.set(device.device_code, { error: 'slow_down', interval: 12 })
    expect(await github.pollDevice(device.device_code, state)).toEqual({ status: 'slow_down', interval: 12 })
    local.devices.set(device.device_code, { login: 'ada' })
    expect(await github.pollDevice(device.device_code, state)).toMatchObject({
      status: 'signed_in',
      identity
    })
  })

  it.each([
    ['access_denied', 'refused'],
    ['incorrect_device_code', 'refused'],
    ['device_flow_disabled', 'refused'],
    ['expired_token', 'expired']
  ])('ends when GitHub says %s', async (error, code) => {
    expect(await codeOf(github.pollDevice(...(await enterCode({ error }))))).toBe(code)
  })

  it('ends for an unverified address', async () => {
    local.accounts.set('ada', { ...ada, emails: [] })
    expect(await codeOf(github.pollDevice(...(await enterCode({ login: 'ada' }))))).toBe('email_unverified')
  })

  it('belongs to the browser that shows the code, for as long as the code counts', async () => {
    const [code, state] = await enterCode({ login: 'ada' })
    const [, otherState] = await enterCode({ login: 'ada' })
    const { state: ofCodeFlow } = await github.start()
    for (const cookie of [undefined, otherState, ofCodeFlow])
      expect(await codeOf(github.pollDevice(code, cookie))).toBe('state_mismatch')
    expect(await github.pollDevice(code, state)).toMatchObject({ status: 'signed_in' })
    now += 900_000
    expect(await codeOf(github.pollDevice(code, state))).toBe('expired')
  })

  it('is not started where GitHub is not there', async () => {
    const settings = { ...local.settings, webUrl: new URL('http://127.0.0.1:1') }
    expect(await codeOf(createGitHub(settings, accessUrl, { key }).startDevice())).toBe('unreachable')
  })
})
