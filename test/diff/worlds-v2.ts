// Small policies with containers, attributes, included roles, implied actions and ACL settings, and edits of them.
import { parsePolicy } from 'casemate'
import type { PolicyDocument } from '../../src/document/index.js'
import type { AclDocument, PolicyData, ResourceDocument, RoleDocument } from '../../src/document/types.js'
import { rollPermissionSet, rollRole } from '../arbitraries/grants.js'
import { rollIncludes } from '../arbitraries/includes.js'
import { rolled, type Dice } from '../arbitraries/index.js'
import { record } from '../arbitraries/world.js'
import type { OrgPlacement } from '../../src/types.js'
import { silent, silentIn } from './force.js'
import { validOr } from './worlds.js'

/** A valid document and the same one edited, valid too. */
export const editsV2 = rolled(1_400, (dice): { old: PolicyDocument; current: PolicyDocument } => {
  const old = rollDocument(dice)
  let current = old
  for (let count = 1 + dice.below(2); count > 0; count--) current = validOr(current, edit(dice, current))
  return { old: parsePolicy(old), current: parsePolicy(current) }
})

function rollDocument(dice: Dice): PolicyData {
  const isTwofold = dice.chance(8)
  const containers = isTwofold ? ['project', 'team'] : dice.chance(85) ? ['project'] : []
  const hasAttributes = dice.chance(60)
  const resources = {
    doc: rollResource(dice, containers, hasAttributes),
    ...(dice.chance(20) ? { log: { actions: { read: '' } } } : {})
  }
  const hasOptions = !isTwofold && dice.chance(15)
  const shape: PolicyData = {
    name: 'small',
    ...(containers.length === 0 ? {} : { containers: containers.map((name) => ({ name })) }),
    resources,
    ...(hasOptions ? { options: { mode: { values: [true, false], default: true } } } : {})
  }
  const most = isTwofold ? 1 : 2
  const roles = rollIncludes(dice, {
    ...record(['s1'], () => rollRoleOf(dice, shape, 'site')),
    ...record(dice.some(['r1', 'r2'], 1, hasOptions ? 1 : most), () => rollRoleOf(dice, shape, 'org')),
    ...(containers.includes('project')
      ? record(dice.some(['p1', 'p2'], 1, most), () => rollRoleOf(dice, shape, 'project'))
      : {}),
    ...(isTwofold ? record(['t1'], () => rollRoleOf(dice, shape, 'team')) : {})
  })
  return {
    ...shape,
    roles: {
      ...roles,
      [silent]: { kind: 'org' },
      ...Object.fromEntries(containers.map((kind) => [silentIn(kind), { kind }]))
    },
    ...(dice.chance(30)
      ? {
          systemSubjects: {
            cron: { id: 'u1', grants: { site: { allow: rollPermissionSet(dice, resources) } } }
          }
        }
      : {}),
    scopes: { some: { allow: rollPermissionSet(dice, resources) }, every: { allow: { '*': '*' } } }
  }
}

function rollResource(dice: Dice, containers: readonly string[], hasAttributes: boolean): ResourceDocument {
  const resource: ResourceDocument = {
    org: dice.pick<OrgPlacement>(['optional', 'optional', 'required', 'never']),
    ...(containers.length === 0 ? {} : { in: record(containers, () => rollPlacement(dice)) }),
    ...(hasAttributes ? { attributes: rollAttributes(dice) } : {}),
    actions: { read: '', update: '' },
    ...(dice.chance(40) ? { implies: { update: ['read'] } } : {})
  }
  return { ...resource, acl: rollAcl(dice) }
}

function rollPlacement(dice: Dice): OrgPlacement {
  return dice.pick<OrgPlacement>(['optional', 'optional', 'optional', 'required', 'never'])
}

function rollAttributes(dice: Dice): NonNullable<ResourceDocument['attributes']> {
  const usual = dice.pick([{ default: 'draft' }, {}, { default: 'published' }])
  return {
    status: { values: ['draft', 'published'], ...usual },
    ...(dice.chance(20) ? { tier: { values: ['low', 'mid', 'high'], default: 'low' } } : {})
  }
}

function rollAcl(dice: Dice): boolean | AclDocument {
  if (dice.chance(45)) return dice.chance(50)
  return {
    ...(dice.chance(40) ? { members: true } : {}),
    ...(dice.chance(50) ? { requires: dice.pick(['read', 'update']) } : {}),
    ...(dice.chance(40) ? { overridesDeny: false } : {}),
    ...(dice.chance(30) ? { levels: { viewer: ['read'] } } : {})
  }
}

function levelsOf(dice: Dice, kind: string): readonly string[] {
  if (kind === 'site') return ['site', 'user']
  if (kind !== 'org') return [kind, `${kind}Member`]
  return dice.chance(25) ? ['org', 'orgMember', 'site', 'user'] : ['org', 'orgMember']
}

function rollRoleOf(dice: Dice, { resources, options = {} }: PolicyData, kind: string): RoleDocument {
  return rollRole(dice, resources, kind, levelsOf(dice, kind), options)
}

function edit(dice: Dice, shape: PolicyData): PolicyData {
  const { resources, roles = {}, containers = [] } = shape
  const names = Object.keys(roles).filter((name) => !name.startsWith(silent))
  const name = dice.pick(names)
  const role: RoleDocument = roles[name] ?? { kind: 'site' }
  const doc: ResourceDocument = resources['doc'] ?? { actions: {} }
  const withRole = (document: RoleDocument): PolicyData => ({
    ...shape,
    roles: { ...roles, [name]: document }
  })
  const withDoc = (change: object): PolicyData => ({
    ...shape,
    resources: { ...resources, doc: { ...doc, ...change } }
  })
  const level = dice.pick(levelsOf(dice, role.kind))
  const effect = dice.pick(['deny', 'allow'] as const)
  const line = (): PolicyData => {
    const set = rollPermissionSet(dice, { doc }, level, effect)
    const more = Object.keys(set).length === 0 ? { doc: ['read'] } : set
    return withRole({
      ...role,
      grants: {
        ...role.grants,
        [level]: { ...role.grants?.[level], [effect]: { ...role.grants?.[level]?.[effect], ...more } }
      }
    })
  }
  const likes = names.filter((other) => other !== name && roles[other]?.kind === role.kind)
  const kinds: readonly (() => PolicyData)[] = [
    line,
    () => withRole({ ...role, grants: { ...role.grants, [level]: {} } }),
    () => withDoc({ acl: rollAcl(dice) }),
    () => withRole({ ...role, includes: dice.some(likes, 0, 2) }),
    () => withRole(rollRoleOf(dice, shape, role.kind)),
    () =>
      withDoc({ implies: dice.chance(50) ? {} : dice.pick([{ update: ['read'] }, { read: ['update'] }]) }),
    () => withDoc({ attributes: dice.chance(25) ? {} : rollAttributes(dice) }),
    () =>
      withDoc({
        in: record(
          containers.map((one) => one.name),
          () => rollPlacement(dice)
        )
      }),
    () => withDoc({ org: dice.pick(['optional', 'required', 'never'] as const) }),
    () => ({ ...shape, containers: containers.toReversed() }),
    () => ({
      ...shape,
      roles: Object.fromEntries(Object.entries(roles).filter(([other]) => other !== name))
    }),
    () => ({ ...shape, scopes: { ...shape.scopes, some: { allow: rollPermissionSet(dice, resources) } } }),
    () => {
      const { [name]: old, ...others } = roles
      return {
        ...shape,
        roles: old === undefined ? roles : { ...others, [`${name}x`]: rollRoleOf(dice, shape, old.kind) }
      }
    },
    // A container that is gone, with all that names it.
    () => {
      const { containers: gone, ...rest } = shape
      return {
        ...rest,
        resources: { ...resources, doc: { ...doc, in: {} } },
        roles: Object.fromEntries(
          Object.entries(roles).filter(([, one]) => gone?.some((kind) => kind.name === one.kind) !== true)
        )
      }
    }
  ]
  return dice.pick([...kinds, line, line, line, line, ...kinds.slice(1, 4)])()
}

/** Policies whose ACL entries depend on what roles allow and deny, with one line or one setting changed. */
export const sharedEdits = rolled(300, (dice): { old: PolicyDocument; current: PolicyDocument } => {
  const containers = dice.chance(40) ? ['project'] : []
  const kinds = ['site', 'org', 'org', ...containers]
  const roles = kinds.map((kind, number): [string, RoleDocument] => [`x${number}`, rollNarrow(dice, kind)])
  const old: PolicyData = {
    name: 'small',
    ...(containers.length === 0 ? {} : { containers: containers.map((name) => ({ name })) }),
    resources: {
      doc: {
        in: Object.fromEntries(containers.map((name) => [name, 'optional'])),
        acl: rollNarrowing(dice),
        actions: { read: '', use: '' }
      }
    },
    roles: {
      ...Object.fromEntries(roles),
      ...(dice.chance(70) ? { [silent]: { kind: 'org' } } : {}),
      ...Object.fromEntries(containers.map((kind) => [silentIn(kind), { kind }]))
    }
  }
  const [name, { kind }] = dice.pick(roles)
  const doc = old.resources['doc'] ?? { actions: {} }
  const current: PolicyData = dice.chance(55)
    ? { ...old, roles: { ...old.roles, [name]: rollNarrow(dice, kind) } }
    : { ...old, resources: { doc: { ...doc, acl: dice.chance(15) ? true : rollNarrowing(dice) } } }
  return { old: parsePolicy(old), current: parsePolicy(validOr(old, current)) }
})

function rollNarrowing(dice: Dice): AclDocument {
  return {
    ...(dice.chance(35) ? { members: true } : {}),
    ...(dice.chance(75) ? { requires: 'use' } : {}),
    ...(dice.chance(40) ? { overridesDeny: false } : {})
  }
}

function rollNarrow(dice: Dice, kind: string): RoleDocument {
  const levels = levelsOf(dice, kind)
  const grants = dice.some(levels, 1, dice.chance(25) ? 2 : 1).map((level) => {
    const lines = dice
      .some(['allow read', 'allow use', 'deny read', 'deny use'], 1, 2)
      .map((line) => line.split(' '))
    const list = (effect: string): string[] =>
      lines.flatMap(([what, action = '']) => (what === effect ? [action] : []))
    return [level, { allow: { doc: list('allow') }, deny: { doc: list('deny') } }] as const
  })
  return { kind, grants: Object.fromEntries(grants) }
}
