// Tables of every kind of column, and random rows in them: near enough to generated subjects that every part of a
// condition has its say, with NULL, empty texts and malformed values.
import type { ResourceDocument } from '../../../src/document/types.js'
import type { Dice } from '../../arbitraries/index.js'
import * as names from '../../arbitraries/names.js'
import type { IdKind } from '../../../src/sql/mapping.js'
import type { Traits } from './database.js'
import { objectIds, poolOf, type IdForm } from './ids.js'

/** The type of ids in DDL, and the kind of column. The organization and the object of the int form differ. */
export interface Form {
  readonly name: IdForm
  readonly id: readonly [type: string, kind: IdKind]
  readonly org: readonly [type: string, kind: IdKind]
}

/** A hostile schema and hostile names, so that everything is quoted. */
export const schema = 'My "Schema"'
export const columns = {
  id: 'id',
  owner: 'Owner; --',
  org: 'o"rg',
  users: 'user',
  groups: 'group.acl',
  object: 'id',
  list: 'select',
  grantee: 'Gran tee',
  action: 'o"rg'
} as const

/** Columns of each table for containers and attributes; no generated world has more. */
export const mostContainers = 3
export const mostAttributes = 5

/** How one resource is stored in a world's tables. */
export interface Storage {
  readonly form: Form
  readonly type: string
  readonly resource: ResourceDocument
  readonly mapping: Readonly<Record<string, unknown>>
  /** Of its containers, by number: how they are stored; none where the mapping has none. */
  readonly containers: readonly ('column' | 'array' | 'join' | undefined)[]
  readonly kinds: readonly string[]
  readonly acl: 'columns' | 'checked' | 'table' | undefined
  readonly isNotNull: boolean
}

export function rollStorage(
  traits: Traits,
  dice: Dice,
  form: Form,
  type: string,
  resource: ResourceDocument,
  kinds: readonly string[]
): Storage {
  const isNotNull = dice.chance(20)
  const notNull = isNotNull ? { notNull: true } : {}
  const idColumn = (column: string, kind: IdKind): unknown =>
    kind === 'text' && !isNotNull && dice.chance(50) ? column : { column, as: kind, ...notNull }
  const containers = kinds.map((kind) => {
    const place = resource.in?.[kind] ?? 'never'
    if (place === 'never' || (place === 'optional' && dice.chance(10))) return undefined
    return dice.pick(traits.containers)
  })
  const acl =
    resource.acl === undefined || resource.acl === false || dice.chance(8)
      ? undefined
      : dice.pick(traits.acls)
  const hasRelated = acl === 'table' || containers.includes('join')
  const org = resource.org ?? 'optional'
  const mapping = {
    id: !hasRelated && dice.chance(8) ? null : idColumn(columns.id, form.id[1]),
    owner: dice.chance(6) ? null : idColumn(columns.owner, form.id[1]),
    ...(org === 'never'
      ? {}
      : { org: org === 'optional' && dice.chance(6) ? null : idColumn(columns.org, form.org[1]) }),
    ...Object.fromEntries(
      kinds.flatMap((kind, k): [string, unknown][] => {
        const place = resource.in?.[kind] ?? 'never'
        if (place === 'never') return []
        const as = form.org[1]
        if (containers[k] === undefined) return [[kind, null]]
        if (containers[k] === 'column') return [[kind, idColumn(`c${k}`, as)]]
        if (containers[k] === 'array')
          return [[kind, { column: `l${k}`, array: true, as: as === 'cast' ? 'text' : as, ...notNull }]]
        return [
          [kind, { schema, table: `${form.name} in ${k}`, object: columns.object, column: 'inside', as }]
        ]
      })
    ),
    ...Object.fromEntries(
      Object.entries(resource.attributes ?? {}).map(([name, { values, default: usual }], k) => {
        if (usual !== undefined && dice.chance(10)) return [name, null]
        const isBoolean = typeof values[0] === 'boolean'
        return [
          name,
          dice.chance(50) ? `${isBoolean ? 'b' : 'a'}${k}` : { column: `${isBoolean ? 'b' : 'a'}${k}` }
        ]
      })
    ),
    ...(resource.acl === undefined || resource.acl === false ? {} : { acl: aclMapping(form, acl) })
  }
  return { form, type, resource, mapping, containers, kinds, acl, isNotNull }
}

function aclMapping(form: Form, acl: Storage['acl']): unknown {
  if (acl === undefined) return null
  if (acl === 'table')
    return {
      schema,
      table: `${form.name} acl`,
      object: columns.object,
      list: columns.list,
      grantee: columns.grantee,
      action: columns.action,
      ...(form.name === 'uuid' ? { granteeAs: 'uuid' } : {})
    }
  return { users: columns.users, groups: columns.groups, ...(acl === 'checked' ? { checked: true } : {}) }
}

export interface Row {
  readonly fields: Record<string, unknown>
  /** By container: what rows of its own table name. */
  readonly inside: unknown[][]
  readonly acl: (readonly [list: unknown, grantee: unknown, action: unknown])[]
}

/** Random rows. */
export function rollRows(traits: Traits, dice: Dice, storage: Storage, count: number): readonly Row[] {
  return Array.from({ length: count }, (_, n) => {
    const row = rollRow(traits, dice, n, storage)
    traits.spoil?.(dice, storage, row)
    return row
  })
}

function rollRow(traits: Traits, dice: Dice, n: number, storage: Storage): Row {
  const { form, resource, kinds, containers, isNotNull } = storage
  const one = (pool: readonly string[], kind: IdKind, nonePercent: number): string | null => {
    const isText = kind === 'text' || kind === 'cast'
    const choices = poolOf(form.name, pool).filter((id) => traits.canHold(id, kind))
    const none = isText && (isNotNull || dice.chance(50)) ? '' : null
    if (choices.length === 0 || (dice.chance(nonePercent) && (!isNotNull || isText))) return none
    return dice.chance(55) ? dice.pick(choices.slice(0, 2)) : dice.pick(choices)
  }
  const orgPlace = resource.org ?? 'optional'
  const org = one(
    [...names.orgIds, ...names.listableOrgIds('uuid')],
    form.org[1],
    orgPlace === 'required' ? 8 : 35
  )
  // A key is not NULL where rows of other tables name it.
  const id = one(objectIds, form.id[1], 8)
  const fields: Record<string, unknown> = {
    n,
    [columns.id]: id,
    [columns.owner]: one(names.subjectIds, form.id[1], 25),
    [columns.org]: org
  }
  const inside = kinds.map((kind, k): (string | null)[] => {
    const place = resource.in?.[kind] ?? 'never'
    const missing = place === 'required' ? 6 : 35
    const roll = (): string | null => one(names.containerIds, form.org[1], 0)
    fields[`c${k}`] = one(names.containerIds, form.org[1], missing)
    const list = dice.chance(containers[k] === 'join' ? 30 : missing)
      ? []
      : Array.from({ length: 1 + dice.below(3) }, roll)
    const odd = dice.chance(containers[k] === 'join' ? 15 : 4)
      ? [...list, form.name === 'text' && dice.chance(50) ? '' : null]
      : list
    const isNone = list.length === 0 && !isNotNull && dice.chance(50)
    const isNested = form.name === 'text' && list.length > 0 && dice.chance(2)
    fields[`l${k}`] = isNone ? null : isNested ? [list] : odd
    return containers[k] === 'join' ? odd : []
  })
  Object.entries(resource.attributes ?? {}).forEach(([, { values, default: usual }], k) => {
    const isNull = dice.chance(usual === undefined ? 4 : 25)
    const value = isNull ? null : dice.pick(values)
    if (typeof values[0] === 'boolean') fields[`b${k}`] = value
    else fields[`a${k}`] = dice.chance(5) ? dice.pick(['', 'nope', 'Draft', 'draft ']) : value
  })
  return { fields, inside, acl: rollAcl(traits, dice, storage, fields, org) }
}

function rollAcl(
  traits: Traits,
  dice: Dice,
  storage: Storage,
  fields: Record<string, unknown>,
  org: string | null
): Row['acl'] {
  const { form, resource } = storage
  if (resource.acl === undefined || resource.acl === false) return []
  const levels = typeof resource.acl === 'object' ? Object.keys(resource.acl.levels ?? {}) : []
  const words = [...Object.keys(resource.actions), ...levels, '*']
  const list = (): string[] => {
    const some = dice.some(words, 1, 2)
    return dice.chance(20) ? [...some, dice.pick(['nope', '__proto__', '', 'Read'])] : some
  }
  const isOdd = storage.acl === 'columns'
  const entry = (): unknown =>
    isOdd && dice.chance(7)
      ? dice.pick<unknown>(['read', { read: 1 }, null, 5, [5, ...list()], [['read'], '*'], true, [null], []])
      : list()
  const half = (pool: readonly string[], near: readonly string[]): unknown => {
    if (dice.chance(30)) return dice.pick<unknown>([null, {}, undefined])
    if (isOdd && dice.chance(4)) return dice.pick<unknown>([[], 'x', 7, [{ u1: ['read'] }], true])
    const ids = [...dice.some(near, 0, 2), ...dice.some(pool, 0, 2)].filter((id) =>
      traits.canHold(id, 'text')
    )
    return Object.fromEntries(ids.map((id) => [id, entry()]))
  }
  const users = poolOf(form.name, names.subjectIds)
  const groups = poolOf(form.name, names.groupIds)
  const near = [...groups.slice(0, 2), ...(org === null || org === '' ? [] : [org])]
  const acl = { users: half(users, users.slice(0, 2)), groups: half(groups, near) }
  fields[columns.users] = acl.users
  fields[columns.groups] = acl.groups
  if (storage.acl !== 'table') return []
  const id = fields[columns.id]
  const kind = form.name === 'uuid' ? 'uuid' : 'text'
  const rows = (['users', 'groups'] as const).flatMap((name) =>
    Object.entries((acl[name] ?? {}) as Readonly<Record<string, readonly string[]>>).flatMap(
      ([grantee, held]) =>
        held.map((action): [string | null, string | null, string | null] => [
          name === 'users' ? 'user' : 'group',
          traits.canHold(grantee, kind) ? grantee : null,
          action
        ])
    )
  )
  const odd: Row['acl'] = [[dice.pick([null, 'User', '']), users[0] ?? null, '*']]
  return id === null ? [] : [...rows, ...(dice.chance(10) && form.name !== 'uuid' ? odd : [])]
}
