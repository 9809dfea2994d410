// Texts that only this service can read again: the private half of a git SSH key in the database, the state of a sign-in in
// a cookie. What is sealed says for what it is (its context), so that it opens nowhere else.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const keyBytes = 32
/** Random nonces of this size are safe for 2³² texts under one key; a deployment that seals more changes its key first. */
const nonceBytes = 12
const tagBytes = 16

/** What was to be unsealed is damaged, cut short, of another key, or of another context. Which of them, nobody is told. */
export class SealError extends Error {
  override readonly name = 'SealError'
}

/** A sealing key of an environment variable: 64 hexadecimal digits, as `openssl rand -hex 32` prints them. Else throws. */
export function readSealingKey(name: string, value: string | undefined): Buffer {
  // The value is a secret, also where it is wrong: it is not in the message.
  if (value === undefined || !/^[0-9a-f]{64}$/i.test(value))
    throw new Error(`${name}: not 64 hexadecimal digits; make a key with \`openssl rand -hex 32\``)
  return Buffer.from(value, 'hex')
}

/**
 * Encrypts and authenticates a text, to be unsealed with the same key and the same context: a constant text that names the
 * use, with the id of the row if it is stored in one (`git_ssh_key:USER_ID`).
 */
export function seal(text: string, key: Buffer, context: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, checkKey(key), nonce, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(context))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** The text that was sealed. Throws a `SealError` for whatever `seal` did not make with this key and this context. */
export function unseal(sealed: Buffer, key: Buffer, context: string): string {
  if (sealed.length < nonceBytes + tagBytes) throw new SealError('sealed text: cannot be opened')
  const nonce = sealed.subarray(0, nonceBytes)
  const decipher = createDecipheriv(algorithm, checkKey(key), nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
  const text = decipher.update(sealed.subarray(nonceBytes + tagBytes))
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch (error) {
    throw new SealError('sealed text: cannot be opened', { cause: error })
  }
}

function checkKey(key: Buffer): Buffer {
  if (key.length !== keyBytes) throw new Error(`sealing key: ${key.length} bytes instead of ${keyBytes}`)
  return key
}
