// Subjects with one role or grant more. Settings of an organization that the subject's roles do not show are not
// guessed: a role that reads them gives one state for each value, and helps only if it helps in all of them.
import { findRole } from '../compile/role-index.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import type { RoleTable, CompiledRole } from '../compile/roles.js'
import { emptySet } from '../compile/permission-set.js'
import { createUnions, type Union } from '../compile/tables.js'
import { noCeilings, type HeldIn, type SubjectState } from '../request/state.js'
import type { ReadContainers } from '../request/object-fields.js'
import { hasOrgLimit } from '../decide/counting-orgs.js'
import { containersOf } from '../decide/read-fields.js'
import { DecidingSubject } from '../decide/subject.js'
import type { ObjectRef, OptionValue } from '../types.js'
import { combinations, valueIn, type Values } from '../verify/space/settings.js'
import { LayeredRole, narrowOptions } from '../verify/space/told-apart.js'
import type { GrantStep, RoleStep } from './types.js'
import { quoteValue } from '../problems/quote.js'
import { bitsAt } from '../levels.js'

/** The subject without ceilings, except for the lists of organizations that limit it, under the numbers they have. */
export function withoutOtherCeilings(state: SubjectState): SubjectState {
  const ceilings = hasOrgLimit(state.ceilings)
    ? state.ceilings.map(({ orgs }) => ({ scopes: undefined, list: undefined, orgs }))
    : noCeilings
  return { ...fieldsOf(state), ceilings }
}

/** Whether a subject that has no other ceilings than lists of organizations is allowed. */
export function isGranted(state: SubjectState, permission: CompiledPermission, object: ObjectRef): boolean {
  return new DecidingSubject(state).can(permission.action, object)
}

/** The containers that a well-formed object is in, by the number of their kind. */
export function containersOfObject(
  { compiled }: SubjectState,
  permission: CompiledPermission,
  object: ObjectRef
): ReadContainers {
  return containersOf(permission, compiled.catalogue.containers, object) ?? []
}

/** Where a role is held; without either at the site. */
export type Held = Pick<RoleStep, 'org' | 'container'>

/**
 * The states of a subject that holds one role more: one for each combination of unknown settings that matter to the
 * permission; none if the role needs a setting that is not known and has no default.
 *
 * @throws CasemateError `too_many_cases`.
 */
export function withRole(
  state: SubjectState,
  role: CompiledRole,
  place: Held,
  permission: CompiledPermission
): SubjectState[] {
  const known = place.org === undefined ? {} : knownSettings(state, place.org)
  const { orgOptions, shipped } = state.compiled.context
  const open = role.reads.filter((name) => !Object.hasOwn(known, name))
  if (open.some((name) => orgOptions.get(name)?.default === undefined)) return []
  const layered = new LayeredRole(role.name, role.document, [], shipped)
  const asked = narrowOptions(orgOptions, layered.about(permission).asked)
  const about = `role ${quoteValue(role.name)} about ${quoteValue(permission.name)}`
  const telling = open.filter((name) => asked.has(name))
  return combinations(telling, asked, about).map((values) => {
    const settings = { ...known, ...values }
    const read = role.reads.flatMap((name): OptionValue[] => {
      const value = valueIn(settings, name) ?? orgOptions.get(name)?.default
      return value === undefined ? [] : [value]
    })
    return addRoleTable(state, role.under(read), place)
  })
}

/**
 * The state of a subject with one grant more in one of its roles, or in the system subject itself. The grant is of
 * `permission`, and so of what its action implies.
 */
export function withGrant(
  state: SubjectState,
  { level, org, container }: Pick<GrantStep, 'level' | 'org' | 'container'>,
  permission: CompiledPermission
): SubjectState {
  const granted = withImplied(permission)
  const addTo = (table: Uint8Array): void => {
    for (const { index } of granted) table[index] = (table[index] ?? 0) | bitsAt(level).allow
  }
  const table = new Uint8Array(state.compiled.catalogue.permissions.length)
  addTo(table)
  const reachesSite = level === 'site' || level === 'user'
  const none = {
    role: '',
    document: undefined,
    values: [],
    included: [],
    lines: () => emptySet,
    line: () => undefined
  }
  return addRoleTable(state, { ...none, table, addTo, reachesSite }, { org, container })
}

/** The permission and those that it implies on the same objects. */
function withImplied(permission: CompiledPermission): readonly CompiledPermission[] {
  const { action, attributes, definition } = permission
  if (definition.implying.size === 0) return [permission]
  return definition.permissions.filter(
    (one) =>
      one.attributes === attributes &&
      (one.action === action || definition.implying.get(one.action)?.includes(action) === true)
  )
}

function addRoleTable(state: SubjectState, roleTable: RoleTable, { org, container }: Places): SubjectState {
  const { unite, empty } = createUnions<RoleTable>(roleTable.table.length)
  const add = (held: Union<RoleTable>): Union<RoleTable> => unite({ ...held, next: new Map() }, roleTable)
  const addAt = (held: HeldIn, id: string): HeldIn => new Map([...held, [id, add(held.get(id) ?? empty)]])
  const fields = fieldsOf(state)
  if (container !== undefined) {
    const number = state.compiled.catalogue.containers.indexOf(container.kind)
    const changed = addAt(state.containers[number] ?? new Map(), container.id)
    return { ...fields, containers: state.containers.with(number, changed) }
  }
  const site = org === undefined || roleTable.reachesSite ? add(state.site) : state.site
  return org === undefined ? { ...fields, site } : { ...fields, site, orgs: addAt(state.orgs, org) }
}

type Places = { readonly [P in keyof Held]: Held[P] | undefined }

function fieldsOf(state: SubjectState): SubjectState {
  const { compiled, id, system, site, orgs, containers, groups, ceilings } = state
  return { compiled, id, system, site, orgs, containers, groups, ceilings }
}

/** The settings of an organization as far as the roles held there show them: each role table has the values it read. */
function knownSettings(state: SubjectState, org: string): Values {
  const known = new Map<string, OptionValue>()
  for (const roleTable of state.orgs.get(org)?.members ?? []) {
    const role = findRole(state.compiled.roles, roleTable.role, org)
    if (role === undefined || role.document !== roleTable.document) continue
    for (const [index, name] of role.reads.entries()) {
      const value = roleTable.values[index]
      if (value !== undefined) known.set(name, value)
    }
  }
  return Object.fromEntries(known)
}
