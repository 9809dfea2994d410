// Whether a key stays within the ceilings of whoever mints it, and what of it does not. Ceilings are compared by what
// they let through, on every id that can be told apart and with what the catalogue may gain; never by their names. The
// roles of the minter are not asked: a key acts with its owner's roles, and its ceiling is all that it adds.
import { listMatches, type AllowList } from '../compile/allow-list.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import { readCeiling, type Ceiling } from '../compile/ceiling.js'
import { lineFor } from '../compile/permission-set.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { listedIds } from '../decide/ceilings.js'
import type { SubjectState } from '../decide/state.js'
import { isRecord, RequestProblems, shapeError } from '../request-problems.js'
import { setsOfCeilings, writeCeilings, type HeldScope, type WrittenCeiling } from './held-scopes.js'
import { isToCome, permissionsToCome, wildcardActions } from './tomorrow.js'

/** Something that a key would let through and its minter's ceilings do not. */
export interface MintExcess {
  /** `outside_scope`: a scope of the minter lacks it; `outside_allow_list`: a list does not match these objects. */
  readonly reason: 'outside_scope' | 'outside_allow_list'
  /** The scope of the key that has it, a template by its name; absent where the key names no scopes. */
  readonly scope?: string
  /** Today's permissions, in catalogue order. */
  readonly permissions: readonly string[]
  /** What a wildcard of the key will also mean: `workspace:*` (actions added), `*:read` and `*:*` (resources added). */
  readonly future: readonly string[]
  /** On which objects, as entries of a list; `type:*` is also those without id, and those that no list names. */
  readonly allowList: readonly string[]
}

/** Whether a subject may mint a key, and what of the key exceeds the subject's ceilings. */
export interface MintDecision {
  readonly allowed: boolean
  readonly reason: 'within_ceiling' | 'exceeds_ceiling'
  /** By the key's scopes, templates last; empty where the key may be minted. */
  readonly excess: readonly MintExcess[]
}

const keyKeys = new Set(['scopes', 'allowList'])

/**
 * @throws RequestError `invalid_request` for a key with an unknown key or with `null` or `undefined` in place of a
 * list; the codes of scopes, templates and allow lists for what they hold.
 */
export function explainMint(state: SubjectState, key: unknown): MintDecision {
  const problems = new RequestProblems()
  if (!isRecord(key)) throw shapeError(['key'], 'a ceiling, `{ scopes, allowList }`', key)
  for (const name of Object.keys(key)) if (!keyKeys.has(name)) problems.addUnknownKey(['key'], name, keyKeys)
  problems.addInherited(['key'], key, keyKeys)
  const ceiling = readCeiling(key, ['key'], state.engine, problems)
  problems.throwFirst()
  const excess = excessOf(state.engine, state.ceilings, ceiling ?? { scopes: undefined, list: undefined })
  const allowed = excess.length === 0
  return { allowed, reason: allowed ? 'within_ceiling' : 'exceeds_ceiling', excess }
}

/** All that one ceiling lets through and others together do not. */
export function excessOf(
  engine: CompiledPolicy,
  held: readonly Ceiling[],
  requested: Ceiling
): readonly MintExcess[] {
  if (held.length === 0) return []
  const ceilings = [...held, requested]
  const written = writeCeilings(engine, ceilings)
  const own = written.slice(0, held.length)
  const actions = wildcardActions(setsOfCeilings(written))
  const permissions = [...engine.catalogue.permissions, ...permissionsToCome(engine.catalogue, actions)]
  const idsOf = idsByType(ceilings)
  const scopes = written.at(-1)?.scopes ?? [undefined]
  return scopes.flatMap((scope) => {
    const groups = new Map<string, OpenExcess>()
    for (const permission of permissions) {
      if (!letsThrough(scope, permission)) continue
      const isAdmitted = admission(own, permission)
      const ids = idsOf(permission.resource).filter(
        (id) => isListed(scope?.list, permission, id) && isListed(requested.list, permission, id)
      )
      const outside = ids.filter((id) => isAdmitted === undefined || !isAdmitted(id))
      if (outside.length > 0)
        addExcess(
          groups,
          permission,
          isAdmitted === undefined ? 'outside_scope' : 'outside_allow_list',
          outside
        )
    }
    return [...groups.values()].map((open) => closeExcess(open, scope))
  })
}

/** A scope of a key; `undefined` where it names none, and so lets every permission through. */
type KeyScope = HeldScope | undefined

function letsThrough(scope: KeyScope, permission: CompiledPermission): boolean {
  return scope === undefined || lineFor(scope.written, 'allow', permission) !== undefined
}

/** On which ids the ceilings admit a permission; `undefined` where the scopes of one of them lack it. */
function admission(
  ceilings: readonly WrittenCeiling[],
  permission: CompiledPermission
): ((id: string | undefined) => boolean) | undefined {
  const letting = ceilings.map(({ scopes }) => scopes?.filter((scope) => letsThrough(scope, permission)))
  if (letting.some((scopes) => scopes?.length === 0)) return undefined
  return (id) =>
    letting.every(
      (scopes) => scopes === undefined || scopes.some(({ list }) => isListed(list, permission, id))
    ) && ceilings.every(({ list }) => isListed(list, permission, id))
}

function isListed(
  list: AllowList | undefined,
  { resource }: CompiledPermission,
  id: string | undefined
): boolean {
  return list === undefined || listMatches(list, resource, id)
}

/** The ids that lists tell apart for a type; first `undefined`, which also stands for every id that none names. */
function idsByType(ceilings: readonly Ceiling[]): (type: string) => readonly (string | undefined)[] {
  const known = new Map<string, readonly (string | undefined)[]>()
  return (type) => {
    const ids = known.get(type) ?? [undefined, ...listedIds(ceilings, type)]
    known.set(type, ids)
    return ids
  }
}

/** Permissions that exceed in the same way, on the same objects. */
interface OpenExcess {
  readonly reason: MintExcess['reason']
  readonly allowList: readonly string[]
  readonly permissions: CompiledPermission[]
}

function addExcess(
  groups: Map<string, OpenExcess>,
  permission: CompiledPermission,
  reason: MintExcess['reason'],
  ids: readonly (string | undefined)[]
): void {
  const type = permission.name.startsWith('*:') ? '*' : permission.resource
  const entries = ids.includes(undefined) ? [`${type}:*`] : ids.map((id) => `${type}:${id ?? '*'}`)
  const group = `${reason} ${JSON.stringify(entries)}`
  const open = groups.get(group)
  if (open === undefined) groups.set(group, { reason, allowList: entries, permissions: [permission] })
  else open.permissions.push(permission)
}

function closeExcess({ reason, allowList, permissions }: OpenExcess, scope: KeyScope): MintExcess {
  const names = (isFuture: boolean): string[] =>
    permissions.filter((permission) => isToCome(permission) === isFuture).map(({ name }) => name)
  return {
    reason,
    ...(scope === undefined ? {} : { scope: scope.name }),
    permissions: names(false),
    future: names(true),
    allowList
  }
}
