// Relation classes: which objects get the same decision. A decision depends on finitely many facts about an object: its
// organization relation, its owner relation, the lists that hold its id, the ACL entry that grants. So it is enough to
// check one object of each class. Every class has a valid object; two objects of one class always get the same decision
// for the same reason (the tests check this as a property).
import { listMatches } from '../../request/allow-list.js'
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { RoleTable } from '../../compile/roles.js'
import { grantingEntry } from '../../decide/acl.js'
import { listedIds } from '../../decide/ceilings.js'
import type { SubjectState } from '../../request/state.js'
import type { Acl, ObjectRef } from '../../types.js'
import { canBeInOrg, canBeOutside } from '../../levels.js'

/** Who owns the object; a system subject without id has no `self`. */
export type OwnerClass = 'self' | 'other' | 'none'

/** Where the object is; `own` is an organization in which the subject holds a role, `any` asks `anyOrg`. */
export type OrgClass = 'none' | 'own' | 'foreign' | 'any'

/** A class of objects that all get the same answer for the same reason. */
export interface RelationClass {
  /** Who owns them. */
  readonly owner: OwnerClass
  /** Where they are. */
  readonly org: OrgClass
  /** For `own`: the organizations in which the subject holds the same roles under the same settings. */
  readonly orgs: readonly string[]
  /** Whether an ACL entry grants the permission. */
  readonly hasAclGrant: boolean
  /** Identifies the class among those of the subject; equal to `classKey` of each of its objects. */
  readonly key: string
  /** A valid object of the class, with as few fields as possible. */
  readonly object: ObjectRef
}

/** Which classes are listed. */
export interface ClassSettings {
  /** Whether classes with a granting ACL entry are listed too; by default they are. */
  readonly acl?: boolean | undefined
}

/** Every class of objects of the permission's resource, those whose object has the fewest fields first. */
export function relationClasses(
  state: SubjectState,
  permission: CompiledPermission,
  settings: ClassSettings = {}
): RelationClass[] {
  const classes: RelationClass[] = []
  const ids = idClasses(state, permission)
  const hasAcl = settings.acl !== false && permission.definition.acl
  for (const place of orgClasses(state, permission))
    for (const owner of ownerClasses(state))
      for (const { key: lists, id } of ids)
        for (const entry of hasAcl ? aclClasses(state, permission, place) : [noEntry])
          classes.push({
            owner: owner.kind,
            org: place.kind,
            orgs: place.orgs,
            hasAclGrant: entry.acl !== undefined,
            key: joinKey(place.key, owner.kind, lists, entry.key),
            object: {
              type: permission.resource,
              ...(id === undefined ? {} : { id }),
              ...owner.fields,
              ...place.fields,
              ...(entry.org === undefined ? {} : { org: entry.org }),
              ...(entry.acl === undefined ? {} : { acl: entry.acl })
            }
          })
  return classes.sort((a, b) => fieldCount(a.object) - fieldCount(b.object))
}

/** The key of the class that a valid object of the permission's resource is in. */
export function classKey(state: SubjectState, permission: CompiledPermission, object: ObjectRef): string {
  const org = textOrNone(object.org)
  const owner = textOrNone(object.owner)
  const ownerKind: OwnerClass = owner === undefined ? 'none' : owner === state.id ? 'self' : 'other'
  const lists = listsKey(state, permission, textOrNone(object.id))
  return joinKey(orgKey(state, object, org), ownerKind, lists, aclKey(state, permission, object, org))
}

function joinKey(org: string, owner: OwnerClass, lists: string, acl: string): string {
  return `${org} ${owner} ${lists} ${acl}`
}

// --- organization ---------------------------------------------------------------------------------------------------

interface Place {
  readonly kind: OrgClass
  readonly key: string
  readonly orgs: readonly string[]
  readonly fields: Partial<ObjectRef>
}

function orgClasses(state: SubjectState, { definition: resource }: CompiledPermission): Place[] {
  const none: Place = { kind: 'none', key: 'none', orgs: [], fields: {} }
  if (!canBeInOrg(resource.org)) return [none]
  const own = [...orgSets(state)].map(([key, orgs]): Place => ({
    kind: 'own',
    key,
    orgs,
    fields: { org: orgs[0] }
  }))
  const foreign = unlike('o', (name) => state.orgs.has(name))
  return [
    ...(canBeOutside(resource.org) ? [none] : []),
    ...own,
    { kind: 'foreign', key: 'foreign', orgs: [], fields: { org: foreign } },
    { kind: 'any', key: 'any', orgs: [], fields: { anyOrg: true } }
  ]
}

function orgKey(state: SubjectState, object: ObjectRef, org: string | undefined): string {
  if (org === undefined) return object.anyOrg === true ? 'any' : 'none'
  for (const [key, orgs] of orgSets(state)) if (orgs.includes(org)) return key
  return 'foreign'
}

/** The subject's organizations by the set of role tables held there: the same roles under the same settings. */
function orgSets(state: SubjectState): ReadonlyMap<string, readonly string[]> {
  const numbers = new Map<RoleTable, number>()
  const sets = new Map<string, string[]>()
  for (const [org, { members }] of state.orgs) {
    for (const roleTable of members) if (!numbers.has(roleTable)) numbers.set(roleTable, numbers.size)
    const held = members.map((roleTable) => numbers.get(roleTable) ?? 0).sort((a, b) => a - b)
    const key = `own:${held.join('+')}`
    const group = sets.get(key)
    if (group === undefined) sets.set(key, [org])
    else group.push(org)
  }
  return sets
}

// --- owner ----------------------------------------------------------------------------------------------------------

function ownerClasses(state: SubjectState): { kind: OwnerClass; fields: Partial<ObjectRef> }[] {
  const other = unlike('u', (name) => name === state.id)
  return [
    { kind: 'none', fields: {} },
    ...(state.id === '' ? [] : [{ kind: 'self' as const, fields: { owner: state.id } }]),
    { kind: 'other', fields: { owner: other } }
  ]
}

// --- id -------------------------------------------------------------------------------------------------------------

/** An id that no list names is decided like a missing id, so only the ids that some list names have to be tried. */
function idClasses(state: SubjectState, permission: CompiledPermission): { key: string; id?: string }[] {
  if (state.ceilings.length === 0) return [{ key: '' }]
  const classes = new Map([[listsKey(state, permission, undefined), {}]])
  for (const id of listedIds(state.ceilings, permission.resource)) {
    const key = listsKey(state, permission, id)
    if (id !== '' && !classes.has(key)) classes.set(key, { id })
  }
  return [...classes].map(([key, fields]) => ({ key, ...fields }))
}

/** Which of the subject's lists match the id: one digit for each list. */
function listsKey(state: SubjectState, permission: CompiledPermission, id: string | undefined): string {
  const lists = state.ceilings.flatMap(({ scopes, list }) => [
    ...(scopes?.templates ?? []).map((template) => template.list),
    list
  ])
  return lists
    .map((list) => (list === undefined || listMatches(list, permission.resource, id) ? '1' : '0'))
    .join('')
}

// --- ACL ------------------------------------------------------------------------------------------------------------

interface Entry {
  readonly key: string
  readonly acl?: Acl
  /** The object's organization, where it cannot be the first of the class. */
  readonly org?: string
}

const noEntry: Entry = { key: 'no entry' }

function aclClasses(state: SubjectState, { action }: CompiledPermission, { kind, orgs }: Place): Entry[] {
  if (state.id === '') return [noEntry]
  const forId = (id: string): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries([[id, [action]]])
  const entries: Entry[] = [noEntry, { key: 'user', acl: { users: forId(state.id) } }]
  if (kind !== 'own' && (kind !== 'any' || state.orgs.size === 0)) return entries
  for (const group of state.groups) entries.push({ key: `group:${group}`, acl: { groups: forId(group) } })
  const org = orgs.find((name) => !state.groups.has(name))
  if (org !== undefined) entries.push({ key: 'everyone', org, acl: { groups: forId(org) } })
  return entries
}

function aclKey(
  state: SubjectState,
  permission: CompiledPermission,
  object: ObjectRef,
  org: string | undefined
): string {
  if (object.acl === undefined || object.acl === null) return noEntry.key
  const entry = grantingEntry(state, permission, {
    acl: object.acl,
    org,
    anyOrg: object.anyOrg === true,
    containers: [],
    isOwner: object.owner === state.id
  })
  if (entry === undefined) return noEntry.key
  if (entry.list === 'users') return 'user'
  return state.groups.has(entry.id) ? `group:${entry.id}` : 'everyone'
}

// --- small things ---------------------------------------------------------------------------------------------------

/** The first of `u1`, `u2`, … that is not taken. */
function unlike(letter: string, isTaken: (name: string) => boolean): string {
  let number = 1
  while (isTaken(`${letter}${number}`)) number++
  return `${letter}${number}`
}

function textOrNone(value: string | null | undefined): string | undefined {
  return value === null || value === '' ? undefined : value
}

function fieldCount(object: ObjectRef): number {
  return Object.keys(object).length
}
