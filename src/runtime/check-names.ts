// Checks the names in a compiled file, by the rules for those of documents.
import type { Path } from '../problems/path.js'
import { quoteValue } from '../problems/quote.js'
import { readName, refuse } from './read-content.js'

/** Any text that can be seen. */
export const visibleName: RegExp = /^\P{Cc}+$/u
/** Any text but the empty one: an id. */
export const anyText: RegExp = /./su
export const roleName: RegExp = /^(?!\s|(?:system|scope|template|custom):)(?!.*(?:\s$| \+ ))[^*\p{Cc}]+$/su
export const parameterName: RegExp = /^[^{}\p{Cc}]+$/u

const catalogueName = /^(?=.{1,128}$)[A-Za-z][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*$/
const fieldName = /^[a-z][A-Za-z0-9_]*$/
const levelName = /^(?:site|user|.+Member)$/
/** What objects and held roles have of their own. */
const ownFields = ['type', 'id', 'owner', 'org', 'anyOrg', 'onlyOrgs', 'acl', 'role']

/** The spelling of a name by the name in lower case. */
export type Spellings = Map<string, string>

/** A resource or an action; `reserved` is a wildcard in CASL. No two differ in case alone. */
export function checkCatalogueName(name: string, path: Path, reserved: string, known: Spellings): void {
  readName(name, path, catalogueName)
  if (name === reserved) refuse(path, 'a name that is no wildcard', name)
  const folded = name.toLowerCase()
  const earlier = known.get(folded) ?? name
  if (earlier !== name)
    refuse(path, `a name that differs from ${quoteValue(earlier)} not in case alone`, name)
  known.set(folded, name)
}

/** A level of an ACL. */
export function checkLevelName(name: string, path: Path): void {
  readName(name, path, fieldName)
  if (Object.hasOwn(Object.prototype, name)) refuse(path, 'a name that no object inherits', name)
}

/** An attribute: a field of objects beside `others`. */
export function checkAttributeName(name: string, path: Path, others: readonly string[]): void {
  checkLevelName(name, path)
  if (ownFields.includes(name) || others.includes(name)) refuse(path, 'a name that no other field has', name)
}

/** A container: a field of objects, a kind of roles and a level. */
export function checkContainerName(name: string, path: Path, others: readonly string[]): void {
  checkAttributeName(name, path, others)
  if (levelName.test(name)) refuse(path, 'a name that no level has', name)
}
