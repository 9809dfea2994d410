// A scalar of a document → the names in it, each with its offsets. A permission has two, a path of `lint.ignore` many.
import { placeAt, type NameKind, type Place } from './names.js'

/** A name in the text. */
export interface Occurrence {
  readonly kind: NameKind
  readonly name: string
  /** Of an action: its resource. */
  readonly resource: string | undefined
  readonly isDefined: boolean
  readonly start: number
  readonly end: number
  /** Whether the text has the name as it is. Where it is written with escapes, it is not changed. */
  readonly isPlain: boolean
}

/** A text and where it stands. */
export interface Written {
  readonly value: string
  readonly start: number
  readonly end: number
  readonly isPlain: boolean
}

/** The names that are written at a path. `scopes` are those that the document declares. */
export function occurrencesAt(
  path: readonly (string | number)[],
  isKey: boolean,
  written: Written,
  scopes: ReadonlySet<string>
): Occurrence[] {
  const place = placeAt(path, isKey)
  return place === undefined ? [] : namesIn(place, written, scopes)
}

/** Those who hold a custom role, and those who come with a key. */
const notRoles = /^(?:custom|scope|template):/

function namesIn(place: Place, written: Written, scopes: ReadonlySet<string>): Occurrence[] {
  const { value } = written
  switch (place.is) {
    case 'name':
      return value === '*' || (place.kind === 'role' && notRoles.test(value))
        ? []
        : [occurrence(written, place.kind, place.resource, place.isDefined)]
    case 'subject':
      return value.startsWith('system:')
        ? [occurrence(part(written, 'system:'.length), 'system')]
        : notRoles.test(value)
          ? []
          : [occurrence(written, 'role')]
    case 'scope':
      return scopes.has(value) ? [occurrence(written, 'scope')] : permissionIn(written)
    case 'permission':
      return permissionIn(written)
    case 'entry':
      return permissionIn(written).slice(0, 1)
    case 'path':
      return namesInPath(written)
  }
}

function permissionIn(written: Written): Occurrence[] {
  const colon = written.value.indexOf(':')
  if (colon < 0) return []
  const resource = written.value.slice(0, colon)
  const action = part(written, colon + 1)
  return [
    occurrence(part(written, 0, colon), 'resource'),
    ...(action.value === '*' ? [] : [occurrence(action, 'action', resource)])
  ]
}

/** The keys of a path, and what its last brackets name: `roles.owner.assigns[member]`. */
function namesInPath(written: Written): Occurrence[] {
  const found: Occurrence[] = []
  const path: (string | number)[] = []
  for (const { 1: bracketed, 2: key, index } of written.value.matchAll(/\[([^[\]"]+)\]|([^.[\]"]+)/g)) {
    const isPosition = bracketed !== undefined && /^\d+$/.test(bracketed)
    const text = bracketed ?? key ?? ''
    path.push(bracketed === undefined ? text : isPosition ? Number(text) : 0)
    if (isPosition) continue
    const at = index + (bracketed === undefined ? 0 : 1)
    const place = placeAt(path, bracketed === undefined)
    if (place?.is !== 'name' || text === '*') continue
    found.push({ ...occurrence(part(written, at, at + text.length), place.kind, place.resource) })
  }
  return found
}

function part({ value, start, end, isPlain }: Written, from: number, to = value.length): Written {
  const piece = value.slice(from, to)
  return isPlain
    ? { value: piece, start: start + from, end: start + to, isPlain }
    : { value: piece, start, end, isPlain }
}

function occurrence(
  { value, start, end, isPlain }: Written,
  kind: NameKind,
  resource?: string,
  isDefined = false
): Occurrence {
  return { kind, name: value, resource, isDefined, start, end, isPlain }
}
