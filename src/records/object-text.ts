// An object that was decided about → the JSON of its section in a request. It has the fields that decisions read and no
// others, and only what is well formed of its ACL: the rest took no part in the answer.
import type { CompiledPolicy } from '../compile/compile.js'
import { rowField } from '../problems/own-fields.js'
import { isPlainObject } from '../problems/plain.js'
import type { ObjectRef } from '../types.js'
import type { Mask } from './mask.js'

/** The JSON of an object. The question about it was answered, so what decisions read of it is well formed. */
export function objectText({ catalogue }: CompiledPolicy, object: ObjectRef, mask: Mask): string {
  const { type } = object
  let text = `{"type":${JSON.stringify(type)}`
  for (const key of idKeys) text += idText(key, object[key], mask)
  if (object.anyOrg === true) text += ',"anyOrg":true'
  for (const kind of catalogue.containers) text += placesText(kind, rowField(object, kind), mask)
  for (const { name } of catalogue.resources.get(type)?.attributes ?? []) {
    const value = rowField(object, name)
    if (value !== undefined && value !== null) text += `,${JSON.stringify(name)}:${JSON.stringify(value)}`
  }
  if (isPlainObject(object.acl)) text += `,"acl":${aclText(object.acl, mask)}`
  return `${text}}`
}

const idKeys = ['id', 'owner', 'org'] as const

/** Most ids need no escape, and looking for one is faster than `JSON.stringify`. */
function quoted(id: string): string {
  return plain.test(id) ? `"${id}"` : JSON.stringify(id)
}

const plain = /^[\w.:@/-]*$/

/** An id that is set. What is no text is an id that no decision read. */
function idText(key: string, id: unknown, mask: Mask): string {
  return typeof id === 'string' && id !== '' ? `,"${key}":${quoted(mask.id(id))}` : ''
}

function placesText(kind: string, given: unknown, mask: Mask): string {
  if (typeof given === 'string') return idText(kind, given, mask)
  if (!Array.isArray(given) || given.length === 0) return ''
  const ids = given.map((id: unknown) => (typeof id === 'string' ? mask.id(id) : id))
  return `,"${kind}":${JSON.stringify(ids)}`
}

function aclText(acl: Readonly<Record<string, unknown>>, mask: Mask): string {
  const lists = ['users', 'groups'].flatMap((key) => {
    const list = Object.hasOwn(acl, key) ? acl[key] : undefined
    return isPlainObject(list) ? [`"${key}":${entriesText(list, mask)}`] : []
  })
  return `{${lists.join()}}`
}

function entriesText(list: Readonly<Record<string, unknown>>, mask: Mask): string {
  const entries = Object.entries(list).flatMap(([id, actions]) =>
    isTexts(actions) ? [`${JSON.stringify(mask.id(id))}:${JSON.stringify(actions)}`] : []
  )
  return `{${entries.join()}}`
}

function isTexts(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  // By index: a hole is an entry that is missing.
  for (let i = 0; i < value.length; i++) if (typeof value[i] !== 'string') return false
  return true
}
