// Who may ask, and how often. A token is compared by its digest, so that the time of a comparison says nothing about it.
import { createHash } from 'node:crypto'
import { Refusal } from './refusal.js'
import type { MaybePromise, Rate, TokenCheck } from './types.js'

/** Says who calls, as a name that is safe to keep; the same for everybody where there are no tokens. */
export type Authenticate = (request: Request, tenant: string | undefined) => MaybePromise<string>

/** @throws Refusal 401, from the function that it gives, for a request without a valid token. */
export function authenticator(tokens: readonly string[] | TokenCheck | undefined): Authenticate {
  if (tokens === undefined) return () => everybody
  const accepts = typeof tokens === 'function' ? tokens : undefined
  const digests = new Set(typeof tokens === 'function' ? [] : tokens.map(digestOf))
  return async (request, tenant) => {
    const [, token] = /^Bearer +([^\s]+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
    if (token === undefined) throw unauthorized('missing bearer token', '')
    const digest = digestOf(token)
    const isValid = accepts === undefined ? digests.has(digest) : await accepts(token, tenant)
    if (!isValid) throw unauthorized('not a valid token', ', error="invalid_token"')
    return digest
  }
}

const everybody = ''

function unauthorized(message: string, error: string): Refusal {
  return new Refusal(401, message, { 'www-authenticate': `Bearer realm="authzen"${error}` })
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Callers whose last request is forgotten first where there are more. */
const mostCallers = 10_000

/** Lets a caller through, or throws. */
export type Limit = (caller: string) => void

/** @throws Refusal 429, from the function that it gives, for a caller who asks too often. */
export function rateLimit(rate: Rate | undefined, clock: () => number): Limit {
  if (rate === undefined) return () => undefined
  const { perSecond, burst = Math.max(1, perSecond) } = rate
  const buckets = new Map<string, { left: number; at: number }>()
  return (caller) => {
    const now = clock()
    const { left, at } = buckets.get(caller) ?? { left: burst, at: now }
    const filled = Math.min(burst, left + ((now - at) / 1000) * perSecond)
    // Deleted first, so that the oldest caller is the first of the map.
    buckets.delete(caller)
    buckets.set(caller, { left: filled >= 1 ? filled - 1 : filled, at: now })
    if (buckets.size > mostCallers)
      for (const oldest of buckets.keys()) {
        buckets.delete(oldest)
        break
      }
    if (filled >= 1) return
    const seconds = Math.ceil((1 - filled) / perSecond)
    throw new Refusal(429, 'too many requests', { 'retry-after': String(seconds) })
  }
}
