// Subjects that hold a given set of roles, as request data: site roles at the site, organization roles together in one
// organization. For a setting without default there is one subject for each of its values.
import type { CompiledPolicy } from '../../compile/compile.js'
import type { CompiledRole } from '../../compile/roles.js'
import type { RoleData, UserData } from './requests.js'
import { combinations, type Values } from './settings.js'

export interface Holding {
  /** Where organization roles are held; a custom one always where it belongs. By default `o1`, or that place. */
  readonly orgs?: readonly string[] | undefined
  /** Settings of each of these organizations. */
  readonly settings?: Values | undefined
}

/** A subject that holds roles; `open` has the values of its settings without default. */
export interface RoleHolder {
  readonly data: UserData
  readonly open: Values
}

/** The subjects that hold exactly these roles; more than one where a role reads a setting without default. */
export function holdersOf(
  compiled: CompiledPolicy,
  roles: readonly CompiledRole[],
  { orgs, settings = {} }: Holding = {}
): RoleHolder[] {
  const places = [...new Set(roles.flatMap(({ place }) => place ?? []))]
  const where = orgs ?? (places.length > 0 ? places : ['o1'])
  const held = roles.flatMap((role): RoleData[] => {
    if (role.kind === 'site' || where.length === 0) return [role.name]
    return (role.place === undefined ? where : [role.place]).map((org) => ({ role: role.name, org }))
  })
  const heldIn = new Set(held.flatMap((role) => (typeof role === 'string' ? [] : [role.org])))
  return openSettings(compiled, roles, settings).map((open) => {
    const values = { ...settings, ...open }
    const hasSettings = Object.keys(values).length > 0 && heldIn.size > 0
    const orgOptions = Object.fromEntries([...heldIn].map((org) => [org, values]))
    return { data: { id: 'u1', roles: held, ...(hasSettings ? { orgOptions } : {}) }, open }
  })
}

/** Every combination of the settings that the roles read, that are not given and that have no default. */
function openSettings(compiled: CompiledPolicy, roles: readonly CompiledRole[], given: Values): Values[] {
  const { orgOptions } = compiled.context
  const read = roles.flatMap(({ reads }) => reads)
  const isOpen = (name: string): boolean =>
    !Object.hasOwn(given, name) && orgOptions.get(name)?.default === undefined
  return combinations(new Set(read.filter(isOpen)), orgOptions)
}
