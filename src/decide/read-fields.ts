// The containers and attributes of a well-formed object, read without collecting problems: for `can`. What is not well
// formed has no result, and `explain` says what is wrong with it.
import type { CompiledPermission } from '../compile/catalogue.js'
import { permissionAt } from '../request/question.js'
import type { ReadContainers } from '../request/object-fields.js'
import type { ObjectRef } from '../types.js'

const noIds: readonly string[] = Object.freeze([])
export const noContainers: ReadContainers = Object.freeze([])

type Row = Readonly<Record<string, unknown>>

/** The permission on objects with the object's attributes; `undefined` where one is malformed or missing. */
export function permissionOn(first: CompiledPermission, object: ObjectRef): CompiledPermission | undefined {
  const { definition } = first
  if (definition.attributes.length === 0) return first
  const row = object as unknown as Row
  let combination = 0
  for (const { name, usual, parts } of definition.attributes) {
    const part = parts.get(row[name] ?? usual)
    if (part === undefined || isPolluted(name)) return undefined
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
  if (kinds.length === 0) return noContainers
  const row = object as unknown as Row
  const containers: (readonly string[])[] = []
  for (let number = 0; number < kinds.length; number++) {
    const kind = kinds[number] ?? ''
    const ids = isPolluted(kind) ? undefined : readIds(row[kind])
    const place = definition.places[number]
    if (ids === undefined || place === (ids.length > 0 ? 'never' : 'required')) return undefined
    containers.push(ids)
  }
  return containers
}

function readIds(given: unknown): readonly string[] | undefined {
  if (given === undefined || given === null || given === '') return noIds
  if (typeof given === 'string') return [given]
  if (!Array.isArray(given)) return undefined
  // Uses `findIndex`, which also visits holes.
  const isList = given.findIndex((id) => typeof id !== 'string' || id === '') < 0
  return isList ? (given as readonly string[]) : undefined
}

/** Whether something wrote this field to `Object.prototype`. */
function isPolluted(name: string): boolean {
  return Reflect.get(Object.prototype, name) !== undefined
}
