// The pages of roles and of services: what each is, what its own grants are and which it has from the wildcard, whose
// power it includes, and who gives it.
import type { Policy, RoleInfo } from '../../api/index.js'
import type { Grants, PermissionSet, RoleVariant } from '../../document/types.js'
import { compareNames, listRoles, sortByName } from '../names.js'
import type { Access } from './access.js'
import { effects, grantTables, levels } from './grants.js'
import { includedRoles } from './includes.js'
import { cellCode, cellCodes, code, codes, heading, page, sentence, table, type Block } from './markdown.js'

export function rolesPage(policy: Policy, access: Access, generated: string): string {
  const included = includedRoles(policy, access)
  return page([
    '# Roles',
    generated,
    'What a role gives to whoever holds it. In a table, `its own line` says that the policy names the resource, and' +
      ' `everything else` that the role has it with all resources that it does not name.',
    ...delegation(policy),
    ...listRoles(policy).flatMap((role) => roleSection(policy, role, included.get(role.name) ?? []))
  ])
}

export function servicesPage(policy: Policy, generated: string): string {
  const services = Object.entries(policy.document.systemSubjects ?? {})
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
        ...grantTables(policy, document.grants ?? {})
      ]
    )
  ])
}

function delegation({ document }: Policy): string[] {
  const { site, org } = document.assignPermissions ?? {}
  return [
    ...(site === undefined ? [] : [`To give a role of the site also takes ${code(site)}.`]),
    ...(org === undefined ? [] : [`To give a role of an organization also takes ${code(org)} there.`])
  ]
}

function roleSection(policy: Policy, role: RoleInfo, included: readonly string[]): Block[] {
  const { name, kind, title, description, isAssignable, document } = role
  return [
    heading(name, title),
    sentence(description),
    kind === 'site' ? 'Held everywhere.' : 'Held in one organization.',
    isAssignable ? line('Assigned by', assigners(policy, role)) : 'Given by code alone.',
    line('Assigns', document.assigns),
    line('Includes everything that these roles hold', included),
    ...grantTables(policy, document.grants ?? {}),
    ...(document.variants ?? []).flatMap(variantSection)
  ]
}

function line(what: string, names: readonly string[] | undefined): string {
  return names === undefined || names.length === 0 ? '' : `${what}: ${codes([...names].sort(compareNames))}.`
}

/** Who names the role in `assigns`; a role held in an organization gives none of the site. */
function assigners({ document }: Policy, { name, kind }: RoleInfo): string[] {
  const names = (assigns: readonly string[] = []): boolean => assigns.includes(name) || assigns.includes('*')
  return [
    ...Object.entries(document.roles ?? {})
      .filter(([, giver]) => names(giver.assigns) && (giver.kind === 'site' || kind === 'org'))
      .map(([giver]) => giver),
    ...Object.entries(document.systemSubjects ?? {})
      .filter(([, giver]) => names(giver.assigns))
      .map(([giver]) => `system:${giver}`)
  ]
}

function variantSection({ when, grants }: RoleVariant): Block[] {
  const settings = Object.entries(when).map(([option, value]) => `${code(option)} is ${code(String(value))}`)
  return [`Where ${settings.join(' and ')}, instead of the lines above:`, variantTable(grants)]
}

/** The lines that a variant replaces, a resource without actions too: it loses those that it had. */
function variantTable(grants: Grants): string[] {
  const rows = levels.flatMap(([level, reach]) =>
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
    if (list === '*') return { name, actions: 'everything' }
    if ('except' in list) return { name, actions: `everything but ${cellCodes(list.except)}` }
    return { name, actions: list.length === 0 ? 'nothing' : cellCodes(list) }
  })
}
