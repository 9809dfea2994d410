// The body of a token request → what a server stores, or every problem in it. A stored token always states its limits:
// it never lacks scopes or an allow list.
import { settingsError } from '../../problems/settings-error.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { mostEntries, normalEntries, readEntries } from '../entries.js'
import { meantLifetime, shortestLifetime, tooShort } from '../lifetime.js'
import type { TokenProblems } from './token-problems.js'
import { quoteValue } from '../../problems/quote.js'
import { isPlainObject } from '../../problems/plain.js'
import { checkOutsideTexts } from '../../request/outside-texts.js'

/** How long keys live, and how long their lists may be. */
export interface TokenRequestSettings {
  /** The longest lifetime that may be asked for, in nanoseconds: 30 days are `30 * 86_400e9`. */
  readonly maxLifetime: number
  /** The lifetime of a token whose request names none, or 0; in nanoseconds, at most `maxLifetime`. */
  readonly defaultLifetime: number
  /** Whether a lifetime may be under a minute. Default: no, since such a number usually means seconds. */
  readonly allowShortLifetimes?: boolean | undefined
  /** The most entries of an allow list, counted as given: from 0 to 128, which is the default. */
  readonly maxEntries?: number | undefined
}

/** What a server stores of a token. Its keys are those of the request, so that a row can hold it as it is. */
export interface StoredToken<S extends string = string> {
  /** Canonical names without duplicates, in the order of the request; never empty. */
  readonly scopes: readonly S[]
  /** Entries `type:id` in normal form; `*:*` where the request named no objects; never empty. */
  readonly allow_list: readonly string[]
  /** In nanoseconds. */
  readonly lifetime: number
  /** Absent where the request gives none. */
  readonly token_name?: string
}

/** A policy and settings, prepared for many requests. */
export interface TokenRules {
  readonly compiled: CompiledPolicy
  readonly settings: {
    readonly [Key in keyof TokenRequestSettings]-?: NonNullable<TokenRequestSettings[Key]>
  }
  /** The names and aliases that a user may ask for. */
  readonly publicNames: ReadonlySet<string>
  /** The canonical names of the policy's default scopes, if it has any. */
  readonly defaultScopes: readonly string[] | undefined
}

/**
 * Prepares the rules of a policy.
 *
 * @throws CasemateError `invalid_settings` for lifetimes that are not a whole number of nanoseconds above 0, for those
 * under a minute without `allowShortLifetimes`, for a default above the maximum, and for an invalid `maxEntries`.
 */
export function tokenRules(compiled: CompiledPolicy, settings: TokenRequestSettings): TokenRules {
  const own: TokenRequestSettings = { ...settings }
  const { maxLifetime, defaultLifetime } = own
  const allowShortLifetimes = Object.hasOwn(own, 'allowShortLifetimes') && own.allowShortLifetimes === true
  for (const [name, value] of Object.entries({ maxLifetime, defaultLifetime })) {
    if (!Number.isInteger(value) || value <= 0)
      throw settingsError(
        name,
        `expected a whole number of nanoseconds above 0, not ${quoteValue(value)}`,
        value
      )
    if (value < shortestLifetime && !allowShortLifetimes) {
      const meant = meantLifetime(value, Number.MAX_SAFE_INTEGER)
      throw settingsError(name, tooShort(value, meant), value, meant?.lifetime)
    }
  }
  if (defaultLifetime > maxLifetime)
    throw settingsError(
      'defaultLifetime',
      `${defaultLifetime} is longer than maxLifetime, ${maxLifetime}`,
      defaultLifetime
    )
  const scopes = compiled.scopes.list().filter(({ isPublic }) => isPublic)
  return {
    compiled,
    settings: {
      maxLifetime,
      defaultLifetime,
      allowShortLifetimes,
      maxEntries: mostEntries(Object.hasOwn(own, 'maxEntries') ? own.maxEntries : undefined)
    },
    publicNames: new Set(scopes.flatMap(({ name, document }) => [name, ...(document?.aliases ?? [])])),
    defaultScopes: compiled.document.defaultScopes?.map((name) => compiled.scopes.find(name)?.name ?? name)
  }
}

const requestKeys = new Set(['scopes', 'scope', 'allow_list', 'lifetime', 'token_name'])
const longestName = 32
const tokenName = /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/

/** Reads a body. If `problems` has any afterwards, the result must not be used. */
export function readTokenRequest(
  rules: TokenRules,
  body: unknown,
  problems: TokenProblems
): StoredToken | undefined {
  if (!isPlainObject(body)) {
    problems.addShape([], 'a token request', body)
    return undefined
  }
  checkOutsideTexts(body, problems)
  for (const key of Object.keys(body)) if (!requestKeys.has(key)) problems.addUnknownKey([], key, requestKeys)
  // A key that is present counts, whatever its value, so that lost scopes are a problem and not the default.
  const given = (key: string): boolean => Object.hasOwn(body, key)
  const scopes = given('scopes')
    ? readScopes(rules, body['scopes'], problems)
    : given('scope')
      ? readOneScope(rules, body['scope'], problems)
      : defaultScopes(rules, problems)
  // Together with `scopes` any text is allowed here and ignored; `null` is a problem everywhere.
  if (given('scopes') && given('scope') && typeof body['scope'] !== 'string')
    problems.addShape(['scope'], 'the name of a scope', body['scope'])
  const list = given('allow_list') ? readAllowList(rules, body['allow_list'], problems) : ['*:*']
  const lifetime = given('lifetime') ? readLifetime(rules, body['lifetime'], problems) : 0
  const name = given('token_name') ? readName(body['token_name'], problems) : undefined
  if (problems.list.length > 0 || scopes === undefined) return undefined
  return {
    scopes: [...new Set(scopes)],
    allow_list: list,
    lifetime: lifetime === 0 ? rules.settings.defaultLifetime : lifetime,
    ...(name === undefined ? {} : { token_name: name })
  }
}

function defaultScopes(rules: TokenRules, problems: TokenProblems): readonly string[] | undefined {
  if (rules.defaultScopes === undefined)
    problems.add('missing_scopes', ['scopes'], 'missing scopes; the policy has no default scopes')
  return rules.defaultScopes
}

function readScopes(rules: TokenRules, given: unknown, problems: TokenProblems): readonly string[] {
  if (!Array.isArray(given)) {
    problems.addShape(['scopes'], 'a list of scopes', given)
    return []
  }
  if (given.length === 0)
    problems.add('empty_list', ['scopes'], 'empty list; a token without scopes can do nothing')
  const names: string[] = []
  // By index: a hole is a scope that is missing, and a problem.
  for (let i = 0; i < given.length; i++) {
    const name = readScope(rules, given[i], ['scopes', i], problems)
    if (name !== undefined) names.push(name)
  }
  return names
}

function readOneScope(
  rules: TokenRules,
  given: unknown,
  problems: TokenProblems
): readonly string[] | undefined {
  const name = readScope(rules, given, ['scope'], problems)
  return name === undefined ? undefined : [name]
}

function readScope(
  { compiled, publicNames }: TokenRules,
  given: unknown,
  path: readonly (string | number)[],
  problems: TokenProblems
): string | undefined {
  if (typeof given !== 'string') {
    problems.addShape(path, 'the name of a scope', given)
    return undefined
  }
  const scope = compiled.scopes.find(given)
  if (scope?.isPublic === true) return scope.name
  if (scope === undefined) problems.addUnknown('unknown_scope', path, 'scope', given, publicNames)
  else
    problems.add(
      'internal_scope',
      path,
      `scope ${quoteValue(given)} is not one that a user may ask for`,
      given,
      problems.suggest(given, publicNames)
    )
  return undefined
}

function readAllowList(
  { compiled, settings }: TokenRules,
  given: unknown,
  problems: TokenProblems
): readonly string[] {
  const { ids } = readEntries(given, ['allow_list'], settings.maxEntries, compiled.lists, problems)
  if (Array.isArray(given) && given.length === 0)
    problems.add('empty_list', ['allow_list'], 'empty list; a token without objects can do nothing')
  return normalEntries(ids, compiled.catalogue.resources.keys())
}

function readLifetime({ settings }: TokenRules, given: unknown, problems: TokenProblems): number {
  const path = ['lifetime']
  if (typeof given !== 'number') problems.addShape(path, 'a number of nanoseconds', given)
  else if (!Number.isInteger(given) || given < 0)
    problems.add(
      'invalid_lifetime',
      path,
      `expected a whole number of nanoseconds from 0, not ${quoteValue(given)}`,
      given
    )
  else if (given > settings.maxLifetime)
    problems.add(
      'lifetime_too_long',
      path,
      `${given} nanoseconds are more than the longest lifetime, ${settings.maxLifetime}`,
      given
    )
  else if (given > 0 && given < shortestLifetime && !settings.allowShortLifetimes) {
    const meant = meantLifetime(given, settings.maxLifetime)
    problems.add('lifetime_too_short', path, tooShort(given, meant), given, meant?.lifetime)
  } else return given
  return 0
}

function readName(given: unknown, problems: TokenProblems): string | undefined {
  const path = ['token_name']
  if (typeof given !== 'string') problems.addShape(path, 'a text', given)
  else if (given.length <= longestName && tokenName.test(given)) return given
  else
    problems.add(
      'invalid_token_name',
      path,
      `expected 1 to ${longestName} letters, digits and single hyphens inside, not ${quoteValue(given)}`,
      given
    )
  return undefined
}
