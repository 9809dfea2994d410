// Why somebody could not sign in, for a handler to answer with. What an issuer or a browser sent is hostile: none of it
// stands in a message but an error code that looks like one.
import * as client from 'openid-client'

/**
 * - `not_configured`: this deployment has no such provider.
 * - `state_mismatch`: the answer is not of a sign-in that this browser started here.
 * - `expired`: it is, but was started too long ago.
 * - `refused`: the provider says no, or takes the code of its answer no more.
 * - `bad_answer`: what the provider answered is not what it may answer, as a token that it did not sign.
 * - `unreachable`: the provider does not answer.
 * - `email_unverified`: the provider does not vouch for the e-mail address.
 */
export type SignInCode =
  | 'not_configured'
  | 'state_mismatch'
  | 'expired'
  | 'refused'
  | 'bad_answer'
  | 'unreachable'
  | 'email_unverified'

/** A sign-in that does not succeed. Its message may be shown; its cause is for the log. */
export class SignInError extends Error {
  override readonly name = 'SignInError'
  readonly code: SignInCode

  constructor(code: SignInCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The provider, if this deployment has it; else throws `not_configured`. */
export function configured<T>(provider: T | undefined, name: string): T {
  if (provider === undefined)
    throw new SignInError('not_configured', `sign-in with ${name} is not configured`)
  return provider
}

/** What `work` answers, which asks a provider; its failures are a `SignInError`. */
export async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toSignInError(error)
  }
}

function toSignInError(cause: unknown): unknown {
  if (cause instanceof client.AuthorizationResponseError || cause instanceof client.ResponseBodyError)
    return cause.error === 'expired_token'
      ? new SignInError('expired', 'the code has expired; start again', { cause })
      : new SignInError('refused', `the provider refused the sign-in${inWords(cause.error)}`, { cause })
  if (cause instanceof client.WWWAuthenticateChallengeError)
    return new SignInError('refused', 'the provider refused the sign-in', { cause })
  if (isUnreachable(cause)) return new SignInError('unreachable', 'the provider does not answer', { cause })
  if (cause instanceof client.ClientError)
    return new SignInError('bad_answer', 'the provider’s answer cannot be accepted', { cause })
  return cause
}

/** What Node's `fetch` throws where there is no connection, and openid-client where there is no answer in time. */
function isUnreachable(error: unknown): boolean {
  return error instanceof client.ClientError
    ? error.code === 'OAUTH_TIMEOUT'
    : error instanceof TypeError && error.message === 'fetch failed'
}

function inWords(code: string): string {
  return /^[a-z_]{1,40}$/.test(code) ? `: \`${code}\`` : ''
}
