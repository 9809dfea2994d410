// Whether a key stays within the ceilings of its minter, and what of it does not. Ceilings are compared by what they
// let through, on every id that matters and including future permissions, never by their names. The minter's roles are
// not checked: a key acts with its owner's roles, and only its ceiling is new.
import type { CompiledPermission } from '../compile/catalogue.js'
import { readCeiling, type Ceiling } from '../request/ceiling.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { SubjectState } from '../request/state.js'
import { RequestProblems, shapeError } from '../problems/request-problems.js'
import { setsOfCeilings, writeCeilings, type HeldScope } from './held-scopes.js'
import { createKinds, outsideOf, type Kind } from './mint-kinds.js'
import { createListed } from './mint-listed.js'
import { isFuture, futurePermissions, withoutImplied } from './future.js'
import { orgsOutside } from './mint-orgs.js'
import { namePermissions } from './name-permissions.js'
import { namesIn } from './written-names.js'
import { isRecord } from '../problems/plain.js'

/** Something that a key would let through and its minter's ceilings do not. */
export interface MintExcess {
  /**
   * `outside_scope`: a scope of the minter lacks it; `outside_allow_list`: a list does not match these objects;
   * `outside_org`: a list of organizations leaves some out, for all that the key lets through.
   */
  readonly reason: 'outside_scope' | 'outside_allow_list' | 'outside_org'
  /** The scope of the key that has it, a template by its name; absent where the key names no scopes. */
  readonly scope?: string
  /**
   * Today's permissions, in catalogue order; where it is only some of a permission's objects, with the attributes of
   * those: `document:update where status = published`. None for `outside_org`.
   */
  readonly permissions: readonly string[]
  /**
   * What the key also includes in future: `workspace:*` (actions added), `*:read` and `*:*` (resources added),
   * `document:read where status = *` (values added).
   */
  readonly future: readonly string[]
  /** On which objects, as list entries; `type:*` includes objects without id and those that no list names. */
  readonly allowList: readonly string[]
  /** For `outside_org`, where the key may act and its minter may not, as entries of `onlyOrgs`; else absent. */
  readonly onlyOrgs?: readonly string[]
}

/** Whether a subject may mint a key, and what of the key exceeds the subject's ceilings. */
export interface MintDecision {
  /** Whether the key stays within the subject's ceilings. */
  readonly allowed: boolean
  /** The same as a word. */
  readonly reason: 'within_ceiling' | 'exceeds_ceiling'
  /** By the key's scopes, templates after them, its organizations last; empty where the key may be minted. */
  readonly excess: readonly MintExcess[]
}

const keyKeys = new Set(['scopes', 'allowList', 'onlyOrgs'])

/**
 * @throws RequestError `invalid_request` for a key with an unknown key or with `null` or `undefined` in place of a
 * list; the codes of scopes, templates and lists for what they hold.
 */
export function explainMint(state: SubjectState, key: unknown): MintDecision {
  const problems = new RequestProblems()
  if (!isRecord(key)) throw shapeError(['key'], 'a ceiling, `{ scopes, allowList }`', key)
  for (const name of Object.keys(key)) if (!keyKeys.has(name)) problems.addUnknownKey(['key'], name, keyKeys)
  problems.addInherited(['key'], key, keyKeys)
  const ceiling = readCeiling(key, ['key'], state.compiled, problems)
  problems.throwFirst()
  const excess = excessOf(
    state.compiled,
    state.ceilings,
    ceiling ?? { scopes: undefined, list: undefined, orgs: undefined }
  )
  const allowed = excess.length === 0
  return { allowed, reason: allowed ? 'within_ceiling' : 'exceeds_ceiling', excess }
}

/** Everything that one ceiling lets through and the held ceilings together do not. */
export function excessOf(
  compiled: CompiledPolicy,
  held: readonly Ceiling[],
  requested: Ceiling
): readonly MintExcess[] {
  if (held.length === 0) return []
  const own = writeCeilings(compiled, held)
  const key = writeCeilings(compiled, [requested])
  const names = namesIn(setsOfCeilings([...own, ...key]))
  const future = withoutImplied(futurePermissions(compiled.catalogue, names))
  const order = new Map<CompiledPermission, number>(future.map((permission, place) => [permission, place]))
  const kindsOf = createKinds(compiled.catalogue, own, future)
  const listed = createListed([...held, requested], requested.list)
  const byScope = (key[0]?.scopes ?? [undefined]).flatMap((scope) => {
    const groups = new Map<string, OpenExcess>()
    for (const members of kindsOf(scope?.written)) {
      const outside = outsideOf(members.kind, scope?.list, listed)
      if (outside.length > 0) addExcess(groups, members, outside)
    }
    return [...groups.values()].map((open) => closeExcess(open, scope, order))
  })
  const onlyOrgs = orgsOutside(held, requested.orgs)
  if (onlyOrgs.length === 0) return byScope
  return [...byScope, { reason: 'outside_org', permissions: [], future: [], allowList: [], onlyOrgs }]
}

/** Permissions that exceed in the same way, on the same objects. */
interface OpenExcess {
  readonly reason: 'outside_scope' | 'outside_allow_list'
  readonly allowList: readonly string[]
  readonly permissions: CompiledPermission[]
}

function addExcess(
  groups: Map<string, OpenExcess>,
  { kind, permissions }: { readonly kind: Kind; readonly permissions: readonly CompiledPermission[] },
  ids: readonly (string | undefined)[]
): void {
  const reason = kind.isAdmitted === undefined ? 'outside_scope' : 'outside_allow_list'
  const entries = ids.includes(undefined) ? [`${kind.type}:*`] : ids.map((id) => `${kind.type}:${id ?? '*'}`)
  const group = `${reason} ${JSON.stringify(entries)}`
  const open = groups.get(group)
  if (open === undefined) groups.set(group, { reason, allowList: entries, permissions: [...permissions] })
  else for (const permission of permissions) open.permissions.push(permission)
}

function closeExcess(
  { reason, allowList, permissions }: OpenExcess,
  scope: HeldScope | undefined,
  order: ReadonlyMap<CompiledPermission, number>
): MintExcess {
  const today = permissions.filter((permission) => !isFuture(permission))
  const future = permissions.filter(isFuture)
  return {
    reason,
    ...(scope === undefined ? {} : { scope: scope.name }),
    permissions: namePermissions(today.sort((a, b) => a.index - b.index)),
    future: namePermissions(future.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))),
    allowList
  }
}
