// What the roles of a policy could ever say to a permission: the union of every line of every role under every setting.
// It is more than any one subject is told, so that a condition without the rest is as good, and short.
import type { CompiledPolicy } from '../../compile/compile.js'
import type { CompiledPermission } from '../../compile/catalogue.js'
import { listNames } from '../../compile/permission-set.js'
import { entriesOf } from '../../compile/persistent-map.js'
import type { ActionList, Grants, PermissionSet, RoleDocument } from '../../document/types.js'
import { bitsAt, levelsOfKind } from '../../levels.js'
import type { Effect, Level } from '../../types.js'

/** The votes that there could be, as the bits of a table. */
export interface PossibleVotes {
  /** At `site` and `user`, and in organizations. */
  readonly fixed: number
  /** By the number of a container, as bits of a table of its own. */
  readonly containers: readonly number[]
}

/** Permissions of one action on rows whose attributes no role tells apart. */
export interface AlikePermissions {
  readonly permissions: readonly CompiledPermission[]
  readonly votes: PossibleVotes
}

const effects: readonly Effect[] = ['allow', 'deny']

/**
 * The permissions of an action, those together that every role and system subject of the policy treats alike; `gates`
 * are those of a second action, at the same places, which have to be alike too.
 */
export function alikePermissions(
  policy: CompiledPolicy,
  permissions: readonly CompiledPermission[],
  gates: readonly (CompiledPermission | undefined)[]
): readonly AlikePermissions[] {
  const readers = [permissions, gates].map((asked) => readVotes(policy, asked))
  const groups = new Map<
    string,
    { readonly permissions: CompiledPermission[]; readonly votes: PossibleVotes }
  >()
  permissions.forEach((permission, at) => {
    const key = readers.map(({ keys }) => keys[at]).join('|')
    const group = groups.get(key)
    if (group === undefined) {
      const votes = readers[0]?.votes[at] ?? { fixed: 0, containers: [] }
      groups.set(key, { permissions: [permission], votes })
    } else group.permissions.push(permission)
  })
  return [...groups.values()]
}

/** What the roles could say to each permission. */
export function possibleVotes(
  policy: CompiledPolicy,
  permissions: readonly CompiledPermission[]
): readonly PossibleVotes[] {
  return readVotes(policy, permissions).votes
}

interface ReadVotes {
  readonly votes: readonly PossibleVotes[]
  /** Equal for permissions that every line treats alike. */
  readonly keys: readonly string[]
}

function readVotes(
  policy: CompiledPolicy,
  permissions: readonly (CompiledPermission | undefined)[]
): ReadVotes {
  const { containers } = policy.catalogue
  const fixed = permissions.map(() => 0)
  const inside = permissions.map(() => containers.map(() => 0))
  const keys = permissions.map((): string[] => [])
  const first = permissions.find((one) => one !== undefined)
  const readLine = (level: Level, effect: Effect, number: number, grants: Grants | undefined): void => {
    const set = grants?.[level]?.[effect]
    if (set === undefined || first === undefined) return
    const bit = bitsAt(level)[effect]
    for (const list of listsFor(set, effect, first.resource)) {
      permissions.forEach((permission, at) => {
        const isNamed = permission !== undefined && listNames(list, effect, permission)
        keys[at]?.push(isNamed ? '1' : '0')
        if (!isNamed) return
        const votes = inside[at]
        if (number < 0) fixed[at] = (fixed[at] ?? 0) | bit
        else if (votes !== undefined) votes[number] = (votes[number] ?? 0) | bit
      })
    }
  }
  for (const { kind, grants, variants = [] } of documentsOf(policy)) {
    const number = containers.indexOf(kind)
    for (const layer of [grants, ...variants.map((variant) => variant.grants)])
      for (const level of levelsOfKind(kind))
        for (const effect of effects) readLine(level, effect, number, layer)
  }
  return {
    votes: permissions.map((_, at) => ({ fixed: fixed[at] ?? 0, containers: inside[at] ?? [] })),
    keys: keys.map((digits) => digits.join(''))
  }
}

/** The lists of a set that may name a resource; in an allow its own key replaces the wildcard. */
function listsFor(set: PermissionSet, effect: Effect, resource: string): readonly ActionList[] {
  const [own, wildcard] = [resource, '*'].map((key) => (Object.hasOwn(set, key) ? set[key] : undefined))
  const lists = effect === 'allow' ? [own ?? wildcard] : [own, wildcard]
  return lists.filter((list) => list !== undefined)
}

type Ballot = Pick<RoleDocument, 'kind' | 'grants' | 'variants'>

/** Everything of the policy that casts votes. What a role includes is a shipped role, which is here itself. */
function* documentsOf({ roles, systemSubjects }: CompiledPolicy): Generator<Ballot> {
  for (const { document } of roles.shipped.values()) yield document
  for (const [, { document }] of entriesOf(roles.customSite)) yield document
  for (const places of [roles.customOrg, ...roles.customIn.values()])
    for (const [, there] of entriesOf(places)) for (const [, { document }] of entriesOf(there)) yield document
  for (const { document } of systemSubjects.values()) yield { kind: 'site', grants: document.grants }
}
