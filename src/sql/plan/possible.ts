// What the roles of a policy could ever say to a permission: the union of every line of every role under every setting.
// It is more than any one subject is told, so that a condition without the rest is as good, and short.
import type { CompiledPolicy } from '../../compile/compile.js'
import type { Catalogue, CompiledPermission } from '../../compile/catalogue.js'
import { listNames } from '../../compile/permission-set.js'
import { entriesOf } from '../../compile/persistent-map.js'
import type { ActionList, PermissionSet, RoleDocument } from '../../document/types.js'
import { bitsAt, levelsOfKind } from '../../levels.js'
import type { Effect } from '../../types.js'

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

/** A vote of some lines: which of the permissions they name, as digits. */
interface LineVote {
  /** The number of the container whose roles cast it, or -1. */
  readonly container: number
  readonly bit: number
  readonly named: string
}

type Asked = readonly (CompiledPermission | undefined)[]

function readVotes(policy: CompiledPolicy, permissions: Asked): ReadVotes {
  const { containers } = policy.catalogue
  const fixed = permissions.map(() => 0)
  const inside = permissions.map(() => containers.map(() => 0))
  const patterns = new Set<string>()
  const seen = new Set<readonly LineVote[]>()
  const read = cachedReader(policy.catalogue, permissions)
  // Most actions have no gate, and nothing to ask of ten thousand roles.
  const isAsked = permissions.some((one) => one !== undefined)
  for (const document of isAsked ? documentsOf(policy) : []) {
    const lines = read(document)
    if (seen.has(lines)) continue
    seen.add(lines)
    for (const { container, bit, named } of lines) {
      patterns.add(named)
      permissions.forEach((_, at) => {
        if (named[at] !== '1') return
        const votes = inside[at]
        if (container < 0) fixed[at] = (fixed[at] ?? 0) | bit
        else if (votes !== undefined) votes[container] = (votes[container] ?? 0) | bit
      })
    }
  }
  return {
    votes: permissions.map((_, at) => ({ fixed: fixed[at] ?? 0, containers: inside[at] ?? [] })),
    keys: permissions.map((_, at) => [...patterns].map((named) => named[at]).join(''))
  }
}

type ReadLines = (document: VotingDocument) => readonly LineVote[]

/** What was read of the roles of a catalogue, by the permissions asked about. */
const cached = new WeakMap<Catalogue, Map<string, ReadLines>>()

/**
 * Reads a role once for a catalogue and some permissions: where roles are added at run time, all but one are those of the
 * policy before. Roles with the same lines get the same list.
 */
function cachedReader(catalogue: Catalogue, permissions: Asked): ReadLines {
  const readers = cached.get(catalogue) ?? new Map<string, ReadLines>()
  cached.set(catalogue, readers)
  const key = permissions.map((one) => one?.index ?? '').join()
  const found = readers.get(key)
  if (found !== undefined) return found
  const byDocument = new WeakMap<object, readonly LineVote[]>()
  const byContent = new Map<string, readonly LineVote[]>()
  const read: ReadLines = (document) => {
    const known = byDocument.get(document)
    if (known !== undefined) return known
    const lines = linesOf(document, catalogue, permissions)
    const content = JSON.stringify(lines)
    const shared = byContent.get(content) ?? lines
    byContent.set(content, shared)
    byDocument.set(document, shared)
    return shared
  }
  readers.set(key, read)
  return read
}

function linesOf(
  { kind = 'site', grants, variants = [] }: VotingDocument,
  { containers }: Catalogue,
  permissions: Asked
): readonly LineVote[] {
  const first = permissions.find((one) => one !== undefined)
  if (first === undefined) return []
  const container = containers.indexOf(kind)
  return [grants, ...variants.map((variant) => variant.grants)].flatMap((layer) =>
    levelsOfKind(kind).flatMap((level) =>
      effects.flatMap((effect) => {
        const bit = bitsAt(level)[effect]
        return listsFor(layer?.[level]?.[effect], effect, first.resource).map((list): LineVote => {
          const named = permissions.map((one) => one !== undefined && listNames(list, effect, one))
          return { container, bit, named: named.map((is) => (is ? '1' : '0')).join('') }
        })
      })
    )
  )
}

/** The lists of a set that may name a resource; in an allow its own key replaces the wildcard. */
function listsFor(set: PermissionSet | undefined, effect: Effect, resource: string): readonly ActionList[] {
  if (set === undefined) return []
  const [own, wildcard] = [resource, '*'].map((key) => (Object.hasOwn(set, key) ? set[key] : undefined))
  const lists = effect === 'allow' ? [own ?? wildcard] : [own, wildcard]
  return lists.filter((list) => list !== undefined)
}

/** What casts votes: a role, or a system subject, whose grants are those of a site role. */
type VotingDocument = Pick<RoleDocument, 'grants' | 'variants'> & { readonly kind?: string }

/** Everything of the policy that casts votes. What a role includes is a shipped role, which is here itself. */
function* documentsOf({ roles, systemSubjects }: CompiledPolicy): Generator<VotingDocument> {
  for (const { document } of roles.shipped.values()) yield document
  for (const [, { document }] of entriesOf(roles.customSite)) yield document
  for (const places of [roles.customOrg, ...roles.customIn.values()])
    for (const [, there] of entriesOf(places)) for (const [, { document }] of entriesOf(there)) yield document
  for (const { document } of systemSubjects.values()) yield document
}
