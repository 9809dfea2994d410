// The page of resources: each resource, its actions, and who may do them, in a table that is proved over every class of
// objects.
import { compareNames } from '../../problems/names.js'
import { partsOf } from '../../compile/permission-set.js'
import type { Policy, ResourceInfo } from '../../policy/types/index.js'
import type { ResourceDocument } from '../../document/types.js'
import { listContainers, sortByName } from '../names.js'
import type { Access, Who } from './access.js'
import { partText } from './grants.js'
import type { Size } from './size.js'
import {
  cellCode,
  cellCodes,
  code,
  codes,
  heading,
  page,
  prose,
  sentence,
  table,
  type Block
} from './markdown.js'

const reading = [
  '- `yes` is every object that there can be, `no` is none.',
  '- `own` is what the subject owns outside any organization, `no org` is everything outside any.',
  '- `own org` is everything in an organization in which the role is held; `own, own org` is what the subject owns there.',
  '- Several of these stand beside each other with a `;` between them.'
]

export function resourcesPage(policy: Policy, access: Access, size: Size, generated: string): string {
  return page([
    '# Resources',
    generated,
    'What there is, what can be done with it, and how far each role and each service of the application reaches by' +
      ' itself. Who is not in a table may do nothing there. Several roles held together can reach further than each,' +
      ' and what one of them denies can take away what another allows. What was shared by name, and what the scopes' +
      ' of a key leave of all this, is not in the tables.',
    [...reading, ...listContainers(policy).map(containerReading)],
    ...sortByName(policy.resources.list()).flatMap((resource) =>
      resourceSection(access, size, resource, policy.document.resources[resource.name])
    )
  ])
}

function containerReading(name: string): string {
  return `- \`own ${name}\` is everything in a ${name} in which the role is held, \`no ${name}\` everything in none.`
}

function resourceSection(
  access: Access,
  size: Size,
  resource: ResourceInfo,
  document?: ResourceDocument
): Block[] {
  const { name, description, actions } = resource
  const rows = actions.map((action) => [
    cellCode(action.name),
    [prose(action.description), impliedText(document?.implies?.[action.name])].filter(Boolean).join('; ')
  ])
  return [
    heading(name),
    sentence(description),
    placement(resource),
    attributeLines(document),
    sharingLines(document),
    rows.length === 0 ? 'Nothing can be done with it.' : table(['Action', 'What it is'], rows),
    accessTable(access, size, resource)
  ]
}

function placement({ org, in: containers, acl }: ResourceInfo): string {
  const places = [
    { optional: '', required: 'Always in an organization.', never: 'Never in an organization.' }[org],
    // Where a policy has containers, a resource is in none of them unless it says so.
    ...Object.entries(containers).map(
      ([name, where]) =>
        ({ optional: `May be in a ${name}.`, required: `Always in a ${name}.`, never: '' })[where]
    )
  ]
  return [...places, acl ? 'Can be shared by name.' : ''].filter((text) => text !== '').join(' ')
}

function impliedText(implied: readonly string[] | undefined): string {
  return implied === undefined || implied.length === 0 ? '' : `also allows ${cellCodes(implied)}`
}

function attributeLines({ attributes = {} }: Partial<ResourceDocument> = {}): string[] {
  return Object.entries(attributes).map(([name, { values, default: usual, description }]) => {
    const rest = usual === undefined ? 'always given' : `${code(String(usual))} where it is not given`
    const said = description === undefined ? '' : `. ${prose(description)}`
    return `- ${code(name)} is ${codes(values.map(String))}; ${rest}${said}`
  })
}

function sharingLines({ acl }: Partial<ResourceDocument> = {}): string[] {
  if (typeof acl !== 'object') return []
  const { levels = {}, members, requires, overridesDeny } = acl
  return [
    ...Object.entries(levels).map(
      ([name, list]) => `- Shared as ${code(name)}: ${partsOf(list).map(partText).join('; ')}`
    ),
    ...(members === true ? ['- Sharing with a person counts for members of its organization.'] : []),
    ...(requires === undefined ? [] : [`- Sharing counts for those whose roles allow ${code(requires)}.`]),
    ...(overridesDeny === false ? ['- Sharing does not get around what a role denies.'] : [])
  ]
}

function accessTable(access: Access, size: Size, { name, actions }: ResourceInfo): string[] {
  const reaches = actions.map((action) => access.reachOf(`${name}:${action.name}`))
  const reached = access.everybody.flatMap((who): [string, readonly string[]][] => {
    const cells = reaches.map((reach) => reach(who))
    if (cells.every((cell) => cell === 'no')) return []
    size.add(cells.length)
    return [[rowName(who), cells]]
  })
  // Of several custom roles with one name, the first stands for all.
  const rows = new Map([...reached].reverse())
  if (rows.size === 0) return actions.length === 0 ? [] : ['Nobody may do any of this.']
  const header = ['Who', ...actions.map((action) => cellCode(action.name))]
  return table(
    header,
    [...rows].map(([who, cells]) => [who, ...cells]).sort(([a = ''], [b = '']) => compareNames(a, b))
  )
}

/** A role that reads a setting without default has a row for each of its values. */
function rowName({ name, settings }: Who): string {
  const values = Object.entries(settings).map(([option, value]) => `${option} = ${String(value)}`)
  return values.length === 0 ? cellCode(name) : `${cellCode(name)} (${cellCodes(values)})`
}
