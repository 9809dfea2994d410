// A subject → the request form that makes it again, for records, for work in other processes, and for tests.
import { findRole } from '../compile/role-index.js'
import type { RoleTable } from '../compile/roles.js'
import type { Union } from '../compile/tables.js'
import type { Ceiling } from '../request/ceiling.js'
import { stateOf, type SubjectState } from '../request/state.js'
import type { CeilingInput, OptionValue, RoleHeld } from '../types.js'
import type { Subject } from './types/index.js'

/** A role as a request names it. */
export type RoleData = string | Readonly<Record<string, string>>

/** A subject as data: `parseRequest` of `{ subject, within, action, object }` makes one that answers the same. */
export interface SubjectData {
  /** The subject itself, without ceilings. */
  readonly subject:
    | { readonly system: string }
    | {
        readonly id: string
        readonly roles: readonly RoleData[]
        readonly groups?: readonly string[]
        readonly orgOptions?: Readonly<Record<string, Readonly<Record<string, OptionValue>>>>
      }
  /** Its ceilings, the first one first; absent where it has none. */
  readonly within?: readonly CeilingInput[]
}

/**
 * The request form of a subject, with every ceiling. Plain data of its own. Custom roles are named and not described, so
 * the policy that reads it needs them too.
 */
export function subjectData(subject: Pick<Subject, keyof Subject & symbol>): SubjectData {
  const state = stateOf(subject)
  const within = state.ceilings.map(ceilingData)
  return { subject: whoIs(state), ...(within.length === 0 ? {} : { within }) }
}

/** A role of such data, as a subject is given it. */
export function heldFrom(role: RoleData): RoleHeld {
  return typeof role === 'string' ? role : { ...role, role: role['role'] ?? '' }
}

function whoIs(state: SubjectState): SubjectData['subject'] {
  if (state.system !== undefined) return { system: state.system.name }
  const settings = [...state.orgs].flatMap(([org, held]) => {
    const values = settingsOf(state, org, held)
    return Object.keys(values).length === 0 ? [] : [[org, values] as const]
  })
  return {
    id: state.id,
    roles: rolesOf(state),
    ...(state.groups.size === 0 ? {} : { groups: [...state.groups] }),
    ...(settings.length === 0 ? {} : { orgOptions: Object.fromEntries(settings) })
  }
}

function rolesOf({ compiled, site, orgs, containers }: SubjectState): RoleData[] {
  const heldIn = (key: string, held: ReadonlyMap<string, Union<RoleTable>>): RoleData[] =>
    [...held].flatMap(([place, { members }]) => members.map(({ role }) => ({ role, [key]: place })))
  // Organization roles that reach the site are among its members too.
  const everywhere = site.members.filter(({ document }) => document?.kind === 'site')
  return [
    ...everywhere.map(({ role }) => role),
    ...heldIn('org', orgs),
    ...compiled.catalogue.containers.flatMap((kind, number) => heldIn(kind, containers[number] ?? new Map()))
  ]
}

/** The settings of an organization that the roles held there read, with the values under which they are held. */
function settingsOf(
  { compiled }: SubjectState,
  org: string,
  { members }: Union<RoleTable>
): Readonly<Record<string, OptionValue>> {
  return Object.fromEntries(
    members.flatMap(({ role, values }) => {
      const reads = findRole(compiled.roles, role, org)?.reads ?? []
      return values.map((value, i) => [reads[i] ?? '', value] as const)
    })
  )
}

function ceilingData({ scopes, list, orgs }: Ceiling): CeilingInput {
  return {
    ...(scopes === undefined
      ? {}
      : {
          scopes: [
            ...scopes.named.members.map(({ name }) => name),
            ...scopes.templates.map(({ template, params }) => ({ template, params }))
          ]
        }),
    ...(list === undefined ? {} : { allowList: list.entries }),
    ...(orgs === undefined ? {} : { onlyOrgs: orgs.entries })
  }
}
