import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAgentToken, hashSecret, isSecret, parseToken } from '../../src/secrets/tokens.js'

describe('a new token', () => {
  it('is an id of 10 letters and a secret of 22, and is read back', () => {
    const { id, secret, token } = createAgentToken()
    expect(token).toMatch(/^[A-Za-z0-9]{10}-[A-Za-z0-9]{22}$/)
    expect(parseToken(token)).toEqual({ id, secret })
  })

  it('is another one each time, in both parts', () => {
    const tokens = Array.from({ length: 1000 }, createAgentToken)
    expect(new Set(tokens.map(({ id }) => id)).size).toBe(1000)
    expect(new Set(tokens.map(({ secret }) => secret)).size).toBe(1000)
  })

  it('uses every letter', () => {
    // 22,000 letters: that one of 62 is missing has a chance of 10⁻¹⁵³.
    const texts = Array.from({ length: 1000 }, () => createAgentToken().secret)
    expect(new Set(texts.join('')).size).toBe(62)
  })
})

describe('the hash of a secret', () => {
  it('is of that secret and of no other', () => {
    const { secret, hash } = createAgentToken()
    expect(hash).toEqual(hashSecret(secret))
    expect(isSecret(secret, hash)).toBe(true)
    expect(isSecret(createAgentToken().secret, hash)).toBe(false)
    expect(isSecret('', hash)).toBe(false)
  })

  it('is nobody’s when it is cut, empty or longer', () => {
    const { secret, hash } = createAgentToken()
    for (const other of [hash.subarray(1), Buffer.alloc(0), Buffer.concat([hash, hash])])
      expect(isSecret(secret, other)).toBe(false)
  })
})

describe('a text that is no token', () => {
  const { token } = createAgentToken()

  it.each([
    '',
    token.slice(1),
    `${token}x`,
    ` ${token}`,
    `${token}\n`,
    token.replace('-', '_'),
    `é${token.slice(1)}`,
    `${token}, ${token}`
  ])('has no parts: %j', (text) => {
    expect(parseToken(text)).toBeUndefined()
  })

  it('never makes the reader fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parts = parseToken(text)
        expect(parts === undefined || `${parts.id}-${parts.secret}` === text).toBe(true)
      })
    )
  })
})
