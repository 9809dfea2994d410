// A role set: the roles that one subject holds, in which organizations, under which options and settings. It can be
// turned into a subject's state and into request data, and counts how far it is from the defaults.
import type { RoleCase } from './role-cases.js'
import { createUnions } from '../../compile/tables.js'
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import type { RoleTable } from '../../compile/roles.js'
import { DecidingSubject } from '../../decide/subject.js'
import type { OptionValue } from '../../types.js'
import type { RoleData, SubjectData } from './requests.js'
import { valueIn, type Values } from './settings.js'
import type { ScopeCase } from './ceilings.js'

/** A role and the organization in which it is held. */
export interface HeldRole {
  readonly roleCase: RoleCase
  readonly org: string | undefined
}

export type RoleSet = readonly HeldRole[]

/** Everything in a role set that decides about a permission: each role's votes, where it is held, and repeats. */
export function votesKey(roleSet: RoleSet, { index }: CompiledPermission): string {
  return roleSet
    .map(({ roleCase: { roleTable }, org }) => {
      const first = roleSet.findIndex((other) => other.roleCase.roleTable === roleTable)
      return `${roleTable.table[index] ?? 0}:${org ?? ''}:${first}`
    })
    .join('|')
}

export function subjectWith(
  compiled: CompiledPolicy,
  roleSet: RoleSet,
  { ceilings }: ScopeCase
): DecidingSubject {
  const { unite, empty } = createUnions<RoleTable>(compiled.catalogue.permissions.length)
  let site = empty
  const orgs = new Map<string, typeof site>()
  for (const { roleCase, org } of roleSet) {
    const { roleTable } = roleCase
    if (org === undefined || roleTable.reachesSite) site = unite(site, roleTable)
    if (org !== undefined) orgs.set(org, unite(orgs.get(org) ?? empty, roleTable))
  }
  return new DecidingSubject({
    compiled,
    id: 'u1',
    system: undefined,
    site,
    orgs,
    groups: new Set(),
    ceilings
  })
}

/** The deployment's options that the roles of a role set read; its role tables agree on them. */
export function optionsOf(roleSet: RoleSet): Values {
  return Object.fromEntries(roleSet.flatMap(({ roleCase }) => Object.entries(roleCase.options)))
}

/** The settings that a request has to give for each organization: those that differ from their default or have none. */
function settingsOf(compiled: CompiledPolicy, roleSet: RoleSet): ReadonlyMap<string, Values> {
  const settings = new Map<string, Map<string, OptionValue>>()
  for (const { roleCase, org } of roleSet) {
    if (org === undefined) continue
    const values = settings.get(org) ?? new Map<string, OptionValue>()
    settings.set(org, values)
    for (const name of roleCase.role.reads) {
      const option = compiled.context.orgOptions.get(name)
      const value =
        valueIn(roleCase.settings, name) ?? values.get(name) ?? option?.default ?? option?.values[0]
      if (value !== undefined && value !== option?.default) values.set(name, value)
    }
  }
  const given = [...settings].filter(([, values]) => values.size > 0)
  return new Map(given.map(([org, values]) => [org, Object.fromEntries(values)]))
}

/** How many options and settings of a role set are not at their default. */
export function deviationsOf(compiled: CompiledPolicy, roleSet: RoleSet): number {
  if (roleSet.every(({ roleCase: { role } }) => (role.document.variants ?? []).length === 0)) return 0
  const options = Object.entries(optionsOf(roleSet)).filter(
    ([name, value]) => compiled.options.get(name) !== value
  )
  const settings = [...settingsOf(compiled, roleSet).values()].flatMap((values) => Object.keys(values))
  return options.length + settings.length
}

export function dataOf(compiled: CompiledPolicy, roleSet: RoleSet, { scopes }: ScopeCase): SubjectData {
  const settings = settingsOf(compiled, roleSet)
  const roles = roleSet.map(({ roleCase: { role }, org }): RoleData =>
    org === undefined ? role.name : { role: role.name, org }
  )
  return {
    id: 'u1',
    roles,
    ...(settings.size === 0 ? {} : { orgOptions: Object.fromEntries(settings) }),
    ...(scopes === undefined ? {} : { scopes })
  }
}
