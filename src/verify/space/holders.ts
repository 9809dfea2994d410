// Subjects that hold a given set of roles, as request data: site roles at the site, organization roles together in one
// organization, the roles of a container together in one container. For a setting without default there is one subject
// for each of its values.
import type { CompiledPolicy } from '../../compile/compile.js'
import type { CompiledRole } from '../../compile/roles.js'
import type { UserData } from './requests.js'
import { orgsOf, roleData, type HeldRole } from './role-set.js'
import { combinations, type Values } from './settings.js'

export interface Holding {
  /** Where organization roles are held; a custom one always where it belongs. By default `o1`, or that place. */
  readonly orgs?: readonly string[] | undefined
  /** Likewise by container; by default `project1` for a container `project`. */
  readonly containers?: ReadonlyMap<string, readonly string[]> | undefined
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
  { orgs, containers, settings = {} }: Holding = {}
): RoleHolder[] {
  const wherever = (kind: string): readonly string[] => {
    const given = kind === 'org' ? orgs : containers?.get(kind)
    if (given !== undefined) return given
    const places = roles.flatMap((role) => (role.kind === kind ? (role.place ?? []) : []))
    return places.length > 0 ? [...new Set(places)] : [kind === 'org' ? 'o1' : `${kind}1`]
  }
  const members = roles.flatMap((role): HeldRole<CompiledRole>[] => {
    const { kind, place } = role
    const ids = kind === 'site' ? [] : wherever(kind)
    if (ids.length === 0) return [{ roleCase: role, place: undefined }]
    return (place === undefined ? ids : [place]).map((id) => ({ roleCase: role, place: { kind, id } }))
  })
  const held = members.map(({ roleCase, place }) => roleData(roleCase.name, place))
  const heldIn = new Set(orgsOf(members))
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
