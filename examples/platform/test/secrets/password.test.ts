import { describe, expect, it } from 'vitest'
import { hashPassword, maxPasswordLength, verifyPassword } from '../../src/secrets/password.js'

const stored = await hashPassword('correct horse')

describe('a stored password', () => {
  it('is verified by the same text, and by no other', async () => {
    expect(await verifyPassword('correct horse', stored)).toBe(true)
    for (const other of ['correct hors', '', 'correct horse\0'])
      expect(await verifyPassword(other, stored)).toBe(false)
  })

  it('is another text each time, and does not contain the password', async () => {
    expect(await hashPassword('correct horse')).not.toBe(stored)
    expect(stored).not.toContain('horse')
  })

  it('is the same however a keyboard composes it', async () => {
    expect(await verifyPassword('cafe\u0301', await hashPassword('caf\u00e9'))).toBe(true)
  })

  it('says with which parameters it was made, which is how it is read', async () => {
    expect(stored).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/)
    // From another implementation: Python's `hashlib.scrypt`.
    const older = '$scrypt$ln=10,r=4,p=2$MDEyMzQ1Njc4OWFiY2RlZg$h8Lw1iuj3SKNB/2MFpSJ0xpxUOaMMvbvatkBSyI2/aM'
    expect(await verifyPassword('pleaseletmein', older)).toBe(true)
    expect(await verifyPassword('pleaseletmeout', older)).toBe(false)
  })
})

describe('what is no stored password', () => {
  it('verifies nothing, not even what a decoy could hold', async () => {
    expect(await verifyPassword('', undefined)).toBe(false)
  })

  it.each([
    ['another form', '$2b$10$abcdefghijklmnopqrstuuDYTOQyCHRM2aB3QqZ4bF8wjWdvNVrhS'],
    ['a text after it', `${stored}x`],
    ['a cost that would stop the service', stored.replace('ln=14', 'ln=31')],
    ['more work than is taken', stored.replace('p=5', 'p=99')],
    ['no cost', stored.replace('ln=14', 'ln=0')],
    ['a cut key', stored.slice(0, -1)]
  ])('is refused and not an error: %s', async (_, text) => {
    expect(await verifyPassword('correct horse', text)).toBe(false)
  })
})

describe('a password that is too long, or has a character that ends it', () => {
  it('is not stored, and is no password', async () => {
    const longest = 'x'.repeat(maxPasswordLength)
    await expect(hashPassword(`${longest}x`)).rejects.toThrow(RangeError)
    await expect(hashPassword('correct\0horse')).rejects.toThrow(RangeError)
    const stored = await hashPassword(longest)
    expect(await verifyPassword(longest, stored)).toBe(true)
    expect(await verifyPassword(`${longest}x`, stored)).toBe(false)
  })
})
