// A real issuer of OpenID Connect on this machine: oidc-provider, at which whoever the address names by `login_hint` is
// signed in at once, and `nobody` refuses.
import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import type { OidcSettings } from '../../src/sign-in/settings.js'

/** What the issuer says of somebody. */
export type Account = Readonly<Record<string, unknown>>

export interface Issuer {
  readonly settings: OidcSettings
  /** By subject; may be changed at any time. */
  readonly accounts: Map<string, Account>
  /** From now on the issuer publishes keys that it does not sign with, as somebody who answers in its place would. */
  publishOtherKeys(): void
  stop(): Promise<void>
}

const clientId = 'platform'
const clientSecret = 'a secret of the client'

/** Starts an issuer that sends browsers back to `redirectUri`. */
export async function startIssuer(redirectUri: string): Promise<Issuer> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const accounts = new Map<string, Account>()
  const provider = createProvider(url, redirectUri, accounts)
  const answer = provider.callback()
  let otherKeys: string | undefined
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/jwks' && otherKeys !== undefined)
      response.setHeader('content-type', 'application/jwk-set+json').end(otherKeys)
    else if (request.url?.startsWith('/interaction/') === true) void interact(provider, request, response)
    else void answer(request, response)
  })
  return {
    settings: {
      issuer: new URL(url),
      clientId,
      clientSecret,
      signInText: 'Sign in',
      iconUrl: '',
      opensAccounts: true
    },
    accounts,
    publishOtherKeys: () => {
      otherKeys = JSON.stringify({
        keys: [{ ...signingKey().publicKey, alg: 'RS256', use: 'sig', kid: 'key' }]
      })
    },
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    }
  }
}

function createProvider(url: string, redirectUri: string, accounts: Issuer['accounts']): Provider {
  return new Provider(url, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    jwks: { keys: [{ ...signingKey().privateKey, alg: 'RS256', use: 'sig', kid: 'key' }] },
    claims: { email: ['email', 'email_verified'], profile: ['name', 'preferred_username', 'picture'] },
    cookies: { keys: ['a key of the issuer for its cookies'] },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 600,
      Interaction: 600,
      Session: 600
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ ...accounts.get(sub), sub })
    }),
    // Nobody is asked whether the client may know what it asks for.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId,
        accountId: oidc.session?.accountId
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    }
  })
}

async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response)
  const who = String(params['login_hint'])
  const result = who === 'nobody' ? { error: 'access_denied' } : { login: { accountId: who } }
  await provider.interactionFinished(request, response, result)
}

function signingKey(): { readonly publicKey: JsonWebKey; readonly privateKey: JsonWebKey } {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    publicKey: pair.publicKey.export({ format: 'jwk' }),
    privateKey: pair.privateKey.export({ format: 'jwk' })
  }
}
