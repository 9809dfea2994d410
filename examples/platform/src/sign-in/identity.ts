// Who somebody is at a provider: what it says, read from data that is hostile until it is parsed.
import { z } from 'zod'
import { SignInError } from './errors.js'

export type ProviderName = 'github' | 'oidc'

/** Somebody whom a provider vouches for. */
export interface Identity {
  readonly provider: ProviderName
  /**
   * Who it is, for as long as the provider exists: `ISSUER#ID`. An issuer has no `#`, so the same id at two issuers is two
   * subjects, also where a deployment moves from one to the other. Accounts are found by it, not by names or e-mails.
   */
  readonly subject: string
  /** In lower case. */
  readonly email: string
  /** There is no identity without: who can claim any address could take over any account. */
  readonly emailVerified: true
  /** A proposal, letters and digits with single hyphens between them, at most 32; it may be another user's. */
  readonly username: string
  /** One line, perhaps empty. */
  readonly name: string
  /** An address of http or https, or empty. */
  readonly avatarUrl: string
  /** What the provider says of them, as it says it. */
  readonly claims: Readonly<Record<string, unknown>>
}

/** What a provider says, by the names that an `Identity` has. */
export interface Said {
  readonly provider: ProviderName
  readonly issuer: string
  readonly id: string
  readonly email: string | undefined
  readonly emailVerified: boolean
  readonly username: string
  readonly name: string
  readonly avatarUrl: string
  readonly claims: Readonly<Record<string, unknown>>
}

const emailSchema = z.email().max(254).toLowerCase()
const mostClaims = 32 * 1024

/** The identity of what a provider says. Throws `email_unverified` where it does not vouch for the address. */
export function toIdentity({ provider, issuer, id, claims, ...said }: Said): Identity {
  if (said.email === undefined || !said.emailVerified)
    throw new SignInError('email_unverified', 'the provider has not verified the e-mail address')
  const email = emailSchema.safeParse(said.email)
  if (!email.success || !isStorable(claims))
    throw new SignInError('bad_answer', 'the provider’s answer cannot be accepted', { cause: email.error })
  return {
    provider,
    subject: `${issuer}#${id}`,
    email: email.data,
    emailVerified: true,
    username: toUsername(said.username) || toUsername(email.data) || 'user',
    name: said.name
      .replace(/[\p{C}\p{Z}]+/gu, ' ')
      .trim()
      .slice(0, 128),
    avatarUrl: toUrl(said.avatarUrl),
    claims
  }
}

/** The data of an answer; throws `bad_answer` where it has another form. */
export function readAnswer<T>(schema: z.ZodType<T>, answer: unknown): T {
  const { data, error } = schema.safeParse(answer)
  if (error !== undefined)
    throw new SignInError('bad_answer', 'the provider’s answer cannot be accepted', { cause: error })
  return data
}

/** PostgreSQL stores no text with U+0000, and a provider fills no table. */
function isStorable(claims: Said['claims']): boolean {
  const text = JSON.stringify(claims)
  return text.length <= mostClaims && !text.includes('\\u0000')
}

function toUsername(text: string): string {
  const [local = ''] = text.split('@')
  return local
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, 32)
    .replace(/^-|-$/g, '')
}

function toUrl(text: string): string {
  const url = z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .safeParse(text)
  return url.success ? url.data : ''
}
