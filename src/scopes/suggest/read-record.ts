// A record of a run as data → its checks and scopes, or every problem. It may come from a file, and from another
// version of the policy.
import { splitName } from '../../problems/names.js'
import type { Policy } from '../../policy/types/index.js'
import { listMatches } from '../../request/allow-list.js'
import { fillTemplate } from '../../request/ceiling.js'
import { readAttributes } from '../../request/object-fields.js'
import { permissionAt } from '../../request/question.js'
import type { CompiledPermission, CompiledResource } from '../../compile/catalogue.js'
import { type CompiledPolicy, compiledOf } from '../../compile/compile.js'
import type { Names } from '../../document/index.js'
import type { Parsed } from '../../policy/parse.js'
import { ownField } from '../../problems/own-fields.js'
import { RequestProblems } from '../../problems/request-problems.js'
import type { TemplateScope } from '../../types.js'
import type { CheckRecord, RecordedCheck } from './record.js'
import { isPlainObject } from '../../problems/plain.js'
import type { Path } from '../../problems/path.js'

/** A recorded check whose permission is known. */
export interface Check {
  /** The permission on an object with its attributes; for a check without attributes, on each combination of them. */
  readonly permissions: readonly [CompiledPermission, ...CompiledPermission[]]
  readonly attributes: RecordedCheck['attributes']
  readonly id: string | undefined
  readonly some: boolean
}

/** A scope that was held, and whether it lets a check through. */
export interface Held {
  readonly scope: string | TemplateScope
  readonly has: (check: Check) => boolean
}

/** A record after reading. */
export interface ReadRecord {
  readonly checks: readonly Check[]
  readonly held: readonly Held[]
}

/**
 * A record from outside, as `recordChecks` gave it: a file, perhaps of another version of the policy. Everything in it
 * is checked, and every problem is returned at once; `scopes` may be missing.
 */
export function parseRecord<N extends Names>(policy: Policy<N>, data: unknown): Parsed<CheckRecord>
export function parseRecord(policy: Policy, data: unknown): Parsed<CheckRecord> {
  const problems = new RequestProblems()
  const { checks, held } = readRecord(compiledOf(policy), data, [], problems)
  if (problems.list.length > 0) return { ok: false, problems: problems.inOrder() }
  const value = { checks: checks.map(toRecorded), scopes: held.map(({ scope }) => scope) }
  return { ok: true, value }
}

function toRecorded({ permissions: [{ name }], attributes, id, some }: Check): RecordedCheck {
  return {
    permission: name,
    ...(id === undefined ? {} : { id }),
    ...(attributes === undefined ? {} : { attributes }),
    ...(some ? { some: true } : {})
  }
}

const recordKeys = new Set(['checks', 'scopes'])
const checkKeys = new Set(['permission', 'id', 'attributes', 'some'])

/** Reads a record; adds wrong parts to `problems` and leaves them out. */
export function readRecord(
  compiled: CompiledPolicy,
  record: unknown,
  path: readonly string[],
  problems: RequestProblems
): ReadRecord {
  if (!isPlainObject(record)) {
    problems.addShape(path, 'a record, `{ checks, scopes }`', record)
    return { checks: [], held: [] }
  }
  for (const key of Object.keys(record))
    if (!recordKeys.has(key)) problems.addUnknownKey(path, key, recordKeys)
  const checks = ownField(record, 'checks')
  const scopes = Object.hasOwn(record, 'scopes') ? record['scopes'] : []
  if (!Array.isArray(checks)) problems.addShape([...path, 'checks'], 'a list of checks', checks)
  if (!Array.isArray(scopes)) problems.addShape([...path, 'scopes'], 'a list of scopes', scopes)
  return {
    checks: (Array.isArray(checks) ? checks : []).flatMap(
      (check: unknown, index) => readCheck(compiled, check, [...path, 'checks', index], problems) ?? []
    ),
    held: (Array.isArray(scopes) ? scopes : []).flatMap(
      (scope: unknown, index) => readScope(compiled, scope, [...path, 'scopes', index], problems) ?? []
    )
  }
}

function readCheck(
  compiled: CompiledPolicy,
  check: unknown,
  path: Path,
  problems: RequestProblems
): Check | undefined {
  if (!isPlainObject(check)) {
    problems.addShape(path, 'a check, `{ permission, id }`', check)
    return undefined
  }
  for (const key of Object.keys(check)) if (!checkKeys.has(key)) problems.addUnknownKey(path, key, checkKeys)
  const [name, id, some] = ['permission', 'id', 'some'].map((key) => ownField(check, key))
  if (id !== undefined && (typeof id !== 'string' || id === ''))
    problems.addShape([...path, 'id'], 'an id', id)
  if (some !== undefined && some !== true) problems.addShape([...path, 'some'], '`true`', some)
  const permission = readPermission(compiled, name, [...path, 'permission'], problems)
  if (permission === undefined) return undefined
  const given = ownField(check, 'attributes')
  const attributes =
    given === undefined
      ? undefined
      : readGiven(permission.definition, given, [...path, 'attributes'], problems)
  return {
    permissions: permissionsAt(permission, attributes?.combination),
    attributes: attributes && Object.fromEntries(attributes.attributes),
    id: typeof id === 'string' ? id : undefined,
    some: some === true
  }
}

/** The attributes of a check: one that the resource lacks is a problem, and so is a value that an attribute lacks. */
function readGiven(
  resource: CompiledResource,
  given: unknown,
  path: Path,
  problems: RequestProblems
): ReturnType<typeof readAttributes> | undefined {
  if (!isPlainObject(given)) {
    problems.addShape(path, 'attributes by name', given)
    return undefined
  }
  const names = new Set(resource.attributes.map(({ name }) => name))
  for (const key of Object.keys(given)) if (!names.has(key)) problems.addUnknownKey(path, key, names)
  return readAttributes(resource, (key) => ownField(given, key), path, problems)
}

/** The permission on one combination of attributes, or on each. */
function permissionsAt(
  permission: CompiledPermission,
  combination: number | undefined
): Check['permissions'] {
  const { definition, action } = permission
  if (combination !== undefined) return [permissionAt(definition, permission, combination)]
  return [permission, ...definition.permissions.filter((one) => one.action === action && one !== permission)]
}

function readPermission(
  compiled: CompiledPolicy,
  name: unknown,
  path: Path,
  problems: RequestProblems
): CompiledPermission | undefined {
  const [type, action = ''] = typeof name === 'string' ? splitName(name) : []
  if (type === undefined) {
    problems.addShape(path, 'a permission, `resource:action`', name)
    return undefined
  }
  const { resources } = compiled.catalogue
  const resource = resources.get(type)
  const permission = resource?.actions.get(action)
  if (resource === undefined) problems.addUnknown('unknown_resource', path, 'resource', type, resources)
  else if (permission === undefined) problems.addUnknownAction(path, action, resource)
  return permission
}

function readScope(
  compiled: CompiledPolicy,
  given: unknown,
  path: readonly (string | number)[],
  problems: RequestProblems
): Held | undefined {
  if (typeof given === 'string') {
    const scope = compiled.scopes.find(given)
    if (scope !== undefined)
      return { scope: scope.name, has: ({ permissions }) => permissions.some((one) => scope.has(one)) }
    problems.addUnknown('unknown_scope', path, 'scope', given, compiled.scopes.names())
    return undefined
  }
  if (!isPlainObject(given)) {
    problems.addShape(path, 'a scope name or `{ template, params }`', given)
    return undefined
  }
  const filled = fillTemplate(
    ownField(given, 'template'),
    ownField(given, 'params') ?? {},
    path,
    compiled,
    problems
  )
  if (filled === undefined) return undefined
  const { template, params, table, list } = filled
  return {
    scope: { template, params },
    has: ({ permissions, id, some }) =>
      permissions.some(({ index }) => table[index] !== 0) &&
      (list === undefined || some || listMatches(list, permissions[0].resource, id))
  }
}
