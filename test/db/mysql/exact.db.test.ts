// What makes two different texts equal in MySQL, and what changes the meaning of a statement: collations, spaces, numbers,
// modes, character sets. None of it changes which rows a filter finds.
import type { Connection } from 'mysql2/promise'
import { expect } from 'vitest'
import { compile, definePolicy, type SubjectOf } from '../../../src/index.js'
import { defineTable, mysql, whereFor, type RowFilter } from '../../../src/sql/index.js'
import { ask, connect, isMysql, type How } from './server.js'
import { describeMaria } from './with-maria.js'

const policy = compile(
  definePolicy({
    name: 'exact',
    resources: { doc: { actions: { read: '', edit: '' } } },
    roles: {
      user: { kind: 'site', grants: { user: { allow: { doc: ['read'] } } } },
      member: { kind: 'org', grants: { org: { allow: { doc: ['edit'] } } } }
    }
  })
)

type Holder = SubjectOf<typeof policy>

const texts = [
  ...['a', 'A', 'a ', ' a', 'á', 'a\u0301', 'ß', 'ss', 'SS', 'a\0', 'a\t', '\u00a0', ' ', '  ', '\ufeffa'],
  ...[
    '1',
    '01',
    '1.0',
    '1e0',
    '+1',
    '1abc',
    '0x1',
    "'",
    '"',
    '\\',
    "\\'",
    '\\"',
    '`',
    '?',
    '??',
    ':a',
    '|',
    '%',
    '_'
  ],
  ...[
    '[]',
    '["a"]',
    '|61|',
    '61',
    '*',
    'NULL',
    '😀',
    '😁',
    '\u{10ffff}',
    '\uffff',
    '?'.repeat(4),
    '\n',
    '\x1a',
    '--',
    '#'
  ],
  ...['x'.repeat(127), '😀'.repeat(128), '文'.repeat(170), 'x'.repeat(512)]
]
const mapping = { id: null, owner: 'owner', org: 'org' } as const
const collation = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci'

async function makeTable(client: Connection, name: string, type: string): Promise<void> {
  await client.query('CREATE DATABASE IF NOT EXISTS exact CHARACTER SET latin1')
  await client.query('USE exact')
  await client.query(`DROP TABLE IF EXISTS ${name}`)
  await client.query(`CREATE TABLE ${name} (owner ${type}, org ${type})`)
}

/** The owner or the organization of the rows that are found. */
async function find(
  client: Connection,
  table: string,
  filter: RowFilter,
  how: How = 'query'
): Promise<unknown[]> {
  const { text, values } = filter.toSql()
  const query = `SELECT COALESCE(owner, org) AS v FROM exact.${table} AS d WHERE ${text}`
  const rows = await ask<{ v: unknown }>(client, how, query, values)
  return rows.map(({ v }) => v)
}

const ownerOf = (id: string): Holder => policy.subject({ id, roles: ['user'] })
const memberOf = (...orgs: readonly string[]): Holder =>
  policy.subject({ id: 'me', roles: orgs.map((org) => ({ role: 'member', org })) })

const settings: readonly (readonly [name: string, statement: string])[] = [
  ['as they are', "SET sql_mode = ''"],
  ['NO_BACKSLASH_ESCAPES', "SET sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'"],
  ['ANSI_QUOTES and others', "SET sql_mode = 'ANSI,TRADITIONAL,HIGH_NOT_PRECEDENCE,PAD_CHAR_TO_FULL_LENGTH'"],
  ...(isMysql ? [] : ([['of Oracle', "SET sql_mode = 'ORACLE,EMPTY_STRING_IS_NULL'"]] as const)),
  ['of latin1', 'SET NAMES latin1'],
  ['of a binary connection', 'SET NAMES binary'],
  ['of another collation', 'SET NAMES utf8mb4 COLLATE utf8mb4_turkish_ci']
]

describeMaria('a text in MariaDB', (withMaria) => {
  for (const [kind, type] of [
    ['text', `varchar(512) ${collation}`],
    ['cast', `text ${collation}`]
  ] as const)
    withMaria(`is itself alone, under every setting of a connection (${kind})`, async (client, port) => {
      const name = `of_${kind}`
      await makeTable(client, name, type)
      await client.query(`INSERT INTO ${name} (owner) VALUES ?`, [texts.map((text) => [text])])
      await client.query(`INSERT INTO ${name} (org) VALUES ?`, [texts.map((text) => [text])])
      const columns = { id: null, owner: { column: 'owner', as: kind }, org: { column: 'org', as: kind } }
      const table = defineTable(policy, 'doc', columns, { dialect: mysql })
      for (const [setting, statement] of settings) {
        const other = await connect(port)
        try {
          await other.query(statement)
          const found: unknown[] = []
          for (const text of texts) {
            const owned = whereFor(ownerOf(text), 'read', table, { as: 'd' })
            const shared = whereFor(memberOf(text), 'edit', table, { as: 'd' })
            // What comes back is in the character set of the connection: the values are read by the first one.
            for (const [at, filter] of [owned, shared].entries()) {
              const { text: where, values } = filter.toSql()
              const column = at === 0 ? 'owner' : 'org'
              const query = `SELECT HEX(CONVERT(${column} USING utf8mb4)) AS v FROM exact.${name} AS d WHERE ${where}`
              const how = found.length % 2 === 0 ? 'query' : 'execute'
              const rows = await ask<{ v: string | Buffer }>(other, how, query, values)
              found.push(...rows.map(({ v }) => Buffer.from(v.toString(), 'hex').toString()))
            }
          }
          expect(found, setting).toEqual(texts.flatMap((text) => [text, text]))
        } finally {
          await other.end()
        }
      }
    })

  withMaria('is no number beside one', async (client) => {
    await makeTable(client, 'numbers', 'bigint')
    const numbers = ['0', '1', '9007199254740993', '-9223372036854775808', '9223372036854775807']
    await client.query(`INSERT INTO numbers (owner) VALUES ?`, [numbers.map((number) => [number])])
    const hostile = ['01', '1abc', '1.0', '1e0', ' 1', '1 ', '+1', '-0', '', 'abc', '9007199254740992']
    for (const kind of ['text', 'cast', 'int8'] as const) {
      const columns = { id: null, owner: { column: 'owner', as: kind }, org: null }
      const table = defineTable(policy, 'doc', columns, { dialect: mysql })
      const found: unknown[] = []
      for (const id of [...hostile.filter((id) => id !== ''), ...numbers])
        found.push(...(await find(client, 'numbers', whereFor(ownerOf(id), 'read', table, { as: 'd' }))))
      expect(found.map(String), kind).toEqual(numbers)
    }
  })

  withMaria('of a UUID is in one case, in a column of any type', async (client) => {
    const lower = '0123abcd-0000-4000-8000-0000000000ff'
    const types = [`char(36) ${collation}`, 'varchar(64) CHARACTER SET latin1', ...(isMysql ? [] : ['uuid'])]
    for (const type of types) {
      await makeTable(client, 'uuids', type)
      await client.query(`INSERT INTO uuids (org) VALUES ?`, [[[lower]]])
      const columns = { id: null, owner: null, org: { column: 'org', as: 'uuid' } } as const
      const table = defineTable(policy, 'doc', columns, { dialect: mysql })
      const findFor = (...ids: readonly string[]): Promise<unknown[]> =>
        find(client, 'uuids', whereFor(memberOf(...ids), 'edit', table, { as: 'd' }), 'execute')
      expect(await findFor(lower), type).toEqual([lower])
      expect(await findFor(lower.toUpperCase(), `${lower} `, 'x'), type).toEqual([])
    }
  })

  withMaria('of any id asks the same, and never fails', async (client) => {
    await makeTable(client, 'any_id', `varchar(20) ${collation}`)
    await client.query(`INSERT INTO any_id (org) VALUES ('o7'), (''), (' '), (NULL)`)
    const table = defineTable(policy, 'doc', mapping, { dialect: mysql })
    const many = Array.from({ length: 20_000 }, (_, n) => `o${n}`)
    const statements = new Set<string>()
    const lists = [[], ['o7'], many, ['\ud800', 'o\udfff', 'o7'], ['x'.repeat(100_000), 'o7'], ['\0', 'o7']]
    for (const orgs of lists)
      for (const how of ['query', 'execute'] as const) {
        const filter = whereFor(memberOf(...orgs), 'edit', table, { as: 'd' })
        statements.add(filter.toSql().text)
        expect(await find(client, 'any_id', filter, how)).toEqual(orgs.length === 0 ? [] : ['o7'])
      }
    expect(statements.size).toBe(1)
  })

  withMaria('is counted, changed and deleted by the same condition', async (client) => {
    await makeTable(client, 'changed', `varchar(20) ${collation}`)
    await client.query(`INSERT INTO changed (org) VALUES ('o1'), ('O1'), ('o1 '), ('o2'), (NULL)`)
    const table = defineTable(policy, 'doc', mapping, { dialect: mysql })
    const { text, values } = whereFor(memberOf('o1', 'o3'), 'edit', table, { as: 'd' }).toSql()
    const [updated] = await client.execute(`UPDATE changed AS d SET owner = 'me' WHERE ${text}`, [...values])
    expect(updated).toMatchObject({ affectedRows: 1 })
    const refused = whereFor(memberOf('o1'), 'edit', table, { as: 'd' }).asValue().toSql()
    const query = `SELECT COUNT(*) AS n FROM changed AS d WHERE NOT ${refused.text}`
    expect(await ask(client, 'query', query, refused.values)).toEqual([{ n: 4 }])
    const [deleted] = await client.query(`DELETE d FROM changed AS d WHERE ${text}`, [...values])
    expect(deleted).toMatchObject({ affectedRows: 1 })
    expect(await ask(client, 'query', 'SELECT owner FROM changed WHERE owner IS NOT NULL', [])).toEqual([])
  })
})
