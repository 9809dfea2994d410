import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createGitSshKey } from '../../src/secrets/git-ssh-key.js'

const pair = createGitSshKey()
const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined

/** SSH's strings in a blob, read independently of how they are written. */
function readFields(blob: Buffer): Buffer[] {
  const read: Buffer[] = []
  let at = 0
  while (at < blob.length) {
    const end = at + 4 + blob.readUInt32BE(at)
    if (end > blob.length) throw new RangeError(`a field ends at ${end} of ${blob.length}`)
    read.push(blob.subarray(at + 4, end))
    at = end
  }
  return read
}

/** The public point of the line, and the seed in the private file. */
function readPair({ publicKey, privateKey }: typeof pair): { point: Buffer; seed: Buffer; blobs: Buffer[] } {
  const publicBlob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')
  const [type, point] = readFields(publicBlob)
  expect(type?.toString()).toBe('ssh-ed25519')
  const file = Buffer.from(privateKey.replace(/-----.*-----/g, ''), 'base64')
  const magic = 'openssh-key-v1\0'
  expect(file.subarray(0, magic.length).toString()).toBe(magic)
  // After three strings comes the number of keys, which is one; it reads like the length of nothing else.
  const afterNames = magic.length + 4 + 4 + 4 + 4 + 4
  expect(file.readUInt32BE(afterNames)).toBe(1)
  const [publicAgain, secret] = readFields(file.subarray(afterNames + 4))
  expect(publicAgain).toEqual(publicBlob)
  const check = secret?.subarray(0, 4)
  expect(secret?.subarray(4, 8)).toEqual(check)
  const blobs = readFields(secret?.subarray(8, 8 + 4 + 11 + 4 + 32 + 4 + 64 + 4) ?? Buffer.alloc(0))
  return { point: point ?? Buffer.alloc(0), seed: blobs[2]?.subarray(0, 32) ?? Buffer.alloc(0), blobs }
}

describe('a git SSH key', () => {
  it('has a public line of ed25519 and a private file of OpenSSH', () => {
    expect(pair.publicKey).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}$/)
    expect(pair.privateKey).toMatch(
      /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=]{1,70}\n)+-----END OPENSSH PRIVATE KEY-----\n$/
    )
  })

  it('has two halves that belong together: one verifies what the other signs', () => {
    const { point, seed, blobs } = readPair(pair)
    expect(blobs.map((blob) => blob.length)).toEqual([11, 32, 64, 0])
    expect(blobs[2]?.subarray(32)).toEqual(point)
    const [d, x] = [seed.toString('base64url'), point.toString('base64url')]
    const signature = sign(null, Buffer.from('text'), jwkKey({ d, x }))
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    expect(verify(null, Buffer.from('text'), publicKey, signature)).toBe(true)
    expect(verify(null, Buffer.from('test'), publicKey, signature)).toBe(false)
  })

  it('is another pair each time', () => {
    const other = createGitSshKey()
    expect(other.publicKey).not.toBe(pair.publicKey)
    expect(readPair(other).seed).not.toEqual(readPair(pair).seed)
  })
})

describe.skipIf(!hasSshKeygen)('OpenSSH, where it is installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'git-ssh-key-'))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  it('finds the public half in the private file', () => {
    const file = join(folder, 'key')
    writeFileSync(file, pair.privateKey, { mode: 0o600 })
    expect(execFileSync('ssh-keygen', ['-y', '-P', '', '-f', file], { encoding: 'utf8' }).trim()).toBe(
      pair.publicKey
    )
  })

  it('has a fingerprint for the public line', () => {
    const file = join(folder, 'key.pub')
    writeFileSync(file, `${pair.publicKey}\n`)
    expect(execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' })).toMatch(
      /^256 SHA256:\S+ .*\(ED25519\)$/m
    )
  })
})

function jwkKey({ d, x }: { readonly d: string; readonly x: string }): ReturnType<typeof createPrivateKey> {
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' })
}
