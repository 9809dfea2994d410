import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSealingKey, seal, SealError, unseal } from '../../src/secrets/sealed.js'

const key = randomBytes(32)

describe('a sealed text', () => {
  it('is read back with its key and context, whatever it is', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(text, text, (secret, context) => {
        expect(unseal(seal(secret, key, context), key, context)).toBe(secret)
      })
    )
  })

  it('opens with no other key and in no other context', () => {
    const sealed = seal('secret', key, 'git_ssh_key:ada')
    expect(() => unseal(sealed, randomBytes(32), 'git_ssh_key:ada')).toThrow(SealError)
    for (const context of ['git_ssh_key:eve', 'git_ssh_key:', ''])
      expect(() => unseal(sealed, key, context)).toThrow(SealError)
  })

  it('opens at no length but its own, and with no byte changed', () => {
    const sealed = seal('secret', key, 'use')
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => unseal(sealed.subarray(0, length), key, 'use')).toThrow(SealError)
    expect(() => unseal(Buffer.concat([sealed, Buffer.of(0)]), key, 'use')).toThrow(SealError)
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
      expect(() => unseal(changed, key, 'use')).toThrow(SealError)
    }
  })

  it('is another one each time, and does not show what is in it', () => {
    const sealed = seal('a long enough secret', key, 'use')
    expect(seal('a long enough secret', key, 'use')).not.toEqual(sealed)
    expect(sealed.includes('secret')).toBe(false)
  })
})

describe('a sealing key', () => {
  it('is read from 64 hexadecimal digits', () => {
    expect(readSealingKey('SEALING_KEY', key.toString('hex'))).toEqual(key)
    expect(readSealingKey('SEALING_KEY', key.toString('hex').toUpperCase())).toEqual(key)
  })

  it.each([
    undefined,
    '',
    'a'.repeat(63),
    'a'.repeat(65),
    `${'a'.repeat(63)}g`,
    ` ${'a'.repeat(64)}`,
    `${'a'.repeat(64)}\n`
  ])('is not read from %j, which is not in the message', (value) => {
    expect(() => readSealingKey('SEALING_KEY', value)).toThrow(
      new Error('SEALING_KEY: not 64 hexadecimal digits; make a key with `openssl rand -hex 32`')
    )
  })

  it('of another length is an error, not a weaker seal', () => {
    for (const length of [0, 16, 31, 33]) {
      expect(() => seal('secret', Buffer.alloc(length), 'use')).toThrow(
        `sealing key: ${length} bytes instead of 32`
      )
      expect(() => unseal(seal('secret', key, 'use'), Buffer.alloc(length), 'use')).toThrow('sealing key')
    }
  })
})
