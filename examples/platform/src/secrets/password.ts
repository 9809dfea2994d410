// Passwords → what is stored of them. The parameters stand in the stored text, so that they can be raised later and older
// hashes still count. A user who does not exist, or has no password, costs as much time as one with a wrong password.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** The longest password that is taken, in UTF-16 units. No person types more, and a longer text only costs time. */
export const maxPasswordLength = 1024

interface Stored {
  readonly logCost: number
  readonly blockSize: number
  readonly parallelism: number
  readonly salt: Buffer
  readonly key: Buffer
}

/** OWASP's advice for scrypt with the least memory: 16 MiB for each hash that is computed at the moment. */
const current = { logCost: 14, blockSize: 8, parallelism: 5 } as const

/** What stored parameters may ask for at most, so that a damaged row cannot stop the service. */
const mostMemory = 256 * 1024 * 1024
const mostParallelism = 16

const saltBytes = 16
const keyBytes = 32

/** The PHC form: `$scrypt$ln=14,r=8,p=5$SALT$KEY`, salt and key in base64 without padding. */
const form = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

/** What an unknown user's password is compared with; nothing equals it, since `verifyPassword` says no whatever it finds. */
const decoy: Stored = { ...current, salt: Buffer.alloc(saltBytes), key: Buffer.alloc(keyBytes) }

/**
 * The text to store for a password, another one each time. A password that looks the same is the same, however a keyboard
 * composes it (Unicode NFKC). Throws a `RangeError` for one that is longer than `maxPasswordLength` or has U+0000 in it.
 */
export async function hashPassword(text: string): Promise<string> {
  if (!isPossible(text))
    throw new RangeError(`password: longer than ${maxPasswordLength} characters, or with U+0000`)
  const salt = randomBytes(saltBytes)
  const key = await derive(text, { ...current, salt })
  const { logCost, blockSize, parallelism } = current
  return `$scrypt$ln=${logCost},r=${blockSize},p=${parallelism}$${encode(salt)}$${encode(key)}`
}

/**
 * Whether a password is the one that was stored. No for `undefined`, which stands for a user who is unknown or has no
 * password, and no for a text that is no hash; both take as long as a wrong password does.
 */
export async function verifyPassword(text: string, stored: string | undefined): Promise<boolean> {
  // This depends on what was typed alone, so the time saved says nothing of who exists.
  if (!isPossible(text)) return false
  const parsed = stored === undefined ? undefined : parseStored(stored)
  const expected = parsed ?? decoy
  const isEqual = timingSafeEqual(await derive(text, expected), expected.key)
  return isEqual && parsed !== undefined
}

/** scrypt takes a text with U+0000 behind it for the text itself, since HMAC fills its keys up with it. */
function isPossible(text: string): boolean {
  return text.length <= maxPasswordLength && !text.includes('\0')
}

function parseStored(text: string): Stored | undefined {
  const [, logCost, blockSize, parallelism, salt, key] = form.exec(text) ?? []
  if (salt === undefined || key === undefined) return undefined
  const stored: Stored = {
    logCost: Number(logCost),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64')
  }
  const isBounded =
    stored.logCost > 0 &&
    stored.blockSize > 0 &&
    memoryOf(stored) <= mostMemory &&
    stored.parallelism > 0 &&
    stored.parallelism <= mostParallelism
  return isBounded ? stored : undefined
}

function memoryOf({ logCost, blockSize }: Pick<Stored, 'logCost' | 'blockSize'>): number {
  return 128 * 2 ** logCost * blockSize
}

function derive(
  text: string,
  { logCost, blockSize, parallelism, salt }: Omit<Stored, 'key'>
): Promise<Buffer> {
  const options = {
    N: 2 ** logCost,
    r: blockSize,
    p: parallelism,
    // scrypt needs a little more than its blocks, and refuses from this number on.
    maxmem: 2 * mostMemory
  }
  return new Promise((resolve, reject) => {
    scrypt(text.normalize('NFKC'), salt, keyBytes, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
