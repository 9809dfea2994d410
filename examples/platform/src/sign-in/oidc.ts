// Sign-in with an issuer of OpenID Connect, which is found by its discovery document. ID tokens count only with a
// signature of the issuer's published keys, and who they say it is may be asked for more at the issuer alone.
import * as client from 'openid-client'
import { z } from 'zod'
import { createCodeFlow, type CodeFlow, type Tokens } from './code-flow.js'
import { permitted, timeout } from './configuration.js'
import { readAnswer, toIdentity, type Identity } from './identity.js'
import type { OidcSettings } from './settings.js'
import type { Sealing } from './state.js'

/** Where the issuer sends browsers back to. */
export const oidcCallback = '/api/v2/users/oidc/callback'

const textSchema = z.string().max(1024).default('')
const claimsSchema = z.looseObject({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  email: z.string().optional(),
  email_verified: z.boolean().default(false),
  preferred_username: textSchema,
  name: textSchema,
  picture: textSchema
})

/** Sign-in with the issuer of these settings, for a service at the address `accessUrl`. The issuer is asked when needed. */
export function createOidc(settings: OidcSettings, accessUrl: URL, sealing: Sealing): CodeFlow {
  let found: Promise<client.Configuration> | undefined
  const configuration = (): Promise<client.Configuration> => {
    found ??= discover(settings).catch((error: unknown) => {
      // An issuer that is away when the first user comes may be there for the second.
      found = undefined
      throw error
    })
    return found
  }
  return createCodeFlow(
    {
      name: 'oidc',
      issuer: settings.issuer.href,
      redirectUri: new URL(oidcCallback, accessUrl),
      scope: 'openid email profile',
      hasIdToken: true,
      configuration,
      identify
    },
    sealing
  )
}

function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  return client.discovery(issuer, clientId, undefined, client.ClientSecretBasic(clientSecret), {
    timeout,
    execute: [client.enableNonRepudiationChecks, ...permitted(issuer)]
  })
}

async function identify(configuration: client.Configuration, tokens: Tokens): Promise<Identity> {
  const signed = tokens.claims()
  const more =
    signed !== undefined && configuration.serverMetadata().userinfo_endpoint !== undefined
      ? await client.fetchUserInfo(configuration, tokens.access_token, signed.sub)
      : {}
  // What is signed counts before what is not.
  const claims = { ...more, ...signed }
  const said = readAnswer(claimsSchema, claims)
  return toIdentity({
    provider: 'oidc',
    issuer: said.iss,
    id: said.sub,
    email: said.email,
    emailVerified: said.email_verified,
    username: said.preferred_username,
    name: said.name,
    avatarUrl: said.picture,
    claims
  })
}
