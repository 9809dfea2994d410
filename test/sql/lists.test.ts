// Lists of ids, as PostgreSQL reads them: those that a column can hold, each by itself, whatever stands beside it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy } from '../../src/index.js'
import { postgres } from '../../src/sql/dialect/postgres.js'
import { defineTable, whereFor } from '../../src/sql/index.js'
import { Senders } from '../../src/sql/sent.js'
import { asGiven } from '../support/engine.js'
import { listOf } from '../../src/sql/dialect/postgres-columns.js'
import { isStorable } from '../../src/sql/storable.js'

const one = '00000000-0000-4000-8000-00000000000a'
const id = fc.oneof(
  fc.constantFrom(one, one.toUpperCase(), `${one},${one}`, `${one},`, `,${one}`, '', ',', '1', '-2', '01'),
  fc.constantFrom('a"b', 'c\\', '\0', '\ud83d', '\ude00', '\ud83d\ude00', 'null', '{}', one.slice(1)),
  fc.uuid(),
  fc.string({ unit: 'binary' })
)
/** UUIDs alone, and what is nearly a list of them. */
const near = fc.constantFrom(one, `${one},${one}`, `${one},`, '')
const ids = fc.oneof(fc.array(id, { maxLength: 6 }), fc.array(near, { maxLength: 4 }))

/** The elements of a list, as PostgreSQL reads them. */
const readTexts = (text: string): readonly string[] =>
  [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/gs)].map(
    ([plain, quoted]) => quoted?.replaceAll(/\\(.)/gs, '$1') ?? plain
  )

describe('a list of ids', () => {
  it.each(['uuid', 'int8', 'text', 'cast'] as const)('of %s has those that the column can hold', (kind) => {
    const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`
    fc.assert(
      fc.property(ids, (some) => {
        const held = some.filter((text) => isStorable(text, kind))
        // UUIDs alone are written alike for columns of every kind.
        const areUuids = some.length > 0 && some.every((text) => isStorable(text, 'uuid'))
        const isPlain = kind === 'uuid' || kind === 'int8' || areUuids
        const expected = `{${(isPlain ? held : held.map(quoted)).join(',')}}`
        expect(listOf(0, kind).value(Object.freeze(some))).toBe(expected)
      })
    )
  })

  it('has a UUID exactly if each of its characters is one of a UUID', () => {
    const characters = [
      ...Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)),
      '\u0130',
      '😀'
    ]
    const differing = Array.from({ length: one.length }, (_, at) =>
      characters
        .map((character) => one.slice(0, at) + character + one.slice(at + 1))
        .filter((id) => {
          const held = isStorable(id, 'uuid') ? [one, id, one] : [one, one]
          return listOf(0, 'uuid').value([one, id, one]) !== `{${held.join(',')}}`
        })
    )
    expect(differing.flat()).toEqual([])
  })

  it('is as long as it has to be', () => {
    const many = Array.from({ length: 2500 }, (_, n) => one.slice(0, -4) + String(1000 + n))
    const withOdd = many.toSpliced(1500, 1, `${one},${one}`, 'x')
    const { value } = listOf(0, 'uuid')
    expect(value(many)).toBe(`{${many.join(',')}}`)
    expect(value(withOdd)).toBe(`{${many.toSpliced(1500, 1).join(',')}}`)
  })

  it.each(['uuid', 'int8', 'text', 'cast'] as const)('of %s is sent with others as one', (kind) => {
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 4 }), (lists) => {
        const sent = new Senders().of(postgres)(lists, listOf(0, kind))
        expect(readTexts(sent ?? '')).toEqual(lists.flat().filter((text) => isStorable(text, kind)))
      })
    )
  })
})

describe('a condition in two halves', () => {
  const policy = compile(
    parsePolicy({
      name: 'halves',
      containers: [{ name: 'team' }],
      resources: {
        page: {
          in: { team: 'optional' },
          actions: { read: 'by an owner', update: 'by all', drop: 'in teams' }
        }
      },
      roles: {
        user: { kind: 'site', grants: { user: { allow: { page: '*' } } } },
        own: { kind: 'org', grants: { orgMember: { allow: { page: ['read'] } } } },
        all: { kind: 'org', grants: { org: { allow: { page: ['read', 'update', 'drop'] } } } },
        lead: { kind: 'team', grants: { teamMember: { allow: { page: ['drop'] } } } }
      }
    })
  )
  const subject = policy.subject({ id: '1', roles: [{ role: 'own', org: '2' }] })
  const textOf = (action: string, team: unknown): string => {
    const as = 'int8'
    const mapping = { id: null, owner: { column: 'owner', as }, org: { column: 'org', as }, team }
    return whereFor(subject, action, defineTable(policy, 'page', asGiven(mapping)), { as: 'd' }).toPg().text
  }

  it('asks of the rows that an index finds what no index answers, and nothing of others', () => {
    expect(textOf('read', null)).toContain('(d.owner = $1::int8 OR d.org = ANY($2::int8[])) AND (')
    // The organization stands behind the owner in an index.
    expect(textOf('update', null)).toBe('(d.org = ANY($1::int8[]) OR (d.owner = $2::int8 AND d.org IS NULL))')
    expect(textOf('update', { column: 'team', as: 'text' })).toContain("d.team = ''")
    expect(textOf('update', { column: 'team', as: 'text' })).toContain(' IN (SELECT unnest(')
  })

  it('is one where the rows of another table decide about others than the own', () => {
    const rows = { table: 'teams', object: 'page', column: 'team' }
    const related = { id: 'id', owner: null, org: 'org', team: rows }
    const pages = defineTable(policy, 'page', asGiven(related))
    expect(whereFor(subject, 'drop', pages, { as: 'd' }).toPg().text).not.toContain('unnest')
  })
})
