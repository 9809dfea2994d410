// The scopes that a suggestion may choose from. The universe is the permissions of the catalogue plus stand-ins for
// future ones, so that a wildcard costs what it will include in future.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { whereText, writeSet } from '../../compile/permission-set.js'
import type { CompiledScope } from '../../compile/scopes.js'
import { futurePermissions } from '../../delegate/future.js'
import { isOpen, namesIn } from '../../delegate/written-names.js'

/** A scope, with the positions in the universe that it lets through. */
export interface Candidate {
  readonly name: string
  readonly places: readonly number[]
}

export interface Candidates {
  /** The name at each position: permissions, with their attributes, then future ones (`workspace:*`, `*:read`, `*:*`). */
  readonly universe: readonly string[]
  /** Declared scopes that have a needed permission, in document order. */
  readonly declared: readonly Candidate[]
  /** For each needed position the low-level scope of just that permission, if it may be chosen. */
  readonly single: ReadonlyMap<number, Candidate>
  /** For each needed position its resource's wildcard, if it may be chosen. */
  readonly wildcard: ReadonlyMap<number, Candidate>
}

/** The candidates for needed permissions, given by their numbers. */
export function candidatesFor(
  compiled: CompiledPolicy,
  needed: ReadonlySet<number>,
  isChoosable: (scope: CompiledScope) => boolean
): Candidates {
  const { catalogue, scopes } = compiled
  const declaredScopes = scopes.declared
  const future = futurePermissions(catalogue, namesIn(declaredScopes.map(({ allow }) => allow)))
  const firstFuture = catalogue.permissions.length
  const toCandidate = (scope: CompiledScope): Candidate => {
    const places = scope.permissions().map(({ index }) => index)
    if (isOpen(writeSet(scope.allow), catalogue))
      for (const [index, permission] of future.entries())
        if (scope.has(permission)) places.push(firstFuture + index)
    return { name: scope.name, places }
  }
  const byName = new Map<string, Candidate | undefined>()
  const lowLevel = (name: string): Candidate | undefined => {
    if (byName.has(name)) return byName.get(name)
    const scope = scopes.find(name)
    const candidate = scope !== undefined && isChoosable(scope) ? toCandidate(scope) : undefined
    byName.set(name, candidate)
    return candidate
  }
  const forEachNeeded = (nameOf: (resource: string, action: string) => string): Map<number, Candidate> => {
    const found = new Map<number, Candidate>()
    for (const place of needed) {
      const permission = catalogue.permissions[place]
      const candidate = permission && lowLevel(nameOf(permission.resource, permission.action))
      if (candidate !== undefined) found.set(place, candidate)
    }
    return found
  }
  return {
    universe: [...catalogue.permissions.map(withAttributes), ...future.map(({ name }) => name)],
    declared: declaredScopes
      .filter(isChoosable)
      .map(toCandidate)
      .filter(({ places }) => places.some((place) => needed.has(place))),
    single: forEachNeeded((resource, action) => `${resource}:${action}`),
    wildcard: forEachNeeded((resource) => `${resource}:*`)
  }
}

function withAttributes({ name, attributes }: CompiledPermission): string {
  return attributes.size === 0 ? name : `${name} where ${whereText(Object.fromEntries(attributes))}`
}
