// A stand-in for GitHub on this machine, with its habits: errors with status 200, `iss` in its answers, a primary e-mail
// address beside others. Whoever the address names by `login` is signed in at once, and `nobody` refuses.
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import type { AddressInfo } from 'node:net'
import type { GitHubSettings } from '../../src/sign-in/settings.js'

export interface GitHubAccount {
  readonly user: Readonly<Record<string, unknown>>
  readonly emails: readonly {
    readonly email: string
    readonly primary: boolean
    readonly verified: boolean
  }[]
}

export interface LocalGitHub {
  readonly settings: GitHubSettings
  /** By login; may be changed at any time. */
  readonly accounts: Map<string, GitHubAccount>
  /** What each device code is answered with: an error of GitHub, or the login of who entered its user code. */
  readonly devices: Map<
    string,
    { readonly error: string; readonly interval?: number } | { readonly login: string }
  >
  stop(): Promise<void>
}

interface Code {
  readonly login: string
  readonly redirectUri: string
  readonly challenge: string
}

const clientId = 'Iv1.platform'
const clientSecret = 'a secret of the app'

export async function startGitHub(): Promise<LocalGitHub> {
  const accounts: LocalGitHub['accounts'] = new Map()
  const devices: LocalGitHub['devices'] = new Map()
  const codes = new Map<string, Code>()
  const tokens = new Map<string, string>()
  const app = new Hono()

  const issue = (login: string): Record<string, string> => {
    const token = `gho_${randomUUID()}`
    tokens.set(token, login)
    return { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' }
  }

  app.get('/login/oauth/authorize', (context) => {
    const { client_id, redirect_uri = '', state = '', login = '', ...query } = context.req.query()
    if (client_id !== clientId || query['code_challenge_method'] !== 'S256') return context.notFound()
    const back = new URL(redirect_uri)
    back.searchParams.set('state', state)
    back.searchParams.set('iss', new URL('/login/oauth', context.req.url).href)
    if (login === 'nobody') back.searchParams.set('error', 'access_denied')
    else {
      const code = randomUUID()
      codes.set(code, { login, redirectUri: redirect_uri, challenge: query['code_challenge'] ?? '' })
      back.searchParams.set('code', code)
    }
    return context.redirect(back.href)
  })

  app.post('/login/device/code', async (context) => {
    const body = await context.req.parseBody()
    if (body['client_id'] !== clientId) return context.json({ error: 'incorrect_client_credentials' })
    const code = randomUUID()
    devices.set(code, { error: 'authorization_pending' })
    return context.json({
      device_code: code,
      user_code: 'WDJB-MJHT',
      verification_uri: new URL('/login/device', context.req.url).href,
      expires_in: 900,
      interval: 5
    })
  })

  app.post('/login/oauth/access_token', async (context) => {
    const body = await context.req.parseBody<Record<string, string>>()
    if (body['client_id'] !== clientId || body['client_secret'] !== clientSecret)
      return context.json({ error: 'incorrect_client_credentials' })
    if (body['grant_type'] === 'urn:ietf:params:oauth:grant-type:device_code') {
      const device = devices.get(body['device_code'] ?? '') ?? { error: 'incorrect_device_code' }
      return context.json('login' in device ? issue(device.login) : device)
    }
    const code = codes.get(body['code'] ?? '')
    codes.delete(body['code'] ?? '')
    const challenge = createHash('sha256')
      .update(body['code_verifier'] ?? '')
      .digest('base64url')
    return code?.redirectUri === body['redirect_uri'] && code?.challenge === challenge
      ? context.json(issue(code.login))
      : context.json({
          error: 'bad_verification_code',
          error_description: 'The code is incorrect or expired.'
        })
  })

  app.get('/api/user', (context) => {
    const account = accounts.get(tokens.get(tokenOf(context.req.header('authorization'))) ?? '')
    return account === undefined
      ? context.json({ message: 'Bad credentials' }, 401)
      : context.json(account.user)
  })
  app.get('/api/user/emails', (context) => {
    const account = accounts.get(tokens.get(tokenOf(context.req.header('authorization'))) ?? '')
    return account === undefined
      ? context.json({ message: 'Bad credentials' }, 401)
      : context.json(account.emails)
  })

  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const webUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return {
    settings: { clientId, clientSecret, webUrl, apiUrl: new URL('/api', webUrl), opensAccounts: true },
    accounts,
    devices,
    stop: async () => {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await once(server, 'close')
    }
  }
}

function tokenOf(authorization = ''): string {
  return authorization.replace(/^Bearer /, '')
}
