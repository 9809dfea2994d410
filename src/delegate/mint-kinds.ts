// Groups the permissions of a key's scope by resource and by which of the minter's scopes have them. A thousand scopes
// of one template, and most permissions of a resource, then need one check.
import type { AllowList } from '../request/allow-list.js'
import { listMatches } from '../request/allow-list.js'
import type { Catalogue, CompiledPermission } from '../compile/catalogue.js'
import { lineFor, someNamed, type WrittenSet } from '../compile/permission-set.js'
import { isAdmitted, type Admitted, type WrittenCeiling } from './held-scopes.js'
import type { Listed } from './mint-listed.js'
import { isOpen } from './written-names.js'

/** Permissions of one resource that the minter's ceilings admit on the same objects. */
export interface Kind {
  readonly resource: string
  /** The resource as an entry names it; `*` for a future one. */
  readonly type: string
  /** Whether the ceilings admit an object with this id; `undefined` where the scopes of one of them lack it. */
  readonly isAdmitted: ((id: string | undefined) => boolean) | undefined
  /** The ids outside the minter's ceilings, by the list of the key's scope. */
  readonly outside: Map<AllowList | undefined, readonly (string | undefined)[]>
}

/** The permissions of one scope that are of one kind. */
export interface Members {
  readonly kind: Kind
  /** In catalogue order; future ones last. */
  readonly permissions: CompiledPermission[]
}

/** The kinds of the permissions of a scope, in catalogue order; `undefined` means all permissions. */
export function createKinds(
  catalogue: Catalogue,
  own: readonly WrittenCeiling[],
  future: readonly CompiledPermission[]
): (written: WrittenSet | undefined) => readonly Members[] {
  const kinds = new Map<string, Kind>()
  const numbers = new Map<Admitted | undefined, number>()
  const numberOf = (admitted: Admitted | undefined): number => {
    const number = numbers.get(admitted) ?? numbers.size
    numbers.set(admitted, number)
    return number
  }
  const kindOf = (permission: CompiledPermission): Kind => {
    const { resource } = permission
    const admitted = own.map((ceiling) => ceiling.admits(permission))
    const key = `${resource} ${admitted.map(numberOf).join()}`
    const found = kinds.get(key) ?? makeKind(permission, own, admitted)
    kinds.set(key, found)
    return found
  }
  const membersBySet = new Map<WrittenSet | undefined, readonly Members[]>()
  return (written) => {
    const found = membersBySet.get(written) ?? membersOf(namedBy(written, catalogue, future), kindOf)
    membersBySet.set(written, found)
    return found
  }
}

function makeKind(
  { name, resource }: CompiledPermission,
  own: readonly WrittenCeiling[],
  admitted: readonly (Admitted | undefined)[]
): Kind {
  const admits = (id: string | undefined): boolean =>
    admitted.every((one) => isAdmitted(one, resource, id)) &&
    own.every(({ list }) => list === undefined || listMatches(list, resource, id))
  return {
    resource,
    type: name.startsWith('*:') ? '*' : resource,
    isAdmitted: admitted.includes(undefined) ? undefined : admits,
    outside: new Map()
  }
}

function membersOf(
  permissions: readonly CompiledPermission[],
  kindOf: (permission: CompiledPermission) => Kind
): readonly Members[] {
  const members = new Map<Kind, CompiledPermission[]>()
  for (const permission of permissions) {
    const kind = kindOf(permission)
    const alike = members.get(kind)
    if (alike === undefined) members.set(kind, [permission])
    else alike.push(permission)
  }
  return [...members].map(([kind, alike]) => ({ kind, permissions: alike }))
}

function namedBy(
  written: WrittenSet | undefined,
  catalogue: Catalogue,
  future: readonly CompiledPermission[]
): readonly CompiledPermission[] {
  if (written === undefined) return [...catalogue.permissions, ...future]
  const named: CompiledPermission[] = []
  someNamed(written, 'allow', catalogue, (permission) => {
    named.push(permission)
    return false
  })
  named.sort((a, b) => a.index - b.index)
  if (isOpen(written, catalogue))
    for (const permission of future)
      if (lineFor(written, 'allow', permission) !== undefined) named.push(permission)
  return named
}

/** The ids of a kind that a scope with this list admits and the minter's ceilings do not. */
export function outsideOf(
  kind: Kind,
  list: AllowList | undefined,
  listed: Listed
): readonly (string | undefined)[] {
  const found =
    kind.outside.get(list) ??
    listed(kind.resource, list).filter((id) => kind.isAdmitted === undefined || !kind.isAdmitted(id))
  kind.outside.set(list, found)
  return found
}
