// Checks declared scopes and lists of scope names: no name has two meanings, and every name that is used exists.
import { entriesOf, fieldOf, textsOf } from '../read.js'
import { checkRepeats, type Context } from './context.js'
import { checkVisibleName } from './names.js'
import { checkPermissionSet } from './permission-set.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

/** Checks `scopes`, `publicScopes` and `defaultScopes`. */
export function checkScopes(context: Context): void {
  const { document, problems, lowLevelScopes } = context
  const aliases = new Set<string>()
  for (const [name, scope] of entriesOf(fieldOf(document, 'scopes'))) {
    const path = ['scopes', name]
    if (lowLevelScopes.has(name)) {
      const message = `${quoteValue(name)} is already the scope of that permission`
      problems.add('duplicate_name', path, message, name)
    }
    checkPermissionSet(fieldOf(scope, 'allow'), [...path, 'allow'], context, { effect: 'allow' })
    for (const [index, alias] of textsOf(fieldOf(scope, 'aliases'))) {
      checkAlias(alias, [...path, 'aliases', index], aliases, context)
      aliases.add(alias)
    }
  }
  checkList('publicScopes', context)
  checkList('defaultScopes', context)
}

function checkAlias(alias: string, path: Path, earlier: ReadonlySet<string>, context: Context): void {
  const { problems, scopes, lowLevelScopes } = context
  checkVisibleName(alias, path, context)
  const taken = scopes.has(alias)
    ? 'a declared scope'
    : lowLevelScopes.has(alias)
      ? 'the scope of that permission'
      : earlier.has(alias)
        ? 'another alias'
        : undefined
  if (taken === undefined) return
  problems.add('duplicate_name', path, `the alias ${quoteValue(alias)} is already ${taken}`, alias)
}

function checkList(key: 'publicScopes' | 'defaultScopes', context: Context): void {
  const list = fieldOf(context.document, key)
  for (const [index, name] of textsOf(list)) checkScopeName(name, [key, index], context)
  checkRepeats(list, [key], context)
}

/** Adds `unknown_scope` for what is no declared, aliased or low-level name; `others` are further suggestions. */
export function checkScopeName(
  name: string,
  path: Path,
  context: Context,
  others: ReadonlySet<string> = new Set()
): void {
  const { problems, scopes, aliases, lowLevelScopes } = context
  if (scopes.has(name) || aliases.has(name) || lowLevelScopes.has(name)) return
  const hint =
    problems.suggest(name, scopes) ??
    problems.suggest(name, aliases) ??
    problems.suggest(name, others) ??
    problems.suggest(name, lowLevelScopes)
  problems.add('unknown_scope', path, `unknown scope ${quoteValue(name)}`, name, hint)
}
