// Reads and checks a mapping once, when the table is defined. A field that is not named is an error then: a row without
// its organization would be one of no organization, and a filter would show it to its owner everywhere.
import type { CompiledResource } from '../compile/catalogue.js'
import { canBeInOrg, canBeOutside } from '../levels.js'
import { formatPath, type Path } from '../problems/path.js'
import { isPlainObject } from '../problems/plain.js'
import { quoteValue, quoteValues } from '../problems/quote.js'
import { settingsError } from '../problems/settings-error.js'
import { suggest } from '../problems/suggest.js'
import type {
  AclSource,
  AttributeSource,
  Column,
  ColumnKind,
  Columns,
  ContainerSource,
  TableName
} from './columns.js'
import { checkKnown } from './check-known.js'
import type { Dialect } from './dialect/dialect.js'
import type { IdKind, TextKind } from './mapping.js'

const idKinds: readonly IdKind[] = ['text', 'uuid', 'int4', 'int8', 'cast']
const elementKinds: readonly IdKind[] = ['text', 'uuid', 'int4', 'int8']
const textKinds: readonly TextKind[] = ['text', 'enum', 'cast']
const booleanKinds = ['boolean'] as const

type Given = Readonly<Record<string, unknown>>

/**
 * Which columns have the fields of a resource.
 *
 * @throws CasemateError `invalid_settings` for a field that is not named, an unknown one, a wrong column, or one of a
 * kind that the database does not have.
 */
export function readMapping(
  resource: CompiledResource,
  kinds: readonly string[],
  given: unknown,
  dialect: Pick<Dialect, 'name' | 'columns'>
): Columns {
  const columns = readColumns(resource, kinds, given, dialect.columns.isLoose)
  checkKnown(columns, dialect)
  return columns
}

function readColumns(
  resource: CompiledResource,
  kinds: readonly string[],
  given: unknown,
  isLoose: boolean
): Columns {
  const mapping = readRecord(given, [])
  const placed = kinds.filter((_, number) => resource.places[number] !== 'never')
  const attributes = resource.attributes.map(({ name }) => name)
  checkKeys(mapping, ['id', 'owner', 'org', ...placed, ...attributes, 'acl'], [])
  const id = readOptional(mapping, 'id', readIdColumn)
  const container = (value: unknown, path: Path): ContainerSource => readContainer(value, path, id)
  return Object.freeze({
    resource,
    kinds,
    id,
    owner: readOptional(mapping, 'owner', readIdColumn),
    org: readOrg(resource, mapping),
    containers: kinds.map((kind, number) => {
      const place = resource.places[number]
      if (place === 'never') return undefined
      return place === 'required'
        ? readRequired(mapping, kind, `every ${quoteValue(resource.name)} is in one`, container)
        : readOptional(mapping, kind, container)
    }),
    attributes: resource.attributes.map((attribute): AttributeSource => {
      const { name, usual, values } = attribute
      const fixed = typeof values[0] === 'boolean' ? booleanKinds : textKinds
      const read = (value: unknown, path: Path): Omit<AttributeSource, 'attribute'> => ({
        column: readColumn(value, path, fixed, ['checked']),
        isChecked: isPlainObject(value) && readFlag(value, 'checked', path)
      })
      const found =
        usual === undefined
          ? readRequired(mapping, name, 'it has no default', read)
          : readOptional(mapping, name, read)
      return { attribute, column: undefined, isChecked: false, ...found }
    }),
    acl: readAcl(resource, mapping, id),
    isLoose
  })
}

function readOrg(resource: CompiledResource, mapping: Given): Column<IdKind> | undefined {
  const name = quoteValue(resource.name)
  if (!canBeOutside(resource.org))
    return readRequired(mapping, 'org', `every ${name} is in an organization`, readIdColumn)
  if (canBeInOrg(resource.org)) return readOptional(mapping, 'org', readIdColumn)
  const given = own(mapping, 'org') ?? undefined
  if (given !== undefined) throw fault(['org'], `${name} is in no organization; leave it out`, given)
  return undefined
}

function readAcl(
  resource: CompiledResource,
  mapping: Given,
  id: Column<IdKind> | undefined
): AclSource | undefined {
  if (resource.acl) return readOptional(mapping, 'acl', (given, path) => readAclSource(given, path, id))
  const given = own(mapping, 'acl') ?? undefined
  if (given !== undefined)
    throw fault(['acl'], `${quoteValue(resource.name)} has no ACL; leave it out`, given)
  return undefined
}

function readContainer(given: unknown, path: Path, id: Column<IdKind> | undefined): ContainerSource {
  if (isPlainObject(given) && own(given, 'table') !== undefined) {
    checkKeys(given, ['table', 'schema', 'object', 'column', 'as'], path)
    const column = readName(own(given, 'column'), [...path, 'column'])
    return {
      form: 'join',
      from: readTableName(given, path),
      object: objectColumn(given, path, id),
      column: readColumn({ column, as: own(given, 'as') }, path, idKinds, [])
    }
  }
  if (isPlainObject(given) && own(given, 'array') !== undefined) {
    if (!readFlag(given, 'array', path)) throw fault([...path, 'array'], 'expected `true`, or nothing', false)
    const column = readColumn(given, path, elementKinds, ['array', 'checked'])
    return { form: 'array', column, isChecked: readFlag(given, 'checked', path) }
  }
  return { form: 'column', column: readIdColumn(given, path) }
}

function readAclSource(given: unknown, path: Path, id: Column<IdKind> | undefined): AclSource {
  const record = readRecord(given, path)
  const name = (key: string): string => readName(own(record, key), [...path, key])
  if (own(record, 'table') !== undefined) {
    checkKeys(record, ['table', 'schema', 'object', 'list', 'grantee', 'granteeAs', 'action'], path)
    return {
      form: 'table',
      from: readTableName(record, path),
      object: objectColumn(record, path, id),
      list: name('list'),
      grantee: {
        name: name('grantee'),
        property: name('grantee'),
        kind: readKind(own(record, 'granteeAs'), [...path, 'granteeAs'], idKinds),
        isNotNull: false
      },
      action: name('action')
    }
  }
  checkKeys(record, ['users', 'groups', 'checked'], path)
  const half = (key: 'users' | 'groups'): Column<'json'> | undefined => {
    const value = own(record, key)
    if (value === null) return undefined
    if (value === undefined) throw fault([...path, key], 'not named: give its column, or `null`', value)
    return readColumn(readName(value, [...path, key]), [...path, key], ['json'], [])
  }
  return {
    form: 'columns',
    users: half('users'),
    groups: half('groups'),
    isChecked: readFlag(record, 'checked', path)
  }
}

/** The column by which the rows of another table name the object: of the kind of its id. */
function objectColumn(record: Given, path: Path, id: Column<IdKind> | undefined): Column<IdKind> {
  const name = readName(own(record, 'object'), [...path, 'object'])
  if (id === undefined)
    throw fault(['id'], 'not named: rows of another table name the object by its id', undefined)
  return { ...id, name, property: name }
}

/** The name of a table as users write it: a text, or with a schema. */
export function readTableName(given: unknown, path: Path): TableName {
  if (typeof given === 'string') return { schema: undefined, table: readName(given, path) }
  const record = readRecord(given, path)
  const schema = own(record, 'schema')
  return {
    schema: schema === undefined ? undefined : readName(schema, [...path, 'schema']),
    table: readName(own(record, 'table'), [...path, 'table'])
  }
}

function readIdColumn(given: unknown, path: Path): Column<IdKind> {
  return readColumn(given, path, idKinds, [])
}

/** A column of one of these kinds, the first if it names none. */
function readColumn<Kind extends ColumnKind>(
  given: unknown,
  path: Path,
  kinds: readonly Kind[],
  further: readonly string[]
): Column<Kind> {
  const record: Given = typeof given === 'string' ? { column: given } : readRecord(given, path)
  checkKeys(record, ['column', 'as', 'property', 'notNull', ...further], path)
  const name = readName(own(record, 'column'), [...path, 'column'])
  const property = own(record, 'property')
  return {
    name,
    property: property === undefined ? name : readName(property, [...path, 'property']),
    kind: readKind(own(record, 'as'), [...path, 'as'], kinds),
    isNotNull: readFlag(record, 'notNull', path)
  }
}

/** One of the kinds, the first if none is given. */
function readKind<Kind extends string>(given: unknown, path: Path, kinds: readonly Kind[]): Kind {
  const kind = given === undefined ? kinds[0] : kinds.find((one) => one === given)
  if (kind !== undefined) return kind
  const hint = typeof given === 'string' ? suggest(given, kinds) : undefined
  throw fault(path, `expected one of ${quoteValues(kinds)}, not ${quoteValue(given)}`, given, hint)
}

type Read<T> = (given: unknown, path: Path) => T

function readOptional<T>(mapping: Given, key: string, read: Read<T>): T | undefined {
  const given = own(mapping, key)
  if (given === undefined)
    throw fault([key], 'not named: give its column, or `null` where no row has it', undefined)
  return given === null ? undefined : read(given, [key])
}

function readRequired<T>(mapping: Given, key: string, why: string, read: Read<T>): T {
  const given = own(mapping, key)
  if (given === undefined || given === null) throw fault([key], `not named: give its column; ${why}`, given)
  return read(given, [key])
}

function readName(given: unknown, path: Path): string {
  if (typeof given !== 'string' || given === '') throw fault(path, 'expected a name', given)
  return given
}

function readFlag(record: Given, key: string, path: Path): boolean {
  const flag = own(record, key)
  if (flag !== undefined && typeof flag !== 'boolean')
    throw fault([...path, key], `expected true or false, not ${quoteValue(flag)}`, flag)
  return flag ?? false
}

function readRecord(given: unknown, path: Path): Given {
  if (!isPlainObject(given)) throw fault(path, `expected a mapping, not ${quoteValue(given)}`, given)
  return given
}

function own(record: Given, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function checkKeys(record: Given, known: readonly string[], path: Path): void {
  for (const key of Object.keys(record))
    if (!known.includes(key))
      throw fault([...path, key], `unknown field ${quoteValue(key)}`, key, suggest(key, known))
}

function fault(path: Path, message: string, value: unknown, hint?: string): Error {
  return settingsError(formatPath(['mapping', ...path]), message, value, hint)
}
