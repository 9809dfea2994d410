// A row → the object that decisions are asked about, by the same mapping that conditions are written from, so that the
// two cannot differ. A column that was not selected is an error: a row without its organization would be another object.
import { ownField, rowField } from '../problems/own-fields.js'
import { isRecord } from '../problems/plain.js'
import { shapeError } from '../problems/request-problems.js'
import type { ObjectRef } from '../types.js'
import type { AclSource, Column, Columns, ContainerSource } from './columns.js'
import type { ColumnReader } from './dialect/dialect.js'

/** Rows of other tables that belong to an object. */
export interface RelatedRows {
  /** The rows of the table of ACLs with the object's id, each with the columns that the mapping names. */
  readonly acl?: readonly object[]
  /** By container: the ids of the containers that a table of their own gives. */
  readonly [container: string]: readonly unknown[] | undefined
}

/**
 * The object of a row.
 *
 * @throws RequestError `invalid_request` for a column that the row does not have, an integer that is not exact, and rows
 * of other tables that are not given.
 */
export function objectOf(
  columns: Columns,
  reader: ColumnReader,
  row: unknown,
  related: RelatedRows
): ObjectRef {
  if (!isRecord(row)) throw shapeError(['row'], 'a row', row)
  const { resource, id, owner, org, kinds, containers, attributes, acl } = columns
  const fields: [string, unknown][] = [['type', resource.name]]
  const add = (name: string, column: Column | undefined): void => {
    if (column !== undefined) fields.push([name, reader.id(valueOf(row, column), column)])
  }
  add('id', id)
  add('owner', owner)
  add('org', org)
  containers.forEach((source, number) => {
    const kind = kinds[number] ?? ''
    if (source !== undefined) fields.push([kind, containersOf(source, reader, row, kind, related)])
  })
  for (const { attribute, column } of attributes)
    if (column !== undefined) fields.push([attribute.name, reader.attribute(valueOf(row, column), column)])
  if (acl !== undefined) fields.push(['acl', aclOf(acl, reader, row, related)])
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as object as ObjectRef
}

function containersOf(
  source: ContainerSource,
  reader: ColumnReader,
  row: object,
  kind: string,
  related: RelatedRows
): unknown {
  const { column } = source
  if (source.form === 'column') return reader.id(valueOf(row, column), column)
  if (source.form === 'join')
    return requireRows(related, kind)
      .map((id) => reader.relatedId(id, column))
      .filter((id) => id !== null && id !== undefined && id !== '')
  const list = valueOf(row, column)
  return Array.isArray(list) ? list.map((id) => reader.id(id, column)) : list
}

function aclOf(source: AclSource, reader: ColumnReader, row: object, related: RelatedRows): unknown {
  if (source.form === 'columns') {
    const halves = (['users', 'groups'] as const).flatMap((list) => {
      const column = source[list]
      const entries = column === undefined ? null : reader.acl(valueOf(row, column), column)
      return entries === null ? [] : [[list, entries] as const]
    })
    return halves.length === 0 ? undefined : Object.fromEntries(halves)
  }
  const lists = { user: new Map<string, string[]>(), group: new Map<string, string[]>() }
  for (const entry of requireRows(related, 'acl')) {
    if (!isRecord(entry)) throw shapeError(['related', 'acl'], 'a row', entry)
    const read = (name: string): unknown => rowField(entry, name)
    const list = read(source.list)
    const grantee = reader.relatedId(read(source.grantee.property), source.grantee)
    const action = read(source.action)
    if ((list !== 'user' && list !== 'group') || typeof grantee !== 'string' || typeof action !== 'string')
      continue
    const held = lists[list].get(grantee)
    if (held === undefined) lists[list].set(grantee, [action])
    else held.push(action)
  }
  return { users: Object.fromEntries(lists.user), groups: Object.fromEntries(lists.group) }
}

function requireRows(related: RelatedRows, name: string): readonly unknown[] {
  const rows = ownField(related, name)
  if (!Array.isArray(rows)) throw shapeError(['related', name], 'the rows of another table', rows)
  return rows
}

function valueOf(row: object, { property }: Column): unknown {
  const value = rowField(row, property)
  if (value === undefined) throw shapeError(['row', property], 'a column that was selected', value)
  return value
}
