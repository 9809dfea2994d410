// Small policies with containers, attributes, included roles and ACL settings, and every subject and object that they
// can tell apart, by brute force: for laws of proofs.
import { parsePolicy, type Policy } from 'casemate'
import type { Grants, PolicyData, RoleDocument } from '../../src/document/types.js'
import { rolled, type Dice } from '../arbitraries/index.js'

/** A role and where it is held. */
export interface Held {
  readonly role: string
  readonly kind: string
  readonly id: string | undefined
}

export interface Thing {
  readonly type: string
  readonly owner?: string
  readonly org?: string
  readonly anyOrg?: boolean
  readonly project?: string | readonly string[]
  readonly team?: string
  readonly status?: string
  readonly acl?: { readonly users: Readonly<Record<string, readonly string[]>> }
}

const levels: Readonly<Record<string, readonly string[]>> = {
  site: ['site', 'user'],
  org: ['org', 'orgMember', 'site', 'user'],
  project: ['project', 'projectMember'],
  team: ['team', 'teamMember']
}

function rollLine(dice: Dice): object | string | string[] {
  const actions = dice.chance(30) ? '*' : dice.some(['read', 'update', 'use'], 1, 2)
  return dice.chance(30) ? { actions, where: { status: dice.pick(['draft', 'live']) } } : actions
}

function rollGrants(dice: Dice, kind: string, hasOutside: boolean): Grants {
  const some = (levels[kind] ?? []).filter((level) => hasOutside || level !== 'user')
  const [wide = '', own = wide, ...further] = some
  const among = [wide, wide, own, ...(dice.chance(40) ? further : [])]
  const chosen = [...new Set([dice.pick(among), dice.pick(among)])]
  return Object.fromEntries(
    chosen.map((level) => [level, { [dice.chance(65) ? 'allow' : 'deny']: { doc: rollLine(dice) } }])
  )
}

/** Roles `site1`, `org1`, `project1` and so on, in which a subject can hold few sets. */
export const smallPolicies = rolled(160, (dice): PolicyData => {
  const team = dice.pick(['optional', 'never', 'never'])
  const project = dice.pick(['optional', 'optional', 'required'])
  const org = dice.pick(['optional', 'optional', 'optional', 'required'])
  const hasOutside = project === 'optional' && org === 'optional'
  const kinds = [
    'site',
    'org',
    'project',
    dice.pick(['site', 'org', 'project', ...(team === 'optional' ? ['team', 'team'] : [])])
  ]
  const names = kinds.map((kind, index) => `${kind}${index}`)
  const roles: Record<string, object> = {}
  for (const [index, kind] of kinds.entries()) {
    const alike = names.filter((_, other) => other < index && kinds[other] === kind)
    roles[names[index] ?? ''] = {
      kind,
      grants: rollGrants(dice, kind, hasOutside),
      ...(alike.length > 0 && dice.chance(40) ? { includes: [dice.pick(alike)] } : {}),
      ...(dice.chance(20)
        ? { variants: [{ when: { strict: true }, grants: rollGrants(dice, kind, hasOutside) }] }
        : {}),
      ...(dice.chance(50) ? { assigns: dice.some(names, 1, 2) } : {})
    }
  }
  return parsePolicy({
    name: 'small',
    containers: [{ name: 'project' }, { name: 'team' }],
    resources: {
      doc: {
        in: { project, team },
        org,
        attributes: { status: { values: ['draft', 'live', 'gone'], default: 'draft' } },
        acl: {
          members: dice.chance(40),
          overridesDeny: dice.chance(50),
          ...(dice.chance(50) ? { requires: 'use' } : {})
        },
        actions: { read: '', update: '', use: '' },
        ...(dice.chance(30) ? { implies: { update: ['read'] } } : {})
      }
    },
    options: { strict: { values: [false, true], default: false } },
    roles,
    ...(dice.chance(70)
      ? { assignPermissions: { [dice.pick(['site', 'org', 'project'])]: 'doc:update' } }
      : {}),
    systemSubjects: {
      cron: { grants: { site: { allow: { doc: ['use'] } } }, assigns: dice.some(names, 0, 1) }
    }
  })
})

export function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((sets, item) => [...sets, ...sets.map((set) => [...set, item])], [[]])
}

/** Where a role of a kind can be held: two places of each kind are enough to be apart. */
const ids: Readonly<Record<string, readonly (string | undefined)[]>> = {
  site: [undefined],
  org: ['o1', 'o2'],
  project: ['project1', 'project2'],
  team: ['team1']
}

/** Every set of roles of the policy, in every place. */
export function everyRoleSet({ roles = {} }: PolicyData): Held[][] {
  const kinds = new Set<string>()
  const held = Object.entries(roles).flatMap(([role, { kind }]: [string, RoleDocument]) => {
    // A second role of a kind is held in one place: together with the first one, or apart from it.
    const places = kinds.has(kind) ? (ids[kind] ?? []).slice(0, 1) : (ids[kind] ?? [])
    kinds.add(kind)
    return places.map((id): Held => ({ role, kind, id }))
  })
  return subsets(held)
}

export function subjectWith(policy: Policy, held: readonly Held[]): ReturnType<Policy['subject']> {
  const roles = held.map(({ role, kind, id }) => (id === undefined ? role : { role, [kind]: id }))
  return policy.subject({ id: 'u1', roles: roles })
}

/** Every object that subjects with these roles can tell apart, with and without an entry for an action. */
export function everyThing({ resources }: PolicyData, action: string): Thing[] {
  const { org = 'optional', in: places = {} } = resources['doc'] ?? {}
  const orgs = [
    ...(org === 'required' ? [] : [{}]),
    { org: 'o1' },
    { org: 'o2' },
    { org: 'o9' },
    { anyOrg: true }
  ]
  const projects = [
    ...(places['project'] === 'required' ? [] : [{}]),
    { project: 'project1' },
    { project: 'project2' },
    { project: ['project1', 'project2'] },
    { project: 'project9' }
  ]
  const teams =
    places['team'] === undefined || places['team'] === 'never'
      ? [{}]
      : [{}, { team: 'team1' }, { team: 'team9' }]
  const owners = [{}, { owner: 'u1' }]
  const states = [{}, { status: 'live' }, { status: 'gone' }]
  const acls = [{}, { acl: { users: { u1: [action] } } }]
  return orgs.flatMap((o) =>
    projects.flatMap((p) =>
      teams.flatMap((t) =>
        owners.flatMap((w) =>
          states.flatMap((s) => acls.map((a): Thing => ({ type: 'doc', ...w, ...o, ...p, ...t, ...s, ...a })))
        )
      )
    )
  )
}

/** Whether a relation is about an object, told from ids alone; `home` is where a role that an `always` names is held. */
export function isMeant(parts: readonly string[], thing: Thing, held: readonly Held[], home?: Held): boolean {
  const within = (kind: string): readonly string[] =>
    held.flatMap((one) => (one.kind === kind ? (one.id ?? []) : []))
  const placeParts = parts.filter((part) => / (org|project|team)$/.test(part))
  const isAbroad =
    thing.anyOrg === true ||
    thing.org !== undefined ||
    thing.project !== undefined ||
    thing.team !== undefined
  return parts.every((part) => {
    if (part === 'all') return true
    if (part === 'own' || part === 'other')
      return (thing.owner === 'u1') === (part === 'own') && (placeParts.length > 0 || !isAbroad)
    if (part === 'shared') return thing.acl !== undefined
    if (part.startsWith('status')) return (thing.status ?? 'draft') === part.slice('status = '.length)
    const [how, kind = ''] = part.split(' ')
    if (kind === 'org' && thing.anyOrg === true) return false
    // Of one who belongs to no organization, `anyOrg` is about no place.
    if (kind !== 'org' && thing.anyOrg === true && within('org').length === 0) return false
    const ids = [kind === 'org' ? thing.org : kind === 'project' ? thing.project : thing.team].flat()
    const there = ids.flatMap((id) => id ?? [])
    const isOwn = there.some((id) => within(kind).includes(id))
    if (how === 'no') return there.length === 0
    if (how === 'other') return there.length > 0 && !isOwn
    return isOwn && (home?.kind !== kind || there.includes(home.id ?? ''))
  })
}
