// Relation classes: which objects get the same decision. A decision depends on finitely many facts about an object: its
// attributes, its organization relation, the roles held in its containers, its owner relation, the lists that hold its
// id, the ACL entry that names the action. So it is enough to check one object of each class. Every class has a valid
// object; two objects of one class always get the same decision for the same reason (the tests check this as a
// property).
import { listMatches } from '../../request/allow-list.js'
import type { CompiledPermission } from '../../compile/catalogue.js'
import { listedIds } from '../../decide/ceilings.js'
import { readContainers } from '../../request/object-fields.js'
import { RequestProblems } from '../../problems/request-problems.js'
import type { SubjectState } from '../../request/state.js'
import type { AttributeValue, ObjectRef } from '../../types.js'
import { aclClasses, aclKey, noEntry, type EntryClass } from './class-entries.js'
import {
  containerClasses,
  containerKey,
  orgClasses,
  orgKey,
  unlike,
  type ContainerClass,
  type OrgClass
} from './class-places.js'

export type { EntryClass } from './class-entries.js'
export type { ContainerClass, OrgClass } from './class-places.js'

/** Who owns the object; a system subject without id has no `self`. */
export type OwnerClass = 'self' | 'other' | 'none'

/** A class of objects that all get the same answer for the same reason. */
export interface RelationClass {
  /** Who owns them. */
  readonly owner: OwnerClass
  /** Where they are. */
  readonly org: OrgClass
  /** For `own`: the organizations in which the subject holds the same roles under the same settings. */
  readonly orgs: readonly string[]
  /** Whether the subject belongs to an organization that counts: nobody else's `anyOrg` is about any place. */
  readonly belongs: boolean
  /** Where they are among the containers of each kind in which objects of the resource can be. */
  readonly containers: Readonly<Record<string, ContainerClass>>
  /** The attributes that they have; those at their default, which the object may leave out, included. */
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** Which ACL entry names the action, whether it counts or not. */
  readonly entry: EntryClass | undefined
  /** Identifies the class among those of the subject; equal to `classKey` of each of its objects. */
  readonly key: string
  /** A valid object of the class, with as few fields as possible. */
  readonly object: ObjectRef
}

/** Which classes are listed. */
export interface ClassSettings {
  /** Whether classes with an ACL entry are listed too; by default they are. */
  readonly acl?: boolean | undefined
}

/**
 * Every class of objects that have the permission's attributes, those whose object has the fewest fields first.
 *
 * @throws CasemateError `too_many_cases` for a subject with very many different roles in containers.
 */
export function relationClasses(
  state: SubjectState,
  permission: CompiledPermission,
  settings: ClassSettings = {}
): RelationClass[] {
  const classes: RelationClass[] = []
  const ids = idClasses(state, permission)
  const hasAcl = settings.acl !== false && permission.definition.acl
  const inside = containerClasses(state, permission)
  const attributes = Object.fromEntries(permission.attributes)
  const given = givenAttributes(permission)
  for (const place of orgClasses(state, permission.definition.org))
    for (const containers of inside)
      for (const owner of ownerClasses(state))
        for (const { key: lists, id } of ids)
          for (const entry of hasAcl ? aclClasses(state, permission, place) : [noEntry])
            classes.push({
              owner: owner.kind,
              org: place.kind,
              orgs: place.orgs,
              belongs: place.belongs,
              containers: containers.kinds,
              attributes,
              entry: entry.kind,
              key: joinKey(permission, place.key + containers.key, owner.kind, lists, entry.key),
              object: {
                type: permission.resource,
                ...(id === undefined ? {} : { id }),
                ...owner.fields,
                ...place.fields,
                ...(entry.org === undefined ? {} : { org: entry.org }),
                ...containers.fields,
                ...given,
                ...(entry.acl === undefined ? {} : { acl: entry.acl })
              }
            })
  return classes.sort((a, b) => fieldCount(a.object) - fieldCount(b.object))
}

/** The key of the class that a valid object of the permission's resource, with its attributes, is in. */
export function classKey(state: SubjectState, permission: CompiledPermission, object: ObjectRef): string {
  const org = textOrNone(object.org)
  const owner = textOrNone(object.owner)
  const anyOrg = object.anyOrg === true
  const ownerKind: OwnerClass = owner === undefined ? 'none' : owner === state.id ? 'self' : 'other'
  const fields: Readonly<Record<string, unknown>> = { ...object }
  const { containers: kinds } = state.compiled.catalogue
  const containers = readContainers(kinds, (key) => fields[key], [], new RequestProblems())
  const lists = listsKey(state, permission, textOrNone(object.id))
  const isOwner = ownerKind === 'self'
  return joinKey(
    permission,
    orgKey(state, anyOrg, org) + containerKey(state, permission, containers),
    ownerKind,
    lists,
    aclKey(state, permission, { acl: object.acl, org, anyOrg, containers, isOwner })
  )
}

function joinKey(
  { attributes }: CompiledPermission,
  place: string,
  owner: OwnerClass,
  lists: string,
  acl: string
): string {
  const had = [...attributes].map(([name, value]) => ` ${name}=${String(value)}`).join('')
  return `${place} ${owner} ${lists} ${acl}${had}`
}

/** The attributes that an object must have to be one of the permission's. */
function givenAttributes({
  definition,
  attributes
}: CompiledPermission): Readonly<Record<string, AttributeValue>> {
  const usual = new Map(definition.attributes.map(({ name, usual: value }) => [name, value]))
  return Object.fromEntries([...attributes].filter(([name, value]) => usual.get(name) !== value))
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

// --- small things ---------------------------------------------------------------------------------------------------

function textOrNone(value: string | null | undefined): string | undefined {
  return value === null || value === '' ? undefined : value
}

function fieldCount(object: ObjectRef): number {
  return Object.keys(object).length
}
