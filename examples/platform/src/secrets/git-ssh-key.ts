// A key pair for git over SSH, in the files' forms that OpenSSH reads (PROTOCOL.key in its sources): node:crypto makes the
// pair, this file writes it down.
import { generateKeyPairSync, randomBytes } from 'node:crypto'

/** `publicKey` is a line of `authorized_keys` without comment; `privateKey` the text of an unencrypted key file. */
export interface GitSshKey {
  readonly publicKey: string
  readonly privateKey: string
}

const type = 'ssh-ed25519'

/** A new ed25519 pair. The private half is a secret: store it sealed, and hand it to nobody but its user's workspace. */
export function createGitSshKey(): GitSshKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { d: seed, x: point } = privateKey.export({ format: 'jwk' })
  if (seed === undefined || point === undefined) throw new Error('ed25519: the pair has no raw form')
  const raw = { seed: Buffer.from(seed, 'base64url'), point: Buffer.from(point, 'base64url') }
  const publicBlob = fields(type, raw.point)
  return {
    publicKey: `${type} ${publicBlob.toString('base64')}`,
    privateKey: toPem(Buffer.concat([header, fields(publicBlob), fields(privateBlob(raw))]))
  }
}

/** The magic of the format; no cipher, no derivation of a password, its empty options; one key. */
const header = Buffer.concat([Buffer.from('openssh-key-v1\0'), fields('none', 'none', ''), uint32(1)])

/** The pair with an empty comment, between a number given twice, by which a reader knows it, and padding. */
function privateBlob({ seed, point }: { readonly seed: Buffer; readonly point: Buffer }): Buffer {
  const check = randomBytes(4)
  const pair = Buffer.concat([check, check, fields(type, point, Buffer.concat([seed, point]), '')])
  const padding = Array.from({ length: -pair.length & 7 }, (_, index) => index + 1)
  return Buffer.concat([pair, Buffer.from(padding)])
}

/** SSH's strings: each after its length in bytes. */
function fields(...values: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    values.flatMap((value) => {
      const bytes = Buffer.from(value)
      return [uint32(bytes.length), bytes]
    })
  )
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function toPem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? []
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n')
}
