// Replaces parts of a text by their positions, and checks that nothing else in the document has changed.
import { CasemateError } from '../../errors.js'
import type { Json } from './schemas.js'

/** Replaces the characters from `start` up to `end`. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Applies edits that do not overlap; of two at one place the first given comes first. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = ''
  let at = 0
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + replacement
    at = end
  }
  return result + text.slice(at)
}

/** A document that the components cannot be put into; `why` continues the sentence. */
export function unfit(why: string): CasemateError {
  return new CasemateError('not_expressible', `cannot put the schemas into this document: ${why}`)
}

/**
 * Checks that the new document is the old one with these components and nothing else: both are given as read.
 *
 * @throws CasemateError where a reader would see any other change, as when a replaced part had an anchor that others
 * use.
 */
export function confirmSplice(
  before: unknown,
  after: unknown,
  components: Readonly<Record<string, Json>>
): void {
  const names = new Set(Object.keys(components))
  for (const [name, schema] of Object.entries(components))
    if (JSON.stringify(schemaNamed(after, name)) !== JSON.stringify(schema))
      throw unfit(`\`${name}\` would not read as written`)
  if (JSON.stringify(withoutSchemas(before, names)) !== JSON.stringify(withoutSchemas(after, names)))
    throw unfit('parts that other parts refer to would change')
}

function schemaNamed(document: unknown, name: string): unknown {
  return property(property(property(document, 'components'), 'schemas'), name)
}

function property(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** The document with those schemas out, and without a record that only held them. */
function withoutSchemas(document: unknown, names: ReadonlySet<string>): unknown {
  return mapKey(document, 'components', (components) =>
    mapKey(components, 'schemas', (schemas) => {
      if (schemas === null) return undefined
      if (!isRecord(schemas)) return schemas
      const rest = Object.entries(schemas).filter(([name]) => !names.has(name))
      return rest.length === 0 ? undefined : rest
    })
  )
}

/** The entries of a record with one of them changed, or left out. */
function mapKey(value: unknown, key: string, change: (value: unknown) => unknown): unknown {
  if (!isRecord(value)) return value ?? undefined
  const entries = Object.entries(value).flatMap(([name, old]) => {
    const changed = name === key ? change(old) : old
    return name === key && changed === undefined ? [] : [[name, changed]]
  })
  return entries.length === 0 ? undefined : entries
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export type DocumentFormat = 'yaml' | 'json'
