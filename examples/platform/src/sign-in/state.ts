// What a sign-in has to remember between its two requests, in a cookie of the browser that started it: sealed, so that the
// browser can neither read nor make one, and with an end.
import { z } from 'zod'
import { seal, SealError, unseal } from '../secrets/sealed.js'
import { SignInError } from './errors.js'

/** The sealing key, and the clock: milliseconds since 1970. */
export interface Sealing {
  readonly key: Buffer
  readonly now?: () => number
}

/** For how many seconds a browser may take to come back from a provider; the age of the cookie. */
export const stateMaxAge = 600

const envelopeSchema = z.object({ endsAt: z.number(), content: z.unknown() })

/** The text of a cookie, for `openState` with the same purpose within so many seconds. */
export function sealState(
  content: unknown,
  purpose: string,
  sealing: Sealing,
  seconds = stateMaxAge
): string {
  const endsAt = timeOf(sealing) + seconds * 1000
  return seal(JSON.stringify({ endsAt, content }), sealing.key, `sign-in ${purpose}`).toString('base64url')
}

/** What was sealed. Throws `state_mismatch` for a text that was not sealed here for this purpose, `expired` for an old one. */
export function openState<T>(
  schema: z.ZodType<T>,
  text: string | undefined,
  purpose: string,
  sealing: Sealing
): T {
  const { endsAt, content } = envelopeSchema.parse(JSON.parse(open(text, purpose, sealing)))
  if (endsAt <= timeOf(sealing)) throw new SignInError('expired', 'the sign-in took too long; start again')
  return schema.parse(content)
}

function open(text: string | undefined, purpose: string, { key }: Sealing): string {
  try {
    return unseal(Buffer.from(text ?? '', 'base64url'), key, `sign-in ${purpose}`)
  } catch (error) {
    // Anybody may send anything here: it is no cause worth a line in the log.
    if (error instanceof SealError)
      throw new SignInError('state_mismatch', 'this browser started no such sign-in')
    throw error
  }
}

function timeOf({ now = Date.now }: Sealing): number {
  return now()
}
