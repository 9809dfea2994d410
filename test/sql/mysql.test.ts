// What a filter sends to MySQL: a text without anything that a driver or a mode of the server changes.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, isCasemateError } from '../../src/index.js'
import { quoteIdentifier, quoteText } from '../../src/sql/dialect/mysql-quote.js'
import { defineTable, mysql, whereFor } from '../../src/sql/index.js'
import { asGiven } from '../support/engine.js'

const policy = compile(
  definePolicy({
    name: 'x',
    containers: [{ name: 'project' }],
    resources: {
      doc: {
        in: { project: 'optional' },
        attributes: {
          status: { values: ['draft', "don't ?"], default: 'draft' },
          locked: { values: [true, false], default: false }
        },
        acl: true,
        actions: { read: '' }
      }
    },
    roles: {
      member: {
        kind: 'org',
        grants: { org: { allow: { doc: { actions: ['read'], where: { status: "don't ?" } } } } }
      }
    }
  })
)
const doc = {
  id: 'id',
  owner: 'owner',
  org: 'org',
  project: null,
  status: 'status',
  locked: 'locked',
  acl: null
}
const subject = policy.subject({
  id: 'u1',
  roles: ['o1', 'né', '\ud800', 'x'.repeat(513), 'a\0'].map((org) => ({ role: 'member', org }))
})

function faultOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isCasemateError(error)) return `${error.code} ${error.message}`
    throw error
  }
  return 'none'
}

describe('the text of a filter for MySQL', () => {
  it('sends ids in characters that mean the same to every driver, mode and character set', () => {
    const table = defineTable(policy, 'doc', doc, { dialect: mysql })
    const { text, values } = whereFor(subject, 'read', table, { as: 'd' }).toSql()
    expect(values).toEqual(['[|6f31|,|6ec3a9|,|6100|]'])
    expect(text).toMatch(/^[\w `.()=,'$[\]*"|?]+$/)
    expect(text.split('?')).toHaveLength(2)
    expect(text).toContain('(`d`.`org`, CAST(CONVERT(`d`.`org` USING utf8mb4) AS BINARY)) IN (SELECT ')
    expect(text).toContain(
      '(`d`.`status` = _utf8mb4 0x646f6e2774203f COLLATE utf8mb4_bin AND CHAR_LENGTH(`d`.`status`) = 7)'
    )
  })

  it('has no values but those of its question marks, each in its place', () => {
    const kinds = [
      ['text', '[|6f31|,|6ec3a9|,|6100|]'],
      ['cast', `[|6f31|,|6ec3a9|,|${'78'.repeat(513)}|,|6100|]`],
      ['uuid', '[]'],
      ['int8', '[]']
    ] as const
    for (const [as, sent] of kinds) {
      const table = defineTable(policy, 'doc', { ...doc, org: { column: 'org', as } }, { dialect: mysql })
      expect(whereFor(subject, 'read', table, { as: 'd' }).toSql().values, as).toEqual([sent])
    }
  })
})

describe('what MySQL does not have', () => {
  it.each([
    ['an ACL in columns', { acl: { users: 'u', groups: null } }],
    ['a list of containers', { project: { column: 'p', array: true } }]
  ])('is refused: %s', (_, changes) => {
    const define = (): unknown =>
      defineTable(policy, 'doc', asGiven({ ...doc, ...changes }), { dialect: mysql })
    expect(faultOf(define)).toContain('MySQL has no')
  })

  it('is a name that it or a driver would change', () => {
    for (const name of ['', 'a?', 'a ', 'x'.repeat(65), 'a\0', 'a\u202e', '😀', '\ud800'])
      expect(
        faultOf(() => quoteIdentifier(name)),
        name
      ).toContain('not_expressible')
    expect(quoteIdentifier('a`b".c\\')).toBe('`a``b".c\\`')
  })

  it('is a literal with an escape', () => {
    expect(quoteText('a-b_c.d E1')).toBe("_utf8mb4'a-b_c.d E1'")
    expect(quoteText("it's")).toBe('_utf8mb4 0x69742773')
    expect(quoteText('\\')).toBe('_utf8mb4 0x5c')
    expect(quoteText('')).toBe("_utf8mb4''")
  })
})
