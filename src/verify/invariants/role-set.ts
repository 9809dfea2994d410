// The role sets of one policy: as a subject's state, as request data, and how far they are from the defaults.
import { requiredFor, type CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import type { RoleTable } from '../../compile/roles.js'
import { createUnions } from '../../compile/tables.js'
import type { DecidingSubject } from '../../decide/subject.js'
import type { ScopeCase } from '../space/ceilings.js'
import type { SubjectData } from '../space/requests.js'
import type { RoleCase } from '../space/role-cases.js'
import {
  placeKey,
  roleSetData,
  settingsByOrg,
  uniteVotes,
  userWith,
  type RoleSet,
  type WantedSetting
} from '../space/role-set.js'
import { valueIn, type Values } from '../space/settings.js'

/**
 * Everything in a role set that decides about a permission: each role's votes on it and on what an ACL entry for it
 * requires, where it is held, and repeats.
 */
export function votesKey(roleSet: RoleSet<RoleCase>, permission: CompiledPermission): string {
  const { index } = permission
  const required = requiredFor(permission)?.index ?? index
  return roleSet
    .map(({ roleCase: { roleTable }, place }) => {
      const first = roleSet.findIndex((other) => other.roleCase.roleTable === roleTable)
      const votes = `${roleTable.table[index] ?? 0}:${roleTable.table[required] ?? 0}`
      return `${votes}:${placeKey(place)}:${first}`
    })
    .join('|')
}

export function subjectWith(
  compiled: CompiledPolicy,
  roleSet: RoleSet<RoleCase>,
  { ceilings }: ScopeCase
): DecidingSubject {
  const unions = createUnions<RoleTable>(compiled.catalogue.permissions.length)
  return userWith(
    compiled,
    uniteVotes(roleSet, ({ roleTable }) => roleTable, unions, compiled.catalogue.containers),
    ceilings
  )
}

/** The deployment's options that the roles of a role set read; its role tables agree on them. */
export function optionsOf(roleSet: RoleSet<RoleCase>): Values {
  return Object.fromEntries(roleSet.flatMap(({ roleCase }) => Object.entries(roleCase.options)))
}

export function dataOf(
  compiled: CompiledPolicy,
  roleSet: RoleSet<RoleCase>,
  { scopes }: ScopeCase
): SubjectData {
  return {
    ...roleSetData(roleSet, ({ role }) => role.name, settingsOf(compiled, roleSet)),
    ...(scopes === undefined ? {} : { scopes })
  }
}

/** How many options and settings of a role set are not at their default. */
export function deviationsOf(compiled: CompiledPolicy, roleSet: RoleSet<RoleCase>): number {
  const isPlain = ({ role, options }: RoleCase): boolean =>
    role.reads.length === 0 && Object.keys(options).length === 0
  if (roleSet.every(({ roleCase }) => isPlain(roleCase))) return 0
  const options = Object.entries(optionsOf(roleSet)).filter(
    ([name, value]) => compiled.options.get(name) !== value
  )
  const settings = [...settingsOf(compiled, roleSet).values()].flatMap((values) => Object.keys(values))
  return options.length + settings.length
}

/** The settings that a request has to give for each organization: those that differ from their default or have none. */
function settingsOf(
  { context: { orgOptions } }: CompiledPolicy,
  roleSet: RoleSet<RoleCase>
): ReadonlyMap<string, Values> {
  const wanted = roleSet.flatMap(({ roleCase: { role, settings }, place }) =>
    place?.kind !== 'org'
      ? []
      : role.reads.map((name): WantedSetting => {
          const value = valueIn(settings, name)
          return [place.id, name, value === orgOptions.get(name)?.default ? undefined : value]
        })
  )
  return settingsByOrg(wanted, orgOptions)
}
