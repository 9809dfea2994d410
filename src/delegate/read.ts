// Reads and checks what questions about delegation name: a place, a role. A malformed one is an error, not a refusal.
import type { CompiledPolicy } from '../compile/compile.js'
import { entriesOf } from '../compile/persistent-map.js'
import { customRolesIn, findRole, type RoleIndex } from '../compile/role-index.js'
import type { CompiledRole } from '../compile/roles.js'
import type { RequestErrorCode } from '../errors.js'
import { ownField } from '../problems/own-fields.js'
import { isRecord } from '../problems/plain.js'
import { RequestProblems, shapeError } from '../problems/request-problems.js'
import { quoteValue } from '../problems/quote.js'
import { idAt, kindAt, type ContainerPlace, type Place } from './place.js'

const site: Place = Object.freeze({ org: undefined, container: undefined })

/**
 * The place that is meant: the site for `undefined`, `null`, an empty text and a record without parts; an organization
 * for its id; else what the parts of a record say, of which empty ones count as missing.
 *
 * @throws RequestError `invalid_request` for anything else, an unknown part, and two containers.
 */
export function readPlace({ catalogue }: CompiledPolicy, given: unknown): Place {
  if (given === undefined || given === null || given === '') return site
  if (typeof given === 'string') return { org: given, container: undefined }
  if (!isRecord(given)) throw shapeError(['org'], 'an organization', given)
  const problems = new RequestProblems()
  const keys = new Set(['org', ...catalogue.containers])
  for (const key of Object.keys(given)) if (!keys.has(key)) problems.addUnknownKey(['place'], key, keys)
  problems.addInherited(['place'], given, keys)
  const read = (key: string, expected: string): string | undefined => {
    const id = ownField(given, key)
    if (typeof id === 'string') return id === '' ? undefined : id
    if (id !== undefined && id !== null) problems.addShape(['place', key], expected, id)
    return undefined
  }
  const org = read('org', 'an organization')
  const containers = catalogue.containers.flatMap((kind, number): ContainerPlace[] => {
    const id = read(kind, `the id of a ${kind}`)
    return id === undefined ? [] : [{ kind, number, id }]
  })
  const [container, another] = containers
  if (container !== undefined && another !== undefined) {
    const message = `expected one container, not both ${quoteValue(container.kind)} and ${quoteValue(another.kind)}`
    problems.add('invalid_request', ['place', another.kind], message, another.id)
  }
  problems.throwFirst()
  return { org, container }
}

/**
 * The role that a name means in a place: a shipped one, else a custom one of the container, the organization or the
 * site.
 *
 * @throws RequestError `unknown_role`, `role_needs_org`, `role_takes_no_org`, `role_needs_container`,
 * `role_takes_no_container`; `invalid_request` for anything but a text.
 */
export function readRole(compiled: CompiledPolicy, name: unknown, place: Place): CompiledRole {
  if (typeof name !== 'string') throw shapeError(['role'], 'the name of a role', name)
  const { org, container } = place
  const inside = container && findRole(compiled.roles, name, container.id, container.kind)
  const isInside = inside !== undefined && inside.kind === container?.kind
  const role = isInside ? inside : findRole(compiled.roles, name, org)
  const fault = role && faultOf(role, place)
  if (role !== undefined && fault === undefined) return role
  const problems = new RequestProblems()
  if (fault === undefined) problems.addUnknown('unknown_role', ['role'], 'role', name, compiled.roles.shipped)
  else problems.add(fault.code, ['role'], `${quoteValue(name)} ${fault.message}`, name)
  throw problems.toError()
}

interface Fault {
  readonly code: RequestErrorCode
  readonly message: string
}

/** Why a role is not held in a place. */
function faultOf({ kind }: CompiledRole, { org, container }: Place): Fault | undefined {
  if (kind === 'org' && org === undefined)
    return { code: 'role_needs_org', message: 'is an organization role; give its organization' }
  if (kind !== 'org' && kind !== 'site')
    return kind === container?.kind
      ? undefined
      : { code: 'role_needs_container', message: `is a ${kind} role; give its ${kind}` }
  const described = kind === 'org' ? 'an organization role' : 'a site role'
  if (kind === 'site' && org !== undefined) return { code: 'role_takes_no_org', message: `is ${described}` }
  if (container === undefined) return undefined
  return {
    code: 'role_takes_no_container',
    message: `is ${described} and is held in no ${container.kind}`
  }
}

/** The roles that are held in a place: shipped ones in document order, then custom ones by name. */
export function rolesAt(index: RoleIndex, place: Place): readonly CompiledRole[] {
  const kind = kindAt(place)
  const id = idAt(place)
  const shipped = [...index.shipped.values()].filter((role) => role.kind === kind)
  const added = id === undefined ? index.customSite : customRolesIn(index, id, kind)
  const custom = [...entriesOf(added)].sort(([a], [b]) => (a < b ? -1 : 1))
  return [...shipped, ...custom.map(([, role]) => role)]
}
