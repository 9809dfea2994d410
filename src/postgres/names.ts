// The names of the tables, and which texts their columns can hold.
import { quoteIdentifier } from '../sql/dialect/postgres-quote.js'
import { RequestError } from '../errors.js'
import { formatPath, type Path } from '../problems/path.js'
import { quoteValue } from '../problems/quote.js'
import { shapeError } from '../problems/request-problems.js'
import { isUuid } from '../document/ids.js'

/** Where the tables are. */
export interface TableSettings {
  /** The schema of the tables; by default the first of the search path that has them. */
  readonly schema?: string | undefined
  /** What the names of the tables begin with. Default: `casemate_`. */
  readonly prefix?: string | undefined
}

/** The tables as they are written in SQL. */
export interface TableNames {
  readonly revision: string
  readonly roles: string
  readonly assignments: string
  readonly keys: string
  /** The channel of notifications, not quoted. */
  readonly channel: string
  /** Any further name with the prefix, in the schema. */
  readonly other: (name: string) => string
  /** The same without the schema, for what is in that of its table. */
  readonly local: (name: string) => string
}

/** @throws CasemateError `not_expressible` for names that PostgreSQL cannot hold. */
export function tableNames({ schema, prefix = 'casemate_' }: TableSettings): TableNames {
  const local = (name: string): string => quoteIdentifier(prefix + name)
  const other = (name: string): string =>
    schema === undefined ? local(name) : `${quoteIdentifier(schema)}.${local(name)}`
  return {
    revision: other('revision'),
    roles: other('roles'),
    assignments: other('assignments'),
    keys: other('keys'),
    channel: `${prefix}revision`,
    other,
    local
  }
}

/**
 * The id of no place, where ids are UUIDs. An organization may have it, since the kind of a place tells the two apart.
 */
export const noUuid = '00000000-0000-0000-0000-000000000000'

/**
 * The text, if a column holds it exactly: without NUL and broken characters, which PostgreSQL refuses or drivers change,
 * and in a column of UUIDs a lower-case one.
 *
 * @throws RequestError `invalid_request` for any other.
 */
export function storable(path: Path, what: string, value: unknown, isUuidColumn = false): string {
  if (typeof value !== 'string' || value === '') throw shapeError(path, what, value)
  const where = formatPath(path)
  const refuse = (why: string): RequestError =>
    new RequestError('invalid_request', `${where}: ${why}: ${quoteValue(value)}`, { path: where, value })
  if (/[\0\p{Cs}]/u.test(value)) throw refuse('null character or broken text')
  if (isUuidColumn && !(isUuid(value) && value === value.toLowerCase()))
    throw refuse('expected a UUID in lower case, as the tables hold ids')
  return value
}

/**
 * A role document as JSON.
 *
 * @throws RequestError `invalid_request` for texts in it that PostgreSQL cannot hold.
 */
export function storableJson(path: Path, value: unknown): string {
  const text = JSON.stringify(value, (key, part: unknown) => {
    for (const one of [key, part])
      if (typeof one === 'string' && /[\0\p{Cs}]/u.test(one)) throw brokenText(path, one)
    return part
  })
  return text
}

function brokenText(path: Path, value: string): RequestError {
  const where = formatPath(path)
  const message = `${where}: null character or broken text: ${quoteValue(value)}`
  return new RequestError('invalid_request', message, { path: where, value })
}
