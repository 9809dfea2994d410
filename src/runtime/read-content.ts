// Reads parts of a compiled file. The first part that is not as `toCompiled` writes it is refused, with its path.
// Records have no prototype here, so all keys are their own.
import { PolicyError } from '../errors.js'
import { hasFields } from '../problems/own-fields.js'
import { formatPath, type Path } from '../problems/path.js'
import { quoteValue } from '../problems/quote.js'
export type Fields = Readonly<Record<string, unknown>>
export type Visit = (value: unknown, path: Path, key: string) => void

/** The error for an invalid or damaged file. */
export function refusal(path: Path, what: string, value: unknown): PolicyError {
  const where = formatPath(path)
  return new PolicyError([{ code: 'invalid_file', path: where, value, message: `${where}: ${what}` }])
}

export function refuse(path: Path, expected: string, value: unknown): never {
  throw refusal(path, `expected ${expected}, not ${quoteValue(value)}`, value)
}

/** A record with these keys and no others. */
export function readFields(value: unknown, path: Path, keys: readonly string[]): Fields {
  return readEach(value, path, (_, at, key) => {
    if (!keys.includes(key)) refuse(at, `one of ${keys.join(', ')}`, key)
  })
}

/** A record; calls `visit` for each entry. */
export function readEach(value: unknown, path: Path, visit: Visit): Fields {
  if (!hasFields(value) || Array.isArray(value)) return refuse(path, 'a record', value)
  for (const key of Object.keys(value)) visit(value[key], [...path, key], key)
  return value
}

/** A list, or none. */
export function readList(value: unknown, path: Path): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : refuse(path, 'a list', value)
}

/** A list of texts without duplicates; calls `check` for each. */
export function readTexts(value: unknown, path: Path, check: (text: string, path: Path) => void): void {
  const list = readList(value, path)
  list.forEach((text, i) => {
    check(readText(text, [...path, i]), [...path, i])
    if (list.indexOf(text) !== i) refuse([...path, i], 'each once', text)
  })
}

export function readText(value: unknown, path: Path): string {
  return typeof value === 'string' ? value : refuse(path, 'a text', value)
}

/** A text that `pattern` matches. */
export function readName(name: unknown, path: Path, pattern: RegExp): void {
  if (!pattern.test(readText(name, path))) refuse(path, 'a name', name)
}

/** One of some values. */
export function readOneOf(value: unknown, path: Path, values: readonly unknown[]): void {
  if (!values.includes(value)) refuse(path, `one of ${values.map(quoteValue).join(', ')}`, value)
}
