// What several requests and answers are made of. Each schema is what a request is read by, and what the served OpenAPI
// document says of it: there is no second description.
import { z } from '@hono/zod-openapi'
import { isReserved } from '../reserved-names.js'

export { z }

/** A text of a request. PostgreSQL cannot hold U+0000, and no field here has a use for other control characters. */
export function text(most: number, least = 0): z.ZodString {
  return z
    .string()
    .min(least)
    .max(most)
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'No control characters.')
}

/** The name of a user: 1 to 32 letters and digits, with single hyphens inside. */
export const nameSchema = z
  .string()
  .min(1)
  .max(32)
  .regex(/^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/, 'Letters and digits, with single hyphens inside.')
  .refine((name) => !isReserved(name), 'This word has a meaning in paths.')

/** A whole number in a query. */
export function wholeNumber(least: number, most: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'A whole number.')
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .openapi({ type: 'integer', minimum: least, maximum: most })
}

export const dateTime = z.string().openapi({ format: 'date-time' })
export const uuid = z.string().openapi({ format: 'uuid' })

/** What is answered where there is nothing else to say, and where a request is not done. */
export const responseSchema = z
  .object({
    message: z.string(),
    detail: z.string(),
    validations: z.array(z.object({ field: z.string(), detail: z.string() }).openapi('ValidationError'))
  })
  .openapi('Response')

/** The account that a request is about. */
export const userParams = z.object({
  user: z.string().min(1).openapi({ description: 'The id or the name of a user, or `me`.' })
})

/** A response of a route, as OpenAPI describes it. */
export function answer<S extends z.ZodType>(
  schema: S,
  description: string
): { description: string; content: { 'application/json': { schema: S } } } {
  return { description, content: { 'application/json': { schema } } }
}

export function body<S extends z.ZodType>(
  schema: S
): { body: { required: true; content: { 'application/json': { schema: S } } } } {
  return { body: { required: true, content: { 'application/json': { schema } } } }
}

/** How any request may be refused. */
export const refusals = {
  400: answer(responseSchema, 'The request is not valid: `validations` has every fault.'),
  401: answer(responseSchema, 'Nobody has signed in.'),
  403: answer(responseSchema, 'It is not allowed; `detail` says what is missing.'),
  404: answer(responseSchema, 'There is no such thing, or it is not for the caller to know.'),
  413: answer(responseSchema, 'The body is too long.'),
  415: answer(responseSchema, 'The body is not said to be JSON.'),
  500: answer(responseSchema, 'Something went wrong, which the log says more of.')
}

/** The refusal of a request that tries a password. */
export const tooOften = {
  429: {
    ...answer(responseSchema, 'This was tried too often.'),
    headers: z.object({
      'Retry-After': z.string().openapi({ description: 'After how many seconds to try again.' })
    })
  }
}

/** The refusals of a request that makes or changes what others may be in the way of. */
export const conflicts = { ...refusals, 409: answer(responseSchema, 'Something else is in the way.') }
