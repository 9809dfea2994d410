// Subjects with one role or grant more. Settings of an organization that the subject's roles do not show are not
// guessed: a role that reads them gives one state for each value, and helps only if it helps in all of them.
import { findRole } from '../compile/role-index.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import type { RoleTable, CompiledRole } from '../compile/roles.js'
import { emptySet } from '../compile/permission-set.js'
import { createUnions, type Union } from '../compile/tables.js'
import { noCeilings, type SubjectState } from '../request/state.js'
import { DecidingSubject } from '../decide/subject.js'
import type { ObjectRef, OptionValue } from '../types.js'
import { combinations, valueIn, type Values } from '../verify/space/settings.js'
import { LayeredRole, narrowOptions } from '../verify/space/told-apart.js'
import type { GrantStep } from './types.js'
import { quoteValue } from '../problems/quote.js'
import { levelBits } from '../levels.js'

/** Whether a role or an ACL entry allows, whatever the ceilings say. */
export function isGranted(state: SubjectState, permission: CompiledPermission, object: ObjectRef): boolean {
  return new DecidingSubject({ ...fieldsOf(state), ceilings: noCeilings }).can(permission, object)
}

/**
 * The states of a subject that holds one role more: one for each combination of unknown settings that matter to the
 * permission; none if the role needs a setting that is not known and has no default.
 *
 * @throws CasemateError `too_many_cases`.
 */
export function withRole(
  state: SubjectState,
  role: CompiledRole,
  org: string | undefined,
  permission: CompiledPermission
): SubjectState[] {
  const known = org === undefined ? {} : knownSettings(state, org)
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
    return addRoleTable(state, role.under(read), org)
  })
}

/** The state of a subject with one grant more in one of its roles, or in the system subject itself. */
export function withGrant(
  state: SubjectState,
  { level, org }: GrantStep,
  permission: CompiledPermission
): SubjectState {
  const addTo = (table: Uint8Array): void => {
    table[permission.index] = (table[permission.index] ?? 0) | levelBits[level].allow
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
  return addRoleTable(state, { ...none, table, addTo, reachesSite }, org)
}

function addRoleTable(state: SubjectState, roleTable: RoleTable, org: string | undefined): SubjectState {
  const { unite, empty } = createUnions<RoleTable>(roleTable.table.length)
  const add = (held: Union<RoleTable>): Union<RoleTable> => unite({ ...held, next: new Map() }, roleTable)
  const site = org === undefined || roleTable.reachesSite ? add(state.site) : state.site
  if (org === undefined) return { ...fieldsOf(state), site }
  return {
    ...fieldsOf(state),
    site,
    orgs: new Map([...state.orgs, [org, add(state.orgs.get(org) ?? empty)]])
  }
}

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
