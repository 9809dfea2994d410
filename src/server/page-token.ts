// The tokens of pages: where the next page begins, signed together with the question, so that a token is good for no
// other question and none can be made up. What it holds is an id that the caller has seen.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseJson } from '../text/json.js'
import { badRequest, type Refusal } from './refusal.js'
import type { Properties } from './types.js'

/** Where a page ends and how long pages are. */
export interface PageEnd {
  readonly after: string
  readonly limit: number
}

/** Everything that a token is bound to: the search, the tenant, and the request without its page. */
export interface AskedPage {
  readonly search: string
  readonly tenant: string | undefined
  readonly question: Properties
}

export function writePageToken(secret: string, asked: AskedPage, { after, limit }: PageEnd): string {
  const content = Buffer.from(JSON.stringify([after, limit])).toString('base64url')
  return `${content}.${signatureOf(secret, asked, content).toString('base64url')}`
}

/** @throws Refusal for a token that was changed, or that belongs to another question. */
export function readPageToken(secret: string, asked: AskedPage, token: unknown): PageEnd {
  const [content = '', signature = '', ...rest] = typeof token === 'string' ? token.split('.') : []
  const given = Buffer.from(signature, 'base64url')
  const expected = signatureOf(secret, asked, content)
  // Base64 can be written in several ways: only the one that was given out is a token.
  const isWritten = given.toString('base64url') === signature && rest.length === 0
  if (!isWritten || given.length !== expected.length || !timingSafeEqual(given, expected)) throw notOurs()
  const read = parseJson(Buffer.from(content, 'base64url').toString())
  const parts: readonly unknown[] = read.ok && Array.isArray(read.value) ? read.value : []
  const [after, limit] = parts
  if (typeof after !== 'string' || typeof limit !== 'number') throw notOurs()
  return { after, limit }
}

function notOurs(): Refusal {
  return badRequest('page.token: not a token of this question')
}

function signatureOf(secret: string, { search, tenant, question }: AskedPage, content: string): Buffer {
  const asked = JSON.stringify([search, tenant ?? null, inOrder(question)])
  return createHmac('sha256', secret).update(`${content}.${asked}`).digest()
}

/** The same JSON with its keys in one order: a question is the same, however its keys are ordered. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, inner]) => [key, inOrder(inner)])
}
