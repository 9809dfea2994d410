// Reads the parts of a request: subject, action, resource, context. Only own keys count; further keys are ignored, as
// AuthZEN has it. What is malformed is a refusal, which names its place.
import { isPlainObject } from '../problems/plain.js'
import { badRequest } from './refusal.js'
import type { Action, Entity, Properties } from './types.js'

/** The object at a key; `undefined` where the key is missing. */
export function objectAt(parent: Properties, key: string, where = ''): Properties | undefined {
  if (!Object.hasOwn(parent, key)) return undefined
  const value = parent[key]
  if (!isPlainObject(value)) throw badRequest(`${where}${key}: expected an object`)
  return value
}

/** The object at a key that has to be there. */
export function required(parent: Properties, key: string, where = ''): Properties {
  return objectAt(parent, key, where) ?? missing(`${where}${key}`)
}

/** @throws Refusal */
export function missing(where: string): never {
  throw badRequest(`${where}: missing`)
}

/** A subject or a resource. */
export function readEntity(of: Properties, where: string): Entity {
  return { type: text(of, 'type', where), id: text(of, 'id', where), properties: propertiesOf(of, where) }
}

/** What a search looks for; an id of it counts for nothing. */
export function readTarget(of: Properties, where: string): Omit<Entity, 'id'> {
  return { type: text(of, 'type', where), properties: propertiesOf(of, where) }
}

export function readAction(of: Properties): Action {
  return { name: text(of, 'name', 'action'), properties: propertiesOf(of, 'action') }
}

/** `context`, which may be missing. */
export function readContext(of: Properties): Properties {
  return objectAt(of, 'context') ?? nothing
}

/** What stands for properties and a context that are not there. */
export const nothing: Properties = Object.freeze({})

function propertiesOf(of: Properties, where: string): Properties {
  return objectAt(of, 'properties', `${where}.`) ?? nothing
}

function text(parent: Properties, key: string, where: string): string {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined
  if (value === undefined) return missing(`${where}.${key}`)
  if (typeof value !== 'string' || value === '')
    throw badRequest(`${where}.${key}: expected a text, not empty`)
  return value
}
