// Relations, as matrix columns and invariants write them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRelation } from '../../src/document/index.js'
import { readRelationText, writeRelation, type Relation } from '../../src/document/relation.js'
import type { AttributeValue } from '../../src/types.js'
import { runs } from '../support/depth.js'

const plain = { containers: {}, attributes: {}, isShared: false }

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
    expect(parseRelation(text)).toEqual({ owner, org, ...plain })
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

const vocabulary = {
  containers: ['project', 'myTeam'],
  attributes: new Map<string, readonly AttributeValue[]>([
    ['status', ['draft', 'Draft', 'in review', ' a ', ' b', '  b', 'a;b', '*', 'ein  Wort']],
    ['locked', [true, false]]
  ])
}

describe('parseRelation with containers and attributes', () => {
  const outside = { project: 'none', myTeam: 'none' } as const
  it.each<[string, Partial<Relation>]>([
    ['own', { owner: 'own', org: 'none', containers: outside }],
    [
      'other, locked = true',
      { owner: 'other', org: 'none', containers: outside, attributes: { locked: true } }
    ],
    ['own, shared', { owner: 'own', org: 'none', containers: outside, isShared: true }],
    ['own, no org', { owner: 'own', org: 'none' }],
    ['own org', { org: 'own' }],
    ['own project', { containers: { project: 'own' } }],
    ['own, other myTeam', { owner: 'own', containers: { myTeam: 'other' } }],
    ['own, no MYTEAM, own org', { owner: 'own', org: 'own', containers: { myTeam: 'none' } }],
    ['no project, own org, own myteam', { org: 'own', containers: { project: 'none', myTeam: 'own' } }],
    ['status = in review', { attributes: { status: 'in review' } }],
    ['status=Draft, locked=false', { attributes: { status: 'Draft', locked: false } }],
    ['all, Status = IN  review, shared', { attributes: { status: 'in review' }, isShared: true }],
    ['status = a', { attributes: { status: ' a ' } }],
    ['shared', { isShared: true }]
  ])('reads %j', (text, part) => {
    expect(parseRelation(text, vocabulary)).toEqual({ owner: 'any', org: 'any', ...plain, ...part })
  })

  it.each([
    'own project, own project',
    'all, own project',
    'own project, own',
    'shared, shared',
    'shared, all',
    'locked = true, locked = true',
    'locked = true, own',
    'Own project',
    'own  ',
    'own, , own org'
  ])('reads or refuses %j as it says', (text) => {
    if (text.trim() === 'own') expect(parseRelation(text, vocabulary)?.owner).toBe('own')
    else expect(parseRelation(text, vocabulary)).toBeUndefined()
  })

  it('says which name is unknown', () => {
    expect(readRelationText('own projekt', vocabulary)).toMatchObject({ kind: 'container', name: 'projekt' })
    expect(readRelationText('own org, stat = draft', vocabulary)).toMatchObject({ kind: 'attribute' })
    expect(readRelationText('status = DRAFT', vocabulary)).toMatchObject({
      kind: 'value',
      attribute: 'status'
    })
    expect(readRelationText('mine', vocabulary)).toEqual({ kind: 'form' })
  })

  it('reads what writeRelation writes as the same relation', () => {
    const places = ['own', 'other', 'none'] as const
    const relations = fc.record({
      owner: fc.constantFrom('own', 'other', 'any' as const),
      org: fc.constantFrom(...places, 'any' as const),
      containers: fc.record(
        { project: fc.constantFrom(...places), myTeam: fc.constantFrom(...places) },
        { requiredKeys: [] }
      ),
      attributes: fc.record(
        {
          status: fc.constantFrom(...(vocabulary.attributes.get('status') ?? [])),
          locked: fc.boolean()
        },
        { requiredKeys: [] }
      ),
      isShared: fc.boolean()
    })
    fc.assert(
      fc.property(relations, (made) => {
        const relation = made as Relation
        const isWritable =
          relation.owner === 'any' || relation.org !== 'any' || Object.keys(relation.containers).length > 0
        fc.pre(isWritable)
        const text = writeRelation(relation, vocabulary)
        expect(parseRelation(text, vocabulary), text).toEqual(relation)
      }),
      { numRuns: runs(500) }
    )
  })
})
