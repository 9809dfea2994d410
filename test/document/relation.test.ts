// Relations, as matrix columns and invariants write them.
import { describe, expect, it } from 'vitest'
import { parseRelation } from '../../src/document/index.js'

describe('parseRelation', () => {
  it.each([
    ['own', 'own', 'none'],
    ['other', 'other', 'none'],
    ['own org', 'any', 'own'],
    ['other org', 'any', 'other'],
    ['no org', 'any', 'none'],
    ['own, own org', 'own', 'own'],
    ['other, own org', 'other', 'own'],
    ['own, other org', 'own', 'other'],
    ['other, other org', 'other', 'other'],
    ['own, no org', 'own', 'none'],
    ['other,no org', 'other', 'none'],
    ['  own ,  own   org ', 'own', 'own'],
    ['all', 'any', 'any']
  ])('reads %j as owner %s, organization %s', (text, owner, org) => {
    expect(parseRelation(text)).toEqual({ owner, org })
  })

  it.each(['', 'mine', 'Own', 'own org, own', 'own, own', 'own org, own org', 'all, own org', 'own, all'])(
    'refuses %j',
    (text) => {
      expect(parseRelation(text)).toBeUndefined()
    }
  )

  it.each(['own,', ', own org', 'own, own org, all', 'ownorg', '__proto__', 'constructor'])(
    'refuses %j',
    (text) => {
      expect(parseRelation(text)).toBeUndefined()
    }
  )
})
