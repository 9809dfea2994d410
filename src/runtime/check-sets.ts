// Checks a permission set of a compiled file: every name in it exists, and each line can match.
import { isEmptyList } from '../document/check/reach.js'
import { whyUnreachable } from '../document/check/placement.js'
import type { DocumentLevel } from '../document/levels.js'
import { fieldOf, textsOf } from '../document/read.js'
import type { Path } from '../problems/path.js'
import type { Effect } from '../types.js'
import type { Known, KnownActions, KnownResource } from './known.js'
import { readEach, readFields, readOneOf, readText, readTexts, refuse } from './read-content.js'

/** Where a set stands. */
export interface SetPlace {
  /** A scope has none. */
  readonly level?: DocumentLevel
  readonly effect: Effect
  /** Of a variant: the set whose keys it replaces. */
  readonly base?: unknown
}

export function checkSet(set: unknown, path: Path, known: Known, place: SetPlace): void {
  readEach(set, path, (list, at, name) => {
    const resource = known.resources.get(name)
    const named = name === '*' ? { actions: known.actions, attributes: noAttributes } : resource
    if (named === undefined) return refuse(at, 'a resource', name)
    checkList(list, at, name, named)
    if (resource !== undefined && !isEmptyList(list) && !isReached(name, resource, place))
      refuse(at, 'no grant that can never match', name)
    if (place.effect === 'allow') checkExcept(list, at, name, set, known, place)
  })
}

const noAttributes: KnownActions['attributes'] = new Map()

function isReached(name: string, resource: KnownResource, { level }: SetPlace): boolean {
  return level === undefined || whyUnreachable(name, resource, level) === undefined
}

/** All actions, a list of them, or all but a list, of objects with certain attributes too. */
function checkList(list: unknown, path: Path, name: string, known: KnownActions): void {
  if (!Array.isArray(list)) {
    if (fieldOf(list, 'actions') !== undefined) checkWhere(list, path, 'actions', name, known)
    else if (fieldOf(list, 'where') !== undefined) checkWhere(list, path, 'except', name, known)
    else checkActions(list, path, name, known)
    return
  }
  list.forEach((item: unknown, i) => {
    const at = [...path, i]
    if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
      checkWhere(item, at, 'actions', name, known)
      return
    }
    checkAction(readText(item, at), at, name, known)
    if (list.indexOf(item) !== i) refuse(at, 'each once', item)
  })
}

/** The same of every object. */
export function checkActions(list: unknown, path: Path, name: string, known: KnownActions): void {
  if (list === '*' || Array.isArray(list)) {
    checkNames(list, path, name, known)
    return
  }
  checkNames(readFields(list, path, ['except'])['except'], [...path, 'except'], name, known, false)
}

function checkNames(list: unknown, path: Path, name: string, known: KnownActions, hasAll = true): void {
  if (hasAll && list === '*') return
  if (!Array.isArray(list)) refuse(path, '`*`, or a list of actions', list)
  readTexts(list, path, (action, at) => {
    checkAction(action, at, name, known)
  })
}

function checkAction(action: string, path: Path, name: string, { actions }: KnownActions): void {
  if (!actions.has(action)) refuse(path, `an action of ${name}`, action)
}

/** Actions under a key, of objects with certain attributes. */
function checkWhere(
  list: unknown,
  path: Path,
  key: 'actions' | 'except',
  name: string,
  known: KnownActions
): void {
  const fields = readFields(list, path, [key, 'where'])
  checkNames(fields[key], [...path, key], name, known, key === 'actions')
  const where = readEach(fields['where'], [...path, 'where'], (wanted, at, attribute) => {
    const values = known.attributes.get(attribute) ?? refuse(at, `an attribute of ${name}`, attribute)
    if (!Array.isArray(wanted)) {
      readOneOf(wanted, at, values)
      return
    }
    if (wanted.length === 0 || new Set(wanted).size < wanted.length) refuse(at, 'different values', wanted)
    wanted.forEach((value, i) => {
      readOneOf(value, [...at, i], values)
    })
  })
  if (Object.keys(where).length === 0) refuse([...path, 'where'], 'an attribute', where)
}

/** Checks that exceptions take something out of every resource that the line reaches. */
function checkExcept(
  list: unknown,
  path: Path,
  name: string,
  set: unknown,
  known: Known,
  place: SetPlace
): void {
  if (fieldOf(list, 'except') === undefined) return
  const isOwn = (key: string): boolean =>
    fieldOf(set, key) !== undefined || fieldOf(place.base, key) !== undefined
  for (const [key, resource] of known.resources)
    if (key === name || (name === '*' && !isOwn(key) && isReached(key, resource, place)))
      checkTakesOut(list, path, resource)
}

/** Checks that no action which stays implies one that is taken out. */
export function checkTakesOut(list: unknown, path: Path, { implying }: KnownResource): void {
  const except = textsOf(fieldOf(list, 'except'))
  const out = new Set(except.map(([, action]) => action))
  for (const [i, action] of except)
    if (implying.get(action)?.some((other) => !out.has(other)))
      refuse([...path, 'except', i], 'no action that another one implies', action)
}
