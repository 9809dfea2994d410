// Suggests the smallest key for a run: scopes and an allow list that let through everything recorded, and as little
// else as possible. It compares permissions and objects; it decides nothing.
import type { Policy } from '../../policy/types/index.js'
import type { Names, PermissionOf, ScopeOf } from '../../document/index.js'
import { RequestProblems } from '../../problems/request-problems.js'
import type { TemplateScope } from '../../types.js'
import { candidatesFor } from './candidates.js'
import { chooseEntries } from './choose-entries.js'
import { chooseScopes } from './choose-scopes.js'
import { readRecord } from './read-record.js'
import type { CheckRecord } from './record.js'
import { type CompiledPolicy, compiledOf } from '../../compile/compile.js'

/** Which scopes may be suggested. */
export interface SuggestSettings {
  /** Whether only scopes that a user may ask for are suggested. Default: any scope of the policy. */
  readonly public?: boolean | undefined
}

/** A key for a run: `subject.within({ scopes, allowList })` answers what was recorded as the run saw it. */
export interface ScopeSuggestion<S extends string = string, P extends string = string> {
  /** Declared scopes in document order, then low-level ones in catalogue order; every one is needed. */
  readonly scopes: readonly S[]
  /** In normal form, at most 128 entries; every one is needed. */
  readonly allowList: readonly string[]
  /** Whether no other choice has less excess, or the same with fewer names; if false, it is the best one found. */
  readonly isExact: boolean
  /**
   * What the scopes let through beyond the run, including future permissions of wildcards (`workspace:*`, `*:*`). Of a
   * resource with attributes it says for which: `document:read where status = draft`.
   */
  readonly excess: readonly string[]
  /** Permissions of the run that no available scope has; the key does not let them through. */
  readonly uncovered: readonly P[]
  /** Scopes that the subjects of the run held without need: they let through nothing of it. */
  readonly unused: readonly (S | TemplateScope)[]
}

/**
 * Scopes and an allow list for a record, with the least excess: as few permissions beyond the run as possible (a
 * wildcard counts for future ones too), then as few scopes as possible. Exact if at most 12 declared scopes have a
 * permission of the run and no low-level scope of it has more than one (by attributes, or by what an action implies);
 * else the best choice that was found, in which every scope is needed. An empty record gives a key that allows nothing.
 *
 * The list has one entry for each object, and `type:*` for objects without id (or with an id that no list can name). If
 * that is more than 128 entries, the types with the most objects get `type:*`.
 *
 * @throws RequestError `unknown_resource`, `unknown_action`, `unknown_scope`, `unknown_scope_template` and those of its
 * parameters for what the policy does not have; `invalid_request` for anything but a record.
 */
export function suggestScopes<N extends Names>(
  policy: Policy<N>,
  record: CheckRecord,
  settings?: SuggestSettings
): ScopeSuggestion<ScopeOf<Policy<N>>, PermissionOf<Policy<N>>>
export function suggestScopes(
  policy: Policy,
  record: CheckRecord,
  settings: SuggestSettings = {}
): ScopeSuggestion {
  return suggestFrom(compiledOf(policy), record, settings)
}

/** As `suggestScopes`, of the compiled form itself. */
export function suggestFrom(
  compiled: CompiledPolicy,
  record: CheckRecord,
  settings: SuggestSettings = {}
): ScopeSuggestion {
  const problems = new RequestProblems()
  const { checks, held } = readRecord(compiled, record, ['record'], problems)
  problems.throwFirst()
  const asked = checks.flatMap(({ permissions }) => permissions.map(({ index }) => index))
  const needed = new Set(asked.sort((a, b) => a - b))
  const candidates = candidatesFor(compiled, needed, ({ isPublic }) => settings.public !== true || isPublic)
  const choice = chooseScopes(candidates, [...needed])
  const nameOf = (place: number): string => candidates.universe[place] ?? ''
  const uncovered = new Set(choice.uncovered)
  const covered = checks.filter(({ permissions }) => permissions.some(({ index }) => !uncovered.has(index)))
  return {
    scopes: choice.scopes,
    allowList: chooseEntries(
      covered.map(({ permissions: [{ resource }], id, some }) => ({ type: resource, id, some })),
      compiled.lists
    ),
    isExact: choice.isExact,
    excess: choice.excess.map(nameOf),
    uncovered: [
      ...new Set(choice.uncovered.map((place) => compiled.catalogue.permissions[place]?.name ?? ''))
    ],
    unused: held.filter(({ has }) => !checks.some(has)).map(({ scope }) => scope)
  }
}
