// Contents of compiled files with something changed at a place: another value, a key less, a key more.
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Every place in a content. */
function placesIn(value: Json, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...at, Array.isArray(value) ? Number(key) : key]
    return [path, ...placesIn(inner, path)]
  })
}

const strangers: readonly Json[] = [
  null,
  true,
  false,
  0,
  1,
  '',
  '*',
  'note',
  'read',
  'nothing',
  'site',
  'org',
  'never',
  'required',
  'flag',
  '{id}',
  'note:x',
  [],
  {},
  ['read'],
  ['read', 'read'],
  [null],
  [[]],
  { except: ['read'] },
  { except: 5 },
  { '*': '*' },
  { note: ['delete'] },
  { allow: { '*': '*' } },
  { site: { allow: { '*': '*' } } },
  { org: { deny: { note: '*' } } },
  { values: [1], default: 2 },
  'project',
  ['project'],
  ['reader'],
  { name: 'folder' },
  { doc: { actions: ['read'], where: { locked: true } } },
  { actions: '*', where: { status: 'draft' } },
  { except: ['read'], where: { locked: [true, false] } },
  { project: 'required' },
  { read: ['delete'] }
]
const keysToAdd = [
  '__proto__',
  'constructor',
  '*',
  'note',
  'bill',
  'site',
  'user',
  'org',
  'allow',
  'deny',
  'kind',
  'grants',
  'variants',
  'when',
  'assigns',
  'admin',
  'isOpen',
  'plan',
  'id',
  'default',
  'all',
  'x:y',
  '',
  'project',
  'projectMember',
  'containers',
  'in',
  'attributes',
  'implies',
  'includes',
  'where',
  'levels',
  'doc',
  'locked',
  'fixer'
]

export interface Edit {
  readonly kind: number
  readonly place: number
  readonly value: number
  readonly key: number
}

/** The content with one thing changed: another value, a key less, a key more, a key renamed, an element twice. */
export function edited(content: Json, { kind, place, value, key }: Edit): Json {
  const copy = structuredClone(content)
  const places = placesIn(copy)
  const path = places[place % places.length] ?? []
  const last = path.at(-1) ?? ''
  const parent = path.slice(0, -1).reduce<Json>((at, step) => (at as never)[step], copy) as
    Record<string, Json> | Json[]
  const stranger = structuredClone(strangers[value % strangers.length] ?? null)
  const name = keysToAdd[key % keysToAdd.length] ?? ''
  const define = (into: object, at: string, what: unknown): void => {
    Object.defineProperty(into, at, { value: what, enumerable: true, writable: true, configurable: true })
  }
  const at = Number(last)
  if (kind === 0) define(parent, String(last), stranger)
  else if (kind === 1 && Array.isArray(parent)) parent.splice(at, 1)
  else if (kind === 2 && Array.isArray(parent)) parent.push(structuredClone(parent[at] ?? null))
  else if (kind === 2) define(parent, name, stranger)
  else if (!Array.isArray(parent)) {
    const moved = parent[String(last)]
    Reflect.deleteProperty(parent, last)
    if (kind === 3) define(parent, name, moved)
  }
  return copy
}
