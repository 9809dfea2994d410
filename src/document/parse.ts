// An unknown value → a checked policy document, or every problem in it. The result is a frozen copy of our own: later
// changes to the input do not reach it.
import { PolicyError } from '../errors.js'
import { createContext, readNames, type Context, type DocumentNames } from './check/context.js'
import { checkCustomRoles } from './check/custom-roles.js'
import { checkMeaning } from './check/index.js'
import { checkShape } from './check/shape.js'
import { copyPlainData, type DocumentLimits } from './copy.js'
import { containersOf } from './levels.js'
import { quoteValue } from '../problems/quote.js'
import { Problems } from '../problems/problems.js'
import { fieldOf } from './read.js'
import { policySchema, rolesSchema } from './schema.js'
import type { RoleDocument } from './types.js'
import type { PolicyDocument } from './names.js'

/** Registered, so that the ESM and the CommonJS copy of the package know each other's documents. */
const documentMark = Symbol.for('casemate.document')

/**
 * The names in a document, kept for checking roles that are added later. Not shared with other copies of the package.
 */
const documentNames = Symbol('casemate.names')

/** Where custom roles are added: one organization, one container (`{ project: 'p1' }`), or without a key the site. */
export interface RolePlace {
  readonly org?: string | undefined
  readonly [container: string]: string | undefined
}

/**
 * The checked, deep-frozen copy of a policy document, or a `PolicyError` with every problem in it. A document that
 * this or `definePolicy` returned is returned as it is. What JSON and UTF-8 cannot express is a problem; keys whose value is
 * `undefined` count as missing; `__proto__` is a key like any other.
 */
export function parsePolicy(input: unknown, limits: DocumentLimits = {}): PolicyDocument {
  if (isPolicyDocument(input)) return input
  const problems = new Problems()
  const document = copyPlainData(input, limits, problems)
  throwIfUnbounded(problems)
  if (isCompiledFile(document)) {
    const message =
      'this is a compiled policy, for `fromCompiled` of casemate/runtime, and no policy document'
    throw new PolicyError([{ code: 'unknown_format', path: '', message }])
  }
  const isPolicy = checkShape(policySchema(containersOf(document).length > 0), document, problems)
  checkMeaning(document, problems)
  if (!isPolicy || problems.list.length > 0) throw new PolicyError(problems.list)
  return Object.freeze(
    Object.defineProperties(
      { ...document },
      { [documentMark]: { value: true }, [documentNames]: { value: lazy(() => readNames(document)) } }
    )
  )
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function namesOf(
  document: PolicyDocument & { readonly [documentNames]?: () => DocumentNames }
): DocumentNames {
  return document[documentNames]?.() ?? readNames(document)
}

/** Whether this is a file of `casemate compile`, of any version. As a document it would only give unknown keys. */
function isCompiledFile(input: unknown): boolean {
  const has = (key: string): boolean => fieldOf(input, key) !== undefined
  return has('casemate') && has('content') && !has('resources')
}

/** Whether this is a document that `parsePolicy` or `definePolicy` returned, in any copy of the package. */
export function isPolicyDocument(input: unknown): input is PolicyDocument {
  return (
    typeof input === 'object' &&
    input !== null &&
    Object.hasOwn(input, documentMark) &&
    Object.isFrozen(input)
  )
}

/**
 * The checked, deep-frozen copy of roles that are added to `document` at the site, in one organization or in one
 * container, or a `PolicyError` with every problem in them. Besides the rules for shipped roles: a custom role has the
 * kind of its place, grants only there, no `assigns`, no `assignable`, and never a shipped role's name; it includes
 * shipped roles only, none that only code gives, and none that reaches further than its place.
 */
export function parseRoles(
  document: PolicyDocument,
  roles: unknown,
  place: RolePlace = {}
): Readonly<Record<string, RoleDocument>> {
  const problems = new Problems()
  const copy = copyPlainData(roles, {}, problems)
  throwIfUnbounded(problems)
  const context = createContext(document, problems, namesOf(document))
  const kind = kindAt(place, context)
  const areRoles = checkShape(rolesSchema(context.containers.length > 0), copy, problems)
  checkCustomRoles(copy, kind, context)
  if (!areRoles || problems.list.length > 0) throw new PolicyError(problems.list)
  return copy
}

/** The kind of roles that are held in a place, with problems for one that is none. */
function kindAt(place: RolePlace, { problems, kinds, containers }: Context): string {
  const [kind, another] = Object.keys(place).filter((key) => place[key] !== undefined)
  if (kind === undefined) return 'site'
  if (another !== undefined) {
    const message = `expected one place, not both ${quoteValue(kind)} and ${quoteValue(another)}`
    problems.add('wrong_place', [], message)
  } else if (place[kind] === '') {
    const whose = kind === 'org' ? 'the organization' : `the ${quoteValue(kind)}`
    problems.add('wrong_place', [], `${whose}'s id is empty`, '')
  }
  if (kind !== 'org' && !containers.includes(kind)) {
    problems.addUnknown('unknown_container', [], 'container', kind, new Set(['org', ...containers]))
  }
  return kinds.has(kind) ? kind : 'site'
}

/** A value that is too large or too deep was not copied completely, so nothing else about it can be checked. */
function throwIfUnbounded({ list }: Problems): void {
  const limit = list.filter(({ code }) => code === 'document_too_large' || code === 'document_too_deep')
  if (limit.length > 0) throw new PolicyError(limit)
}
