// The fields of a rule, each checked, and the error that names the rule.
import { CasemateError } from '../errors.js'
import { formatPath, type Path } from '../problems/path.js'
import { quoteValue } from '../problems/quote.js'
import { suggest } from '../problems/suggest.js'
import type { ObjectRef } from '../types.js'

/** Derives an object from the store and the arguments, from a result, or from a row. */
export type Derive = (...args: readonly unknown[]) => unknown

export type Fields = Readonly<Record<string, unknown>>

export function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined
}

export function readFunction(value: unknown, path: Path): Derive {
  if (typeof value !== 'function') throw guardError(path, 'expected a function, not', value)
  return (...args) => Reflect.apply(value, undefined, args) as unknown
}

/** How a rule reads one row of a list. */
export function readRows(rule: Fields, name: string): (row: unknown) => ObjectRef {
  const derive = readFunction(own(rule, 'rows'), [name, 'rows'])
  // The decision checks the derived object like any other.
  return (row) => derive(row) as ObjectRef
}

export function checkKeys(record: Fields, known: readonly string[], path: Path): void {
  for (const key of Object.keys(record))
    if (!known.includes(key)) throw guardError([...path, key], 'unknown key', key, suggest(key, known))
}

export function guardError(path: Path, what: string, value: unknown, hint?: string): CasemateError {
  const where = formatPath(path)
  const meant = hint === undefined ? '' : `; did you mean ${quoteValue(hint)}?`
  return new CasemateError('invalid_guard', `${where}: ${what} ${quoteValue(value)}${meant}`, {
    path: where,
    value,
    hint
  })
}
