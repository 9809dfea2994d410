// What the fields of a mapping are called in a Prisma schema: by the names that are given, else as their columns.
import { CasemateError } from '../errors.js'
import { ownField } from '../problems/own-fields.js'
import { isPlainObject } from '../problems/plain.js'
import { quoteValue } from '../problems/quote.js'
import { settingsError } from '../problems/settings-error.js'
import { suggest } from '../problems/suggest.js'
import type { Column, Columns } from './columns.js'

/** Where a Prisma schema has the containers that are rows of another table. */
export interface PrismaRelation {
  /** The field of the model that is a list of these rows. */
  readonly relation: string
  /** The field of these rows that has the id of the container. */
  readonly field: string
}

/** The names of a model's fields, by the field of the resource; what is not named is called as its column. */
export type PrismaFields = Readonly<Record<string, string | PrismaRelation>>

/** The names in a Prisma schema, read. */
export interface PrismaNames {
  /** The field of a column. */
  readonly fieldOf: (name: string, column: Column) => string
  /** The relation to the rows of another table. */
  readonly relationOf: (name: string) => PrismaRelation
}

/** The names of a Prisma schema. @throws CasemateError `invalid_settings` for a name that it cannot have. */
export function readPrismaFields({ resource, kinds, attributes }: Columns, given: unknown): PrismaNames {
  if (!isPlainObject(given))
    throw settingsError('fields', `expected a record, not ${quoteValue(given)}`, given)
  const known = ['id', 'owner', 'org', ...kinds, ...attributes.map(({ attribute }) => attribute.name)]
  for (const key of Object.keys(given))
    if (!known.includes(key))
      throw settingsError(
        `fields.${key}`,
        `${quoteValue(resource.name)} has no field ${quoteValue(key)}`,
        key,
        suggest(key, known)
      )
  return {
    fieldOf: (name, column) => readName(ownField(given, name) ?? column.name, `fields.${name}`),
    relationOf: (name) => {
      const path = `fields.${name}`
      const relation = ownField(given, name)
      if (!isPlainObject(relation))
        throw settingsError(
          path,
          'expected { relation, field }, because its rows are in another table',
          relation
        )
      return {
        relation: readName(ownField(relation, 'relation'), `${path}.relation`),
        field: readName(ownField(relation, 'field'), `${path}.field`)
      }
    }
  }
}

/** The operators that stand beside the fields of a model. */
const operators: ReadonlySet<unknown> = new Set(['AND', 'OR', 'NOT'])

function readName(given: unknown, path: string): string {
  if (typeof given === 'string' && /^[A-Za-z][A-Za-z0-9_]*$/.test(given) && !operators.has(given))
    return given
  throw settingsError(
    path,
    `expected the name of a field in the Prisma schema, not ${quoteValue(given)}`,
    given
  )
}

/** The error for what Prisma cannot ask exactly. */
export function notForPrisma(field: string, why: string): CasemateError {
  return new CasemateError('not_expressible', `${field}: ${why}; use \`into(Prisma.sql)\``, { path: field })
}
