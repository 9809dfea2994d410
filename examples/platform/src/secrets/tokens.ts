// The tokens of agents, `ID-SECRET`: the id finds the row, the secret is compared with the hash in it. The text of a token is
// seen once, by the one who asked for it; whoever reads the table can use none of them.
import { createHash, randomInt, timingSafeEqual } from 'node:crypto'

/** A token's id and its secret. */
export interface TokenParts {
  readonly id: string
  readonly secret: string
}

/** A new token: `token` for its holder, `id` and `hash` for the database. */
export interface NewToken extends TokenParts {
  readonly token: string
  readonly hash: Buffer
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const idLength = 10
/** 22 of 62 letters are 131 random bits, which nobody guesses. */
const secretLength = 22
const form = new RegExp(`^([A-Za-z0-9]{${idLength}})-([A-Za-z0-9]{${secretLength}})$`)

/** A token that nobody had before. Ids are unique by chance (60 bits); the primary key of the table refuses a repetition. */
export function createAgentToken(): NewToken {
  const id = randomText(idLength)
  const secret = randomText(secretLength)
  return { id, secret, token: `${id}-${secret}`, hash: hashSecret(secret) }
}

/** What is stored of a secret: SHA-256, 32 bytes. Enough for 131 random bits; for a password it would not be. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Whether `hash` is the one of this secret; compared without telling by the time how much of it is right. */
export function isSecret(secret: string, hash: Uint8Array): boolean {
  const actual = hashSecret(secret)
  return hash.length === actual.length && timingSafeEqual(actual, hash)
}

/** The parts of a token; `undefined` for every text that is none. */
export function parseToken(text: string): TokenParts | undefined {
  const [, id, secret] = form.exec(text) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

function randomText(length: number): string {
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('')
}
