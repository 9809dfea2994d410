// SQLite as a database under test, with what its columns let in: values of other types, NUL, and JSON as any text.
import { sqlite } from '../../../src/sql/index.js'
import { isStorable } from '../../../src/sql/storable.js'
import * as names from '../../arbitraries/names.js'
import type { Dice } from '../../arbitraries/index.js'
import type { TestDatabase, Traits } from '../law/database.js'
import { poolOf } from '../law/ids.js'
import {
  columns,
  mostAttributes,
  mostContainers,
  schema,
  type Form,
  type Row,
  type Storage
} from '../law/rows.js'
import type { Connection } from './drivers.js'

/** Columns without a type, and with collations in which different ids are equal, are no trap. */
const forms: readonly Form[] = [
  { name: 'text', id: ['TEXT COLLATE NOCASE', 'text'], org: ['TEXT COLLATE NOCASE', 'text'] },
  { name: 'uuid', id: ['TEXT COLLATE RTRIM', 'uuid'], org: ['TEXT COLLATE NOCASE', 'uuid'] },
  { name: 'int', id: ['INTEGER', 'int8'], org: ['INTEGER', 'int4'] },
  { name: 'cast', id: ['', 'text'], org: ['', 'text'] }
]

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const tableOf = (form: Form, table = 'rows'): string => `${quoted(schema)}.${quoted(`${form.name} ${table}`)}`

/** JSON as it is, for the column of an ACL. */
class RawJson {
  readonly text: string | Uint8Array

  constructor(text: string | Uint8Array) {
    this.text = text
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const isInteger = (form: Form): boolean => form.name === 'int'

/** Values that no column of the form should have. */
function oddId(dice: Dice, form: Form, value: unknown, isNotNull: boolean): unknown {
  const [first = ''] = poolOf(form.name, names.subjectIds)
  if (isInteger(form))
    return dice.pick<unknown>(['abc', `${first}x`, 1.5, bytes(first), isNotNull ? 7 : null])
  const text = typeof value === 'string' && value !== '' ? value : first
  return dice.pick<unknown>([`${text}\0`, '\0', bytes(text), `${text} `, text.toUpperCase(), 5, ''])
}

const oddJson = (dice: Dice, id: string, word: string): RawJson => {
  const [key, text] = [JSON.stringify(id), JSON.stringify(word)]
  const escaped = id.replaceAll(/[^]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return new RawJson(
    dice.pick<string | Uint8Array>([
      `{${key}:["nope"],${key}:[${text}]}`,
      `{${key}:[${text}],${key}:[]}`,
      `{${key}:[${text}],"${escaped}":["nope"]}`,
      `{"${escaped}":[${text}]}`,
      `{"${escaped}\\u0000":[${text}]}`,
      `{${key}:[${text}],"\\ud800":[]}`,
      `{${key}:[${text},"\\udc00"]}`,
      `{${key}:[${text},"\\ud83d\\ude00"]}`,
      `{${key}:[${text}]}\0x`,
      `{${key}:[${text}]}\0`,
      `{${key}:[${text},]}`,
      `{${key}:[${text}]} x`,
      `{${id}:['${word}']}`,
      ` {\n\t${key} : [ ${text} ]\r\n} `,
      `{${key}:[${text}],"x":"[1"}`,
      `{${key}:${text}}`,
      `{${key}:[[${text}]]}`,
      `{${key}:{"0":${text}}}`,
      `[{${key}:[${text}]}]`,
      `{"__proto__":[${text}],${key}:[${text}]}`,
      `{"😀":[${text}],${key}:[${text}]}`,
      '',
      'null ',
      'NULL',
      '7',
      text,
      bytes(`{${key}:[${text}]}`)
    ])
  )
}

function spoil(dice: Dice, storage: Storage, row: Row): void {
  const { form, kinds, resource, isNotNull } = storage
  const { fields } = row
  const ids = [columns.id, columns.owner, columns.org, ...kinds.map((_, k) => `c${k}`)]
  for (const name of ids) if (dice.chance(3)) fields[name] = oddId(dice, form, fields[name], isNotNull)
  Object.values(resource.attributes ?? {}).forEach(({ values }, k) => {
    if (!dice.chance(4)) return
    if (typeof values[0] === 'boolean')
      fields[`b${k}`] = dice.pick<unknown>([2, -1, 'yes', 0.5, bytes('1'), '1'])
    else fields[`a${k}`] = dice.pick<unknown>([`${String(values[0])}\0`, bytes(String(values[0])), 5])
  })
  const [word = ''] = Object.keys(resource.actions)
  for (const [name, pool] of [
    [columns.users, names.subjectIds],
    [columns.groups, names.groupIds]
  ] as const)
    if (dice.chance(12)) fields[name] = oddJson(dice, poolOf(form.name, pool)[0] ?? '', word)
  if (form.name === 'text' || form.name === 'cast')
    for (const inside of row.inside) if (inside.length === 0 && dice.chance(30)) inside.push('')
  for (const inside of row.inside)
    if (dice.chance(6)) inside.push(oddId(dice, form, poolOf(form.name, names.containerIds)[0], false))
  const [user = ''] = poolOf(form.name, names.subjectIds)
  if (storage.acl === 'table' && dice.chance(10))
    row.acl.push(
      dice.pick([
        ['USER', user, word],
        ['user', bytes(user), word],
        ['user', `${user}\0`, word],
        ['user ', user, word],
        ['user', user, word.toUpperCase()],
        ['user', user, bytes(word)],
        [bytes('user'), user, word]
      ])
    )
}

const traits: Traits = {
  containers: ['column', 'join'],
  acls: ['columns', 'table'],
  canHold: (id, kind) => isStorable(id, kind === 'int4' || kind === 'int8' ? 'int8' : 'text'),
  spoil
}

/** A database with every table, empty. */
export function databaseOf(connection: Connection): TestDatabase {
  connection.run(`ATTACH ':memory:' AS ${quoted(schema)}`)
  for (const form of forms) {
    const [[id], [org]] = [form.id, form.org]
    const containers = Array.from({ length: mostContainers }, (_, k) => `c${k} ${org}, l${k} TEXT`)
    const attributes = Array.from(
      { length: mostAttributes },
      (_, k) => `a${k} TEXT COLLATE NOCASE, b${k} BOOLEAN`
    )
    const ids = [columns.id, columns.owner].map((name) => `${quoted(name)} ${id}`)
    const acls = [columns.users, columns.groups].map((name) => `${quoted(name)} TEXT`)
    const all = ['n INTEGER', ...ids, `${quoted(columns.org)} ${org}`, ...containers, ...attributes, ...acls]
    connection.run(`CREATE TABLE ${tableOf(form)} (${all.join(', ')})`)
    const text = 'TEXT COLLATE NOCASE'
    connection.run(
      `CREATE TABLE ${tableOf(form, 'acl')} (${quoted(columns.object)} ${id}, ${quoted(columns.list)} ${text},
        ${quoted(columns.grantee)} ${text}, ${quoted(columns.action)} ${text})`
    )
    for (let k = 0; k < mostContainers; k++)
      connection.run(
        `CREATE TABLE ${tableOf(form, `in ${k}`)} (${quoted(columns.object)} ${id}, inside ${org})`
      )
  }
  return {
    forms,
    traits,
    settings: { dialect: sqlite },
    quoted,
    tableOf,
    load: (storage, rows) => {
      loadRows(connection, storage, rows)
      return Promise.resolve()
    },
    read: (table) => Promise.resolve(connection.read(table)),
    find: (text, values) =>
      Promise.resolve().then(() => connection.all(text, values).map(({ n }) => Number(n)))
  }
}

function loadRows(connection: Connection, { form, kinds }: Storage, rows: readonly Row[]): void {
  const insert = (table: string, all: readonly (readonly unknown[])[]): void => {
    connection.run(`DELETE FROM ${table}`)
    const [first] = all
    if (first === undefined) return
    const places = first.map(() => '?').join(', ')
    connection.insert(
      `INSERT INTO ${table} VALUES (${places})`,
      all.map((row) => row.map(cellOf))
    )
  }
  const order = [
    'n',
    columns.id,
    columns.owner,
    columns.org,
    ...Array.from({ length: mostContainers }, (_, k) => [`c${k}`, `l${k}`]).flat(),
    ...Array.from({ length: mostAttributes }, (_, k) => [`a${k}`, `b${k}`]).flat()
  ]
  const json = (value: unknown): unknown =>
    value === undefined ? null : value instanceof RawJson ? value.text : JSON.stringify(value)
  insert(
    tableOf(form),
    rows.map(({ fields }) => [
      ...order.map((name) => (name.startsWith('l') ? null : fields[name])),
      json(fields[columns.users]),
      json(fields[columns.groups])
    ])
  )
  // Rows with one id share what other tables say of it: those of the first.
  const seen = new Set<unknown>()
  const firsts = rows.filter(({ fields }) => {
    const id = fields[columns.id]
    const isNew = typeof id === 'string' && !seen.has(id)
    seen.add(id)
    return isNew
  })
  const withId = (row: Row, all: readonly (readonly unknown[])[]): unknown[][] =>
    all.map((cells) => [row.fields[columns.id], ...cells])
  insert(
    tableOf(form, 'acl'),
    firsts.flatMap((row) => withId(row, row.acl))
  )
  for (const k of kinds.keys())
    insert(
      tableOf(form, `in ${k}`),
      firsts.flatMap((row) =>
        withId(
          row,
          (row.inside[k] ?? []).map((id) => [id])
        )
      )
    )
}

function cellOf(value: unknown): string | number | Uint8Array | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array) return value
  if (typeof value === 'boolean') return Number(value)
  throw new Error(`no cell: ${JSON.stringify(value)}`)
}
