// The authorization code flow, as every provider has it: the browser goes to the provider, comes back with a code, and the
// service changes the code for tokens. State binds the answer to the browser, PKCE the code to the sign-in, and the issuer
// of the answer is compared where it is named.
import * as client from 'openid-client'
import { z } from 'zod'
import { asking, SignInError } from './errors.js'
import type { Identity, ProviderName } from './identity.js'
import { openState, sealState, type Sealing } from './state.js'

/** Where to send the browser, and the cookie that it keeps until it comes back. */
export interface Started {
  readonly url: URL
  readonly state: string
}

export interface CodeFlow {
  /** Starts a sign-in. Throws a `SignInError` where the provider cannot be asked how. */
  readonly start: () => Promise<Started>
  /**
   * Who came back: `currentUrl` is what the browser asked for, of which only the query is read, and `state` its cookie.
   * Throws a `SignInError` for whatever is wrong with either, and for an identity without verified e-mail address.
   */
  readonly finish: (currentUrl: URL, state: string | undefined) => Promise<Identity>
}

/** What one provider has that another has not. */
export interface Provider {
  readonly name: ProviderName
  readonly issuer: string
  /** The address that the provider sends browsers back to. */
  readonly redirectUri: URL
  readonly scope: string
  /** Whether it answers with an ID token, whose nonce is then compared. */
  readonly hasIdToken: boolean
  readonly configuration: () => Promise<client.Configuration>
  readonly identify: (configuration: client.Configuration, tokens: Tokens) => Promise<Identity>
}

/** The answer of a token endpoint, checked. */
export type Tokens = client.TokenEndpointResponse & client.TokenEndpointResponseHelpers

const memorySchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() })

export function createCodeFlow(provider: Provider, sealing: Sealing): CodeFlow {
  // One provider's cookie is of no use at the other's address, nor after the issuer changed.
  const purpose = `${provider.name} ${provider.issuer}`
  return {
    start: async () => {
      const memory = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier()
      }
      const challenge = await client.calculatePKCECodeChallenge(memory.verifier)
      const url = client.buildAuthorizationUrl(await asking(provider.configuration), {
        redirect_uri: provider.redirectUri.href,
        scope: provider.scope,
        state: memory.state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...(provider.hasIdToken ? { nonce: memory.nonce } : {})
      })
      return { url, state: sealState(memory, purpose, sealing) }
    },

    finish: async (currentUrl, state) => {
      const memory = openState(memorySchema, state, purpose, sealing)
      if (currentUrl.searchParams.get('state') !== memory.state)
        throw new SignInError('state_mismatch', 'this browser started another sign-in')
      // Behind a proxy the address that the service sees is not the one that the browser asked.
      const answer = new URL(provider.redirectUri)
      answer.search = currentUrl.search
      return asking(async () => {
        const configuration = await provider.configuration()
        const tokens = await client.authorizationCodeGrant(configuration, answer, {
          expectedState: memory.state,
          pkceCodeVerifier: memory.verifier,
          ...(provider.hasIdToken ? { expectedNonce: memory.nonce } : {})
        })
        return provider.identify(configuration, tokens)
      })
    }
  }
}

/** Whether a request to the address of a callback is a provider's answer; else it is a browser that wants to sign in. */
export function isAnswer({ searchParams }: URL): boolean {
  return ['code', 'error', 'state'].some((name) => searchParams.has(name))
}
