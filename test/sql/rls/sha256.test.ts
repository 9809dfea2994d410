// The hash that signs facts is the one that everybody else computes.
import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hexOf, hmac, sha256 } from '../../../src/sql/rls/sha256.js'

const bytes = fc.uint8Array({ maxLength: 300, size: 'max' })

it('is SHA-256, of every length around a block', () => {
  for (let length = 0; length < 200; length++) {
    const message = Buffer.alloc(length, length)
    expect(hexOf(sha256(message))).toBe(createHash('sha256').update(message).digest('hex'))
  }
  const long = Buffer.alloc(100_003, 'x')
  expect(hexOf(sha256(long))).toBe(createHash('sha256').update(long).digest('hex'))
})

it('signs as HMAC-SHA-256, with a key of any length', () => {
  fc.assert(
    fc.property(bytes, bytes, (key, message) => {
      expect(hexOf(hmac(key, message))).toBe(createHmac('sha256', key).update(message).digest('hex'))
    })
  )
})
