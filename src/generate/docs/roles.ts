// The pages of roles and of services: what each is, its grants by name and by wildcard, which roles it includes, and
// who assigns it.
import { partsOf } from '../../compile/permission-set.js'
import type { RoleKind } from '../../document/types.js'
import { isWithin } from '../../levels.js'
import { compareNames } from '../../problems/names.js'
import type { Policy, RoleInfo } from '../../policy/types/index.js'
import type { Grants, PermissionSet, RoleVariant } from '../../document/types.js'
import { tooManyCases } from '../../verify/space/settings.js'
import { listContainers, listResources, listRoles, sortByName, type DescribedResource } from '../names.js'
import type { Access } from './access.js'
import { effects, grantTables, levelsOf, partText } from './grants.js'
import { includedRoles, mostNames } from './includes.js'
import { cellCode, code, codes, heading, page, sentence, table, type Block } from './markdown.js'

export function rolesPage(policy: Policy, access: Access, assigners: Assigners, generated: string): string {
  const included = includedRoles(policy, access)
  const resources = listResources(policy)
  const containers = listContainers(policy)
  return page([
    '# Roles',
    generated,
    'What a role gives to whoever holds it. In a table, `its own line` says that the policy names the resource, and' +
      ' `everything else` that the role has it with all resources that it does not name.',
    ...delegation(policy),
    ...listRoles(policy).flatMap((role) =>
      roleSection(resources, containers, role, assigners, included.get(role.name) ?? [])
    )
  ])
}

export function servicesPage(policy: Policy, generated: string): string {
  const services = Object.entries(policy.document.systemSubjects ?? {})
  const resources = listResources(policy)
  return page([
    '# Services',
    generated,
    services.length === 0
      ? 'The policy has no services.'
      : 'Parts of the application that act by themselves. Nobody can be given what they hold.',
    ...sortByName(services.map(([name, document]) => ({ name, document }))).flatMap(
      ({ name, document }): Block[] => [
        heading(`system:${name}`, document.title),
        sentence(document.description),
        document.id === undefined ? '' : `Its id is ${code(document.id)}.`,
        line('Assigns', document.assigns),
        ...grantTables(resources, [], document.grants ?? {})
      ]
    )
  ])
}

function delegation({ document }: Policy): string[] {
  return Object.entries(document.assignPermissions ?? {}).flatMap(([kind, permission]) =>
    permission === undefined
      ? []
      : kind === 'site'
        ? `To give a role of the site also takes ${code(permission)}.`
        : `To give a role of ${kind === 'org' ? 'an organization' : `a ${kind}`} also takes ${code(permission)} there.`
  )
}

function roleSection(
  resources: readonly DescribedResource[],
  containers: readonly string[],
  role: RoleInfo,
  assigners: Assigners,
  included: readonly string[]
): Block[] {
  const { name, kind, title, description, isAssignable, document } = role
  return [
    heading(name, title),
    sentence(description),
    heldIn(kind),
    line('Made of its own grants and those of', document.includes),
    isAssignable ? line('Assigned by', assigners(role)) : 'Given by code alone.',
    line('Assigns', document.assigns),
    line('Includes everything that these roles hold', included),
    ...grantTables(resources, containers, document.grants ?? {}),
    ...(document.variants ?? []).flatMap((variant) => variantSection(variant, containers))
  ]
}

function heldIn(kind: RoleKind): string {
  if (kind === 'site') return 'Held everywhere.'
  return `Held in one ${kind === 'org' ? 'organization' : kind}.`
}

function line(what: string, names: readonly string[] | undefined): string {
  return names === undefined || names.length === 0 ? '' : `${what}: ${codes([...names].sort(compareNames))}.`
}

/** Who may assign a role: a role held in a place cannot assign those of wider places. */
export type Assigners = (role: RoleInfo) => readonly string[]

/** @throws CasemateError `too_many_cases` where there are more than `mostNames` to list. */
export function assignersOf(policy: Policy): Assigners {
  const { document } = policy
  const assigning = [
    ...Object.entries(document.roles ?? {}).map(([name, { kind, assigns }]) => ({ name, kind, assigns })),
    ...Object.entries(document.systemSubjects ?? {}).map(([name, { assigns }]) => ({
      name: `system:${name}`,
      kind: 'site' as const,
      assigns
    }))
  ]
  const naming = new Map<string, { name: string; kind: RoleKind }[]>()
  for (const { name, kind, assigns = [] } of assigning)
    // `*` already covers the roles that are named beside it.
    for (const entry of assigns.includes('*') ? ['*'] : new Set(assigns)) {
      const named = naming.get(entry)
      if (named === undefined) naming.set(entry, [{ name, kind }])
      else named.push({ name, kind })
    }
  const givers = ({ name, kind }: RoleInfo): readonly string[] =>
    [...(naming.get(name) ?? []), ...(naming.get('*') ?? [])].flatMap((giver) =>
      isWithin(kind, giver.kind) ? [giver.name] : []
    )
  let listed = 0
  for (const role of listRoles(policy)) {
    if (role.isAssignable) listed += givers(role).length
    if (listed > mostNames) throw tooManyCases('the pages', [], 'roles that assign one another', mostNames)
  }
  return givers
}

function variantSection({ when, grants }: RoleVariant, containers: readonly string[]): Block[] {
  const settings = Object.entries(when).map(([option, value]) => `${code(option)} is ${code(String(value))}`)
  return [`Where ${settings.join(' and ')}, instead of the lines above:`, variantTable(grants, containers)]
}

/** The lines of a variant; a resource without actions is listed too, because it loses those that it had. */
function variantTable(grants: Grants, containers: readonly string[]): string[] {
  const rows = levelsOf(containers).flatMap(([level, reach]) =>
    effects.flatMap(([effect, verb]) =>
      sortByName(linesOf(grants[level]?.[effect])).map(({ name, actions }) => [
        name === '*' ? 'everything else' : cellCode(name),
        `${verb} ${actions}`,
        reach
      ])
    )
  )
  return table(['Resource', 'Actions', 'To'], rows)
}

function linesOf(set: PermissionSet = {}): { readonly name: string; readonly actions: string }[] {
  return Object.entries(set).map(([name, list]) => {
    return { name, actions: partsOf(list).map(partText).join('; ') }
  })
}
