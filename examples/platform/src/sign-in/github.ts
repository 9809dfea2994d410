// Sign-in with GitHub: its authorization code flow for browsers, and its device flow for machines without one. GitHub
// speaks OAuth 2.0 with two habits of its own: it has no ID token, so its API is asked who came, and it answers errors with
// status 200.
import { createHash } from 'node:crypto'
import * as client from 'openid-client'
import { z } from 'zod'
import { createCodeFlow, type CodeFlow, type Tokens } from './code-flow.js'
import { permitted, timeout } from './configuration.js'
import { asking, SignInError } from './errors.js'
import { readAnswer, toIdentity, type Identity } from './identity.js'
import type { GitHubSettings } from './settings.js'
import { openState, sealState, type Sealing } from './state.js'

/** Where GitHub sends browsers back to. */
export const githubCallback = '/api/v2/users/oauth2/github/callback'

/** What somebody is shown to sign in from another device; times in seconds. */
export interface DeviceAuthorization {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly expires_in: number
  readonly interval: number
}

/** What has become of it: to ask again after the interval, after a longer one, or who it was. */
export type DevicePoll =
  | { readonly status: 'pending' }
  | { readonly status: 'slow_down'; readonly interval: number }
  | { readonly status: 'signed_in'; readonly identity: Identity }

export interface GitHub extends CodeFlow {
  /** Starts a sign-in on another device; `state` is a cookie for the browser that shows the code. */
  readonly startDevice: () => Promise<{ readonly device: DeviceAuthorization; readonly state: string }>
  /** Asks once what has become of it. Throws a `SignInError` where it can no longer succeed. */
  readonly pollDevice: (deviceCode: string, state: string | undefined) => Promise<DevicePoll>
}

const scope = 'read:user user:email'
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

const deviceSchema = z.object({
  device_code: z.string().min(1),
  user_code: z.string().min(1),
  verification_uri: z.url({ protocol: /^https?$/ }),
  expires_in: z.number().int().positive(),
  interval: z.number().int().positive().default(5)
})
const slowDownSchema = z.object({ interval: z.number().int().positive().default(10) })
const userSchema = z.object({
  id: z.number().int().positive(),
  login: z.string().min(1),
  name: z.string().nullish(),
  avatar_url: z.string().nullish()
})
const emailsSchema = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))
const memorySchema = z.object({ hash: z.string() })

/** Sign-in with the GitHub of these settings, for a service at the address `accessUrl`. */
export function createGitHub(settings: GitHubSettings, accessUrl: URL, sealing: Sealing): GitHub {
  const issuer = inside(settings.webUrl, 'login/oauth').href
  const configuration = configure(settings, issuer)
  const identify = (_: unknown, tokens: Tokens): Promise<Identity> =>
    whoHas(tokens.access_token, { configuration, issuer, apiUrl: settings.apiUrl })
  const purpose = `github-device ${issuer}`
  return {
    ...createCodeFlow(
      {
        name: 'github',
        issuer,
        redirectUri: new URL(githubCallback, accessUrl),
        scope,
        hasIdToken: false,
        configuration: () => Promise.resolve(configuration),
        identify
      },
      sealing
    ),

    startDevice: async () => {
      const device = readAnswer(
        deviceSchema,
        await asking(() => client.initiateDeviceAuthorization(configuration, { scope }))
      )
      const memory = { hash: hashOf(device.device_code) }
      return { device, state: sealState(memory, purpose, sealing, device.expires_in) }
    },

    pollDevice: async (deviceCode, state) => {
      // Who could have another browser ask for a code of theirs would sign it in as themselves.
      if (openState(memorySchema, state, purpose, sealing).hash !== hashOf(deviceCode))
        throw new SignInError('state_mismatch', 'this browser started another sign-in')
      return asking(async () => {
        try {
          const tokens = await client.genericGrantRequest(configuration, deviceGrant, {
            device_code: deviceCode
          })
          return { status: 'signed_in', identity: await identify(configuration, tokens) }
        } catch (error) {
          return toWait(error)
        }
      })
    }
  }
}

function configure({ clientId, clientSecret, webUrl }: GitHubSettings, issuer: string): client.Configuration {
  const configuration = new client.Configuration(
    {
      // The `iss` of GitHub's answers, and what its discovery document says.
      issuer,
      authorization_endpoint: inside(webUrl, 'login/oauth/authorize').href,
      token_endpoint: inside(webUrl, 'login/oauth/access_token').href,
      device_authorization_endpoint: inside(webUrl, 'login/device/code').href
    },
    clientId,
    undefined,
    client.ClientSecretPost(clientSecret)
  )
  configuration.timeout = timeout
  configuration[client.customFetch] = async (url, { body = null, ...options }) =>
    withErrorStatus(await fetch(url, { ...options, body }))
  for (const permit of permitted(webUrl)) permit(configuration)
  return configuration
}

/** An error that came with status 200 gets the one that RFC 6749 gives it. */
async function withErrorStatus(response: Response): Promise<Response> {
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
  if (response.status !== 200 || !isJson) return response
  const answer = z.looseObject({ error: z.string() }).safeParse(await response.clone().json())
  return answer.success ? Response.json(answer.data, { status: 400 }) : response
}

/** Whether a poll that failed may be repeated; else throws what it failed of. */
function toWait(error: unknown): DevicePoll {
  if (!(error instanceof client.ResponseBodyError)) throw error
  if (error.error === 'authorization_pending') return { status: 'pending' }
  if (error.error === 'slow_down')
    return { status: 'slow_down', interval: readAnswer(slowDownSchema, error.cause).interval }
  throw error
}

interface Api {
  readonly configuration: client.Configuration
  readonly issuer: string
  readonly apiUrl: URL
}

async function whoHas(accessToken: string, { configuration, issuer, apiUrl }: Api): Promise<Identity> {
  const ask = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const headers = new Headers({ accept: 'application/vnd.github+json' })
    const url = inside(apiUrl, path)
    const response = await client.fetchProtectedResource(
      configuration,
      accessToken,
      url,
      'GET',
      null,
      headers
    )
    if (!response.ok) throw new SignInError('bad_answer', `GitHub answered ${response.status}`)
    return readAnswer(schema, await response.json().catch(() => undefined))
  }
  const user = await ask('user', userSchema)
  const emails = await ask('user/emails', emailsSchema)
  const primary = emails.find((email) => email.primary)
  return toIdentity({
    provider: 'github',
    issuer,
    // A login may be another person's tomorrow; an id is never given twice.
    id: String(user.id),
    email: primary?.email,
    emailVerified: primary?.verified ?? false,
    username: user.login,
    name: user.name ?? '',
    avatarUrl: user.avatar_url ?? '',
    claims: { ...user, email: primary?.email }
  })
}

/** An address below another one, whose own path it keeps. */
function inside(base: URL, path: string): URL {
  return new URL(path, base.href.endsWith('/') ? base : `${base.href}/`)
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
