// Reads a document of any shape: a value of the wrong type counts as missing. The schema reports wrong types, so that
// one bad key never hides what is wrong elsewhere.

/** The entries of a record; none of anything else. */
export function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : []
}

/** The elements of a list with their positions; none of anything else. */
export function itemsOf(value: unknown): [number, unknown][] {
  return Array.isArray(value) ? value.map((item: unknown, index) => [index, item]) : []
}

/** The texts in a list with their positions. */
export function textsOf(value: unknown): [number, string][] {
  return itemsOf(value).filter((item): item is [number, string] => typeof item[1] === 'string')
}

/** A record's own value of that name, never one of its prototype. */
export function fieldOf(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
