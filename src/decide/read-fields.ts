// The containers and attributes of a well-formed object, read without collecting problems: for `can`. What is not well
// formed has no result, and `explain` says what is wrong with it.
import { partOf } from '../compile/attributes.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import { permissionAt } from '../request/question.js'
import type { ReadContainers } from '../request/object-fields.js'
import type { ObjectRef } from '../types.js'

const noIds: readonly string[] = Object.freeze([])
export const noContainers: ReadContainers = Object.freeze([])

/** An object with the fields that the policy declares. */
type Row = ObjectRef & Readonly<Record<string, unknown>>

/** The permission on objects with the object's attributes; `undefined` where one is malformed or missing. */
export function permissionOn(first: CompiledPermission, object: ObjectRef): CompiledPermission | undefined {
  const { definition } = first
  const { attributes } = definition
  if (attributes.length === 0) return first
  const row = object as Row
  let combination = 0
  for (const attribute of attributes) {
    const value = row[attribute.name]
    const part = partOf(attribute, value)
    if (part === undefined || (value !== undefined && isStray(row, attribute.name))) return undefined
    combination += part
  }
  return permissionAt(definition, first, combination)
}

/** The containers that the object is in; `undefined` where one is malformed, missing or not to be there. */
export function containersOf(
  { definition }: CompiledPermission,
  kinds: readonly string[],
  object: ObjectRef
): ReadContainers | undefined {
  const row = object as Row
  let containers: (readonly string[])[] | undefined
  for (let number = 0; number < kinds.length; number++) {
    const kind = kinds[number] ?? ''
    const given = row[kind]
    const place = definition.places[number]
    if (given === undefined || given === null || given === '') {
      if (place === 'required') return undefined
      continue
    }
    const ids = isStray(row, kind) ? undefined : readIds(given)
    if (ids === undefined || place === (ids.length > 0 ? 'never' : 'required')) return undefined
    containers ??= kinds.map(() => noIds)
    containers[number] = ids
  }
  return containers ?? noContainers
}

function readIds(given: unknown): readonly string[] | undefined {
  if (typeof given === 'string') return [given]
  if (!Array.isArray(given)) return undefined
  const ids: readonly unknown[] = given
  // By index, holes too: the list is the caller's, and its methods may be the caller's own.
  for (let i = 0; i < ids.length; i++) if (typeof ids[i] !== 'string' || ids[i] === '') return undefined
  return given as readonly string[]
}

/** Whether a field is there only because something wrote it to `Object.prototype`. */
function isStray(row: Row, name: string): boolean {
  return !Object.hasOwn(row, name) && name in Object.prototype
}

/** Whether a field names nothing. */
export function isNone(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** Whether `anyOrg` is not asked for. */
export function isFalse(value: unknown): boolean {
  return value === undefined || value === false || value === null
}
