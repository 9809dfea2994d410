// Who the rows of a matrix are: every role held alone, roles held together, every service; and each of them once more for
// every other value of a setting that it reads, one setting changed at a time.
import type { CompiledPolicy } from '../compile/compile.js'
import { listRoles } from '../compile/role-index.js'
import { includedRoles, type CompiledRole } from '../compile/roles.js'
import type { Grants, PolicyData } from '../document/types.js'
import { holdersOf } from '../verify/space/holders.js'
import type { SubjectData } from '../verify/space/requests.js'
import { underOptions, type Values } from '../verify/space/settings.js'

/** Somebody that a matrix has a row for. */
export interface Asker {
  /** A role, `role + role`, or `system:NAME`. */
  readonly name: string
  /** The roles, without services. */
  readonly roles: readonly string[]
  /** `site`, `org`, `service`, or the container of a role. */
  readonly kind: string
  /** The role's or the service's title. */
  readonly title: string | undefined
  /** The settings that are not as in the row before; empty for the row itself. */
  readonly settings: Values
  /** Those of them that are the deployment's. */
  readonly options: Values
  /** The policy under these options. */
  readonly compiled: CompiledPolicy
  /** As a request has it. */
  readonly data: SubjectData
}

/** What rows are asked for. */
export interface AskedRows {
  /** Roles that have a row together. */
  readonly together?: readonly (readonly string[])[]
  /** The only resource that is asked about. */
  readonly resource?: string
  /** The name of the only one who is asked about. */
  readonly only?: string
}

/** The names of all who have a row of their own, as `askersOf` has them. */
export function askerNames({ roles = {}, systemSubjects = {} }: PolicyData): string[] {
  return [...Object.keys(roles), ...Object.keys(systemSubjects).map((name) => `system:${name}`)]
}

/**
 * Everybody, in the order of the document: roles, the given sets of roles, services. A name that is no role is left out.
 * Where one resource is asked about, an option of the deployment that no variant about it reads has no rows of its own.
 */
export function askersOf(
  compiled: CompiledPolicy,
  { together = [], resource, only }: AskedRows = {}
): Asker[] {
  const roles = listRoles(compiled.roles)
  const sets = together.flatMap((names) => {
    const held = names.flatMap((name) => roles.find((role) => role.name === name) ?? [])
    return held.length > 1 ? [held] : []
  })
  const isAsked = (name: string): boolean => only === undefined || only === name
  return [
    ...[...roles.map((role) => [role]), ...sets]
      .filter((held) => isAsked(nameOf(held)))
      .flatMap((held) => withSettings(compiled, held, resource)),
    ...[...compiled.systemSubjects]
      .map(([name, { document }]): Asker => ({
        name: `system:${name}`,
        roles: [],
        kind: 'service',
        title: document.title,
        settings: {},
        options: {},
        compiled,
        data: { system: name }
      }))
      .filter(({ name }) => isAsked(name))
  ]
}

function nameOf(roles: readonly CompiledRole[]): string {
  return roles.map(({ name }) => name).join(' + ')
}

function withSettings(
  compiled: CompiledPolicy,
  roles: readonly CompiledRole[],
  resource: string | undefined
): Asker[] {
  const base = {
    name: nameOf(roles),
    roles: roles.map(({ name }) => name),
    kind: [...new Set(roles.map(({ kind }) => kind))].join(' + '),
    title: roles.length === 1 ? roles[0]?.document.title : undefined
  }
  const plain = holdersOf(compiled, roles).map(({ data, open }): Asker => ({
    ...base,
    settings: open,
    options: {},
    compiled,
    data
  }))
  const [first] = plain
  if (first === undefined) return []
  return [
    ...plain,
    ...otherOptions(compiled, roles, resource).flatMap((options): Asker[] => {
      const other = underOptions(compiled, options)
      return [{ ...first, settings: { ...first.settings, ...options }, options, compiled: other }]
    }),
    ...otherOrgOptions(compiled, roles).flatMap((settings): Asker[] =>
      holdersOf(compiled, roles, { settings: { ...first.settings, ...settings } })
        .slice(0, 1)
        .map(({ data }) => ({ ...first, settings: { ...first.settings, ...settings }, data }))
    )
  ]
}

/** Every other value of the deployment's options that the roles read. */
function otherOptions(
  { document, options, context }: CompiledPolicy,
  roles: readonly CompiledRole[],
  resource: string | undefined
): Values[] {
  const read = new Set(
    roles
      .flatMap((role) => [role.document, ...includedRoles(role.document, context.shipped).values()])
      .flatMap(({ variants = [] }) => variants)
      .flatMap(({ when, grants }) => (isAbout(grants, resource) ? Object.keys(when) : []))
  )
  return Object.entries(document.options ?? {}).flatMap(([name, { values }]) =>
    read.has(name)
      ? values
          .filter((value) => value !== options.get(name))
          .map((value) => Object.fromEntries([[name, value]]))
      : []
  )
}

/** Whether grants have a line about a resource: only then does a variant that has them change what it says there. */
function isAbout(grants: Grants, resource: string | undefined): boolean {
  if (resource === undefined) return true
  const sets = Object.values(grants).flatMap((level) => [level?.allow ?? {}, level?.deny ?? {}])
  return sets.some((set) => Object.hasOwn(set, resource) || Object.hasOwn(set, '*'))
}

/** Every other value of the settings of an organization that the roles read; those without default have rows already. */
function otherOrgOptions({ context }: CompiledPolicy, roles: readonly CompiledRole[]): Values[] {
  return [...new Set(roles.flatMap(({ reads }) => reads))].flatMap((name) => {
    const option = context.orgOptions.get(name)
    if (option?.default === undefined) return []
    return option.values
      .filter((value) => value !== option.default)
      .map((value) => Object.fromEntries([[name, value]]))
  })
}
