// Small policies and edits of them, for differences: whatever a line of a document can say, changed once or twice.
import { parsePolicy } from 'casemate'
import type { PolicyDocument } from '../../src/document/index.js'
import type { OptionDocument, PolicyData, RoleDocument } from '../../src/document/types.js'
import { isCasemateError } from '../../src/errors.js'
import { rollPermissionSet, rollRole, type Catalogue } from '../arbitraries/grants.js'
import { rolled, type Dice } from '../arbitraries/index.js'
import { record } from '../arbitraries/world.js'
import { silent } from './force.js'

/** A valid document and the same one edited, valid too. */
export const edits = rolled(1_000, (dice): { old: PolicyDocument; current: PolicyDocument } => {
  const old = rollDocument(dice)
  let current = old
  for (let count = 1 + dice.below(2); count > 0; count--) current = validOr(current, edit(dice, current))
  return { old: parsePolicy(old), current: parsePolicy(current) }
})

function rollDocument(dice: Dice): PolicyData {
  const resources: Catalogue = record(dice.some(['doc', 'log'], 1, 2), () => ({
    acl: dice.chance(25),
    org: dice.pick(['optional', 'optional', 'required', 'never'] as const),
    actions: record(dice.some(['read', 'update'], 1, 2), () => '')
  }))
  const hasOptions = dice.chance(35)
  const hasSettings = dice.chance(35)
  const shape: PolicyData = {
    name: 'small',
    resources,
    ...(hasOptions ? { options: { mode: rollOption(dice) } } : {}),
    ...(hasSettings ? { orgOptions: { plan: rollOption(dice) } } : {})
  }
  return {
    ...shape,
    roles: {
      ...record(dice.some(['s1', 's2'], 1, 2), () => rollRoleOf(dice, shape, 'site')),
      ...record(dice.some(['r1', 'r2'], 1, 2), () => rollRoleOf(dice, shape, 'org')),
      [silent]: { kind: 'org' }
    },
    systemSubjects: { cron: { id: 'u1', grants: { site: { allow: rollPermissionSet(dice, resources) } } } },
    scopes: { some: { allow: rollPermissionSet(dice, resources) }, every: { allow: { '*': '*' } } },
    scopeTemplates: { key: rollTemplate(dice, resources) }
  }
}

function rollOption(dice: Dice): OptionDocument {
  return { values: [true, false], ...(dice.chance(60) ? { default: dice.chance(50) } : {}) }
}

function rollRoleOf(
  dice: Dice,
  { resources, options = {}, orgOptions = {} }: PolicyData,
  kind: 'site' | 'org'
): RoleDocument {
  if (kind === 'site') return rollRole(dice, resources, 'site', ['site', 'user'], options)
  const levels = dice.chance(40)
    ? (['org', 'orgMember', 'site', 'user'] as const)
    : (['org', 'orgMember'] as const)
  return rollRole(dice, resources, 'org', levels, { ...options, ...orgOptions })
}

function rollTemplate(dice: Dice, resources: Catalogue): NonNullable<PolicyData['scopeTemplates']>[string] {
  const [type = 'doc'] = Object.keys(resources)
  const entries = dice.some([`${type}:{id}`, `${type}:{more}`, `${type}:*`, '*:{id}'], 0, 2)
  return {
    params: { id: 'required', more: 'optional', all: 'flag' },
    allow: rollPermissionSet(dice, resources),
    variants: [{ when: { all: true }, allow: rollPermissionSet(dice, resources) }],
    ...(dice.chance(60) ? { allowList: entries } : {})
  }
}

/** An edit that would make the document invalid is none. */
export function validOr(before: PolicyData, after: PolicyData): PolicyData {
  try {
    parsePolicy(after)
    return after
  } catch (error) {
    if (isCasemateError(error)) return before
    throw error
  }
}

function edit(dice: Dice, shape: PolicyData): PolicyData {
  const { resources, roles = {}, scopeTemplates = {} } = shape
  const name = dice.pick(Object.keys(roles).filter((role) => role !== silent))
  const role: RoleDocument = roles[name] ?? { kind: 'site' }
  const [type = 'doc'] = dice.some(Object.keys(resources), 1, 1)
  const resource = resources[type] ?? { actions: {} }
  const withRole = (document: RoleDocument): PolicyData => ({
    ...shape,
    roles: { ...roles, [name]: document }
  })
  const withResource = (change: object): PolicyData => ({
    ...shape,
    resources: { ...resources, [type]: { ...resource, ...change } }
  })
  const level = dice.pick(
    role.kind === 'site' ? (['site', 'user'] as const) : (['org', 'orgMember', 'site'] as const)
  )
  const effect = dice.pick(['deny', 'allow'] as const)
  const kinds: readonly (() => PolicyData)[] = [
    // One line more, most often a deny.
    () =>
      withRole({
        ...role,
        grants: {
          ...role.grants,
          [level]: {
            ...role.grants?.[level],
            [effect]: { ...role.grants?.[level]?.[effect], [type]: dice.pick(['*', ['read']] as const) }
          }
        }
      }),
    () => withRole({ ...role, grants: { ...role.grants, [level]: {} } }),
    () => withRole(rollRoleOf(dice, shape, role.kind === 'site' ? 'site' : 'org')),
    () => ({
      ...shape,
      roles: {
        ...roles,
        [role.kind === 'site' ? 's3' : 'r3']: rollRoleOf(dice, shape, role.kind === 'site' ? 'site' : 'org')
      }
    }),
    () => ({
      ...shape,
      roles: Object.fromEntries(Object.entries(roles).filter(([other]) => other !== name))
    }),
    () => withResource({ org: dice.pick(['optional', 'required', 'never'] as const) }),
    () => withResource({ acl: resource.acl !== true }),
    () => withResource({ actions: { ...resource.actions, share: '' } }),
    () => withResource({ actions: { read: '' } }),
    () => ({ ...shape, resources: { ...resources, team: { acl: dice.chance(50), actions: { read: '' } } } }),
    () => ({ ...shape, scopes: { ...shape.scopes, some: { allow: rollPermissionSet(dice, resources) } } }),
    () => ({ ...shape, scopes: { ...shape.scopes, other: { allow: rollPermissionSet(dice, resources) } } }),
    () => ({ ...shape, scopeTemplates: { ...scopeTemplates, key: rollTemplate(dice, resources) } }),
    () => ({
      ...shape,
      systemSubjects: {
        [dice.pick(['cron', 'purge'])]: {
          ...(dice.chance(50) ? { id: 'u1' } : {}),
          grants: { site: { allow: rollPermissionSet(dice, resources) } }
        }
      }
    }),
    () => (shape.orgOptions === undefined ? shape : { ...shape, orgOptions: { plan: rollOption(dice) } }),
    () => (shape.options === undefined ? shape : { ...shape, options: { mode: rollOption(dice) } })
  ]
  // One line of one role, most of all: that is what shows in combinations alone.
  const lines = Array.from({ length: 8 }, () => kinds.slice(0, 1)).flat()
  return dice.pick([...kinds, ...kinds.slice(0, 4), ...lines])()
}
