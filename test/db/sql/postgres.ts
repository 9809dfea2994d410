// PostgreSQL as a database under test.
import type pg from 'pg'
import { isStorable } from '../../../src/sql/storable.js'
import type { Traits, TestDatabase } from '../../sql/law/database.js'
import {
  columns,
  mostAttributes,
  mostContainers,
  schema,
  type Form,
  type Row,
  type Storage
} from '../../sql/law/rows.js'

export const forms: readonly Form[] = [
  { name: 'text', id: ['text', 'text'], org: ['text', 'text'] },
  { name: 'uuid', id: ['uuid', 'uuid'], org: ['uuid', 'uuid'] },
  { name: 'int', id: ['bigint', 'int8'], org: ['integer', 'int4'] },
  { name: 'cast', id: ['citext', 'cast'], org: ['text COLLATE any_case', 'cast'] }
]

export const traits: Traits = {
  containers: ['column', 'array', 'join'],
  acls: ['columns', 'table', 'columns', 'checked'],
  canHold: isStorable
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const tableOf = (form: Form, table = 'rows'): string =>
  `${quoted(schema)}.${quoted(`${form.name} ${table}`)}`

/** The database of a client. */
export function databaseOf(client: pg.Client): TestDatabase {
  return {
    forms,
    traits,
    settings: {},
    quoted,
    tableOf,
    load: (storage, rows) => loadRows(client, storage, rows),
    read: async (table) => (await client.query<Record<string, unknown>>(`SELECT * FROM ${table}`)).rows,
    find: async (text, values) =>
      (await client.query<{ n: number }>(text, [...values])).rows.map(({ n }) => n)
  }
}

/** Makes every table, empty. */
export async function createTables(client: pg.Client): Promise<void> {
  await client.query(`
    CREATE EXTENSION IF NOT EXISTS citext;
    CREATE SCHEMA ${quoted(schema)};
    CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`)
  for (const form of forms) {
    const [id] = form.id
    const [org] = form.org
    // Lists of both types of texts.
    const arrays = form.name === 'cast' ? 'text' : form.name === 'text' ? 'varchar' : org
    const containers = Array.from(
      { length: mostContainers },
      (_, k) => `c${k} ${org}, l${k} ${arrays}[],`
    ).join(' ')
    const attributes = Array.from({ length: mostAttributes }, (_, k) => `a${k} text, b${k} boolean,`).join(
      ' '
    )
    await client.query(`
      CREATE TABLE ${tableOf(form)} (n int PRIMARY KEY, ${quoted(columns.id)} ${id}, ${quoted(columns.owner)} ${id},
        ${quoted(columns.org)} ${org}, ${containers} ${attributes}
        ${quoted(columns.users)} jsonb, ${quoted(columns.groups)} jsonb);
      CREATE TABLE ${tableOf(form, 'acl')} (${quoted(columns.object)} ${id}, ${quoted(columns.list)} text,
        ${quoted(columns.grantee)} ${form.name === 'uuid' ? 'uuid' : 'text'}, ${quoted(columns.action)} text)`)
    for (let k = 0; k < mostContainers; k++)
      await client.query(
        `CREATE TABLE ${tableOf(form, `in ${k}`)} (${quoted(columns.object)} ${id}, inside ${org})`
      )
  }
}

/** Puts rows into the tables of their form, in place of those that were there. */
export async function loadRows(client: pg.Client, storage: Storage, rows: readonly Row[]): Promise<void> {
  const { form, kinds } = storage
  const tables = ['rows', 'acl', ...kinds.map((_, k) => `in ${k}`)].map((name) => tableOf(form, name))
  await client.query(tables.map((name) => `DELETE FROM ${name}`).join('; '))
  const all = rows.map(({ fields }) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        value !== undefined && (name === columns.users || name === columns.groups) && value === null
          ? 'null'
          : value
      ])
    )
  )
  // By way of JSON, which has texts, numbers, lists and NULL; the null of jsonb is put in by its name.
  await client.query(
    `INSERT INTO ${tableOf(form)} SELECT (jsonb_populate_record(NULL::${tableOf(form)}, given)).*
       FROM jsonb_array_elements($1::jsonb) AS t (given)`,
    [JSON.stringify(all)]
  )
  await client.query(
    `UPDATE ${tableOf(form)} SET ${[columns.users, columns.groups].map((name) => `${quoted(name)} = CASE WHEN ${quoted(name)} = '"null"' THEN 'null' ELSE ${quoted(name)} END`).join(', ')}`
  )
  // Rows with one id share what other tables say of it: those of the first.
  const idOf = ({ fields }: Row): unknown => fields[columns.id]
  const firsts = rows.filter(
    (row, n) => idOf(row) !== null && rows.findIndex((other) => idOf(other) === idOf(row)) === n
  )
  const acl = firsts.flatMap((row) => row.acl.map((entry) => [idOf(row), ...entry]))
  await insert(client, tableOf(form, 'acl'), acl)
  for (const k of kinds.keys()) {
    const inside = firsts.flatMap((row) => (row.inside[k] ?? []).map((id) => [idOf(row), id]))
    await insert(client, tableOf(form, `in ${k}`), inside)
  }
}

async function insert(
  client: pg.Client,
  table: string,
  rows: readonly (readonly unknown[])[]
): Promise<void> {
  if (rows.length === 0) return
  const width = rows[0]?.length ?? 0
  const { rows: types } = await client.query<{ type: string }>(
    `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum`,
    [table]
  )
  const cells = Array.from({ length: width }, (_, k) => `(given ->> ${k})::${types[k]?.type ?? 'text'}`)
  await client.query(
    `INSERT INTO ${table} SELECT ${cells.join(', ')} FROM jsonb_array_elements($1::jsonb) AS t (given)`,
    [JSON.stringify(rows)]
  )
}
