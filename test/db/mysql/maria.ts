// MariaDB as a database under test. Its columns have collations that ignore case, accents and trailing spaces, and the
// two sides of most comparisons have different ones.
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { isUuid } from '../../../src/document/ids.js'
import { mysql } from '../../../src/sql/index.js'
import { isStorable } from '../../../src/sql/storable.js'
import type { TestDatabase } from '../../sql/law/database.js'
import {
  columns,
  mostAttributes,
  mostContainers,
  schema,
  type Form,
  type Row,
  type Storage
} from '../../sql/law/rows.js'
import { ask } from './server.js'

const forms: readonly Form[] = [
  {
    name: 'text',
    id: ['varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci', 'text'],
    org: ['varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci', 'text']
  },
  {
    name: 'uuid',
    id: ['char(36) CHARACTER SET ascii COLLATE ascii_general_ci', 'uuid'],
    org: ['varchar(36) CHARACTER SET latin1 COLLATE latin1_swedish_ci', 'uuid']
  },
  { name: 'int', id: ['bigint', 'int8'], org: ['int', 'int4'] },
  {
    name: 'cast',
    id: ['text CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci', 'cast'],
    org: ['varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin', 'cast']
  }
]

const text = 'varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci'
const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``
const tableOf = (form: Form, table = 'rows'): string => `${quoted(schema)}.${quoted(`${form.name} ${table}`)}`

/** The database of a connection. */
export function databaseOf(client: Connection): TestDatabase {
  let isPrepared = false
  return {
    forms,
    traits: {
      containers: ['column', 'join'],
      acls: ['table'],
      canHold: (id, kind) => {
        if (kind === 'int4' || kind === 'int8') return isStorable(id, kind)
        return kind === 'uuid' ? isUuid(id) : !/\p{Cs}/u.test(id)
      },
      spoil: (dice, _, { fields }) => {
        // A text with a space after it is equal to one without; a text beside a number is a number.
        for (const name of [columns.id, columns.owner, columns.org])
          if (typeof fields[name] === 'string' && dice.chance(4) && !isUuid(fields[name]))
            fields[name] = /^-?\d+$/.test(fields[name]) ? fields[name] : `${fields[name]} `
        for (const name of Object.keys(fields))
          if (typeof fields[name] === 'boolean' && dice.chance(3)) fields[name] = 2
      }
    },
    settings: { dialect: mysql },
    quoted,
    tableOf,
    load: (storage, rows) => loadRows(client, storage, rows),
    read: async (table) => (await client.query<RowDataPacket[]>(`SELECT * FROM ${table}`))[0],
    find: async (text, values) => {
      // In turns by both protocols: values in the text, and statements that the server prepares.
      isPrepared = !isPrepared
      const rows = await ask<{ n: number }>(client, isPrepared ? 'execute' : 'query', text, values)
      client.unprepare(text)
      return rows.map(({ n }) => n)
    }
  }
}

/** Makes every table, empty, in a database of the law's own. */
export async function createTables(client: Connection): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${quoted(schema)}`)
  await client.query(`CREATE DATABASE ${quoted(schema)} CHARACTER SET latin1`)
  for (const form of forms) {
    const [id] = form.id
    const [org] = form.org
    const containers = Array.from({ length: mostContainers }, (_, k) => `c${k} ${org},`).join(' ')
    const attributes = Array.from({ length: mostAttributes }, (_, k) => `a${k} ${text}, b${k} boolean,`)
    const grantee = form.name === 'uuid' ? org : text
    await client.query(`CREATE TABLE ${tableOf(form)} (n int PRIMARY KEY, ${quoted(columns.id)} ${id},
      ${quoted(columns.owner)} ${id}, ${containers} ${attributes.join(' ')} ${quoted(columns.org)} ${org})`)
    await client.query(`CREATE TABLE ${tableOf(form, 'acl')} (${quoted(columns.object)} ${id},
      ${quoted(columns.list)} ${text}, ${quoted(columns.grantee)} ${grantee}, ${quoted(columns.action)} ${text})`)
    for (let k = 0; k < mostContainers; k++)
      await client.query(
        `CREATE TABLE ${tableOf(form, `in ${k}`)} (${quoted(columns.object)} ${id}, inside ${org})`
      )
  }
}

async function loadRows(client: Connection, storage: Storage, rows: readonly Row[]): Promise<void> {
  const { form, kinds } = storage
  for (const table of ['rows', 'acl', ...kinds.map((_, k) => `in ${k}`)])
    await client.query(`DELETE FROM ${tableOf(form, table)}`)
  const isHere = (name: string): boolean =>
    name !== columns.users && name !== columns.groups && !/^l\d$/.test(name)
  const names = [...new Set(rows.flatMap(({ fields }) => Object.keys(fields)))].filter(isHere)
  const cells = rows.map(({ fields }) => names.map((name) => fields[name] ?? null))
  await insert(client, `${tableOf(form)} (${names.map(quoted).join(', ')})`, cells)
  // Rows with one id share what other tables say of it: those of the first.
  const idOf = ({ fields }: Row): unknown => fields[columns.id]
  const firsts = rows.filter(
    (row, n) => idOf(row) !== null && rows.findIndex((other) => idOf(other) === idOf(row)) === n
  )
  const acl = firsts.flatMap((row) => row.acl.map((entry) => [idOf(row), ...entry]))
  await insert(client, tableOf(form, 'acl'), acl)
  for (const k of kinds.keys())
    await insert(
      client,
      tableOf(form, `in ${k}`),
      firsts.flatMap((row) => (row.inside[k] ?? []).map((id) => [idOf(row), id]))
    )
}

async function insert(client: Connection, into: string, rows: readonly unknown[][]): Promise<void> {
  if (rows.length > 0) await client.query(`INSERT INTO ${into} VALUES ?`, [rows])
}
