// Rules as they are at run time, where types are gone: each is read once, when the guard is made, and a method without
// a rule, a rule without a method or a rule that is none is an error then and not at the first call.
import { formatPath, quoteValue, suggest } from '../document/suggest.js'
import { CasemateError } from '../errors.js'
import { isRecord } from '../request-problems.js'
import type { ObjectRef } from '../types.js'

/** Derives an object from the store and the arguments, from a result, or from a row. */
export type Derive = (...args: readonly unknown[]) => unknown

export interface ObjectCheck {
  readonly action: string
  readonly object: Derive
}

export type ReadRule =
  | { readonly kind: 'public' }
  | { readonly kind: 'transaction' }
  | {
      readonly kind: 'object'
      readonly need: 'all' | 'any'
      readonly checks: readonly ObjectCheck[]
      readonly notFound: boolean
    }
  | { readonly kind: 'result'; readonly action: string; readonly derive: Derive; readonly notFound: boolean }
  | { readonly kind: 'rows'; readonly action: string; readonly derive: (row: unknown) => ObjectRef }

/**
 * One rule a method, in the order given.
 *
 * @throws CasemateError `invalid_guard` with the method's name.
 */
export function readRules(store: object, rules: object): ReadonlyMap<string, ReadRule> {
  const methods = methodsOf(store)
  const read = new Map<string, ReadRule>()
  for (const [name, rule] of Object.entries(rules)) {
    if (!methods.has(name)) throw guardError([name], 'a rule without a method', name, suggest(name, methods))
    read.set(name, readRule(rule, name))
  }
  for (const name of methods)
    if (!read.has(name)) throw guardError([name], 'a method without a rule', name, suggest(name, read.keys()))
  return read
}

/** The names of every function of a store, inherited ones included: what a caller could call. */
function methodsOf(store: object): ReadonlySet<string> {
  const names = new Set<string>()
  for (
    let at: unknown = store;
    isRecord(at) && Object.getPrototypeOf(at) !== null;
    at = Object.getPrototypeOf(at)
  )
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (name !== 'constructor' && (typeof property.value === 'function' || property.get !== undefined))
        names.add(name)
  return names
}

function readRule(rule: unknown, name: string): ReadRule {
  if (rule === 'public' || rule === 'transaction') return { kind: rule }
  if (!isRecord(rule)) throw guardError([name], 'no rule', rule)
  const forms = ['object', 'result', 'rows', 'all', 'any'].filter((form) => Object.hasOwn(rule, form))
  const [form] = forms
  if (form === undefined || forms.length > 1)
    throw guardError(
      [name],
      'a rule has one of `object`, `result`, `rows`, `all` and `any`',
      forms.join(', ')
    )
  for (const key of Object.keys(rule))
    if (![form, 'action', 'notFound'].includes(key)) throw guardError([name, key], 'unknown key', key)
  const notFound = rule['notFound'] === true
  if (form === 'all' || form === 'any') {
    const list = rule[form]
    if (!Array.isArray(list) || list.length === 0)
      throw guardError([name, form], 'expected some checks, not', list)
    const checks = list.map((check, i) => readCheck(check, [name, form, i]))
    return { kind: 'object', need: form, checks, notFound }
  }
  if (form === 'object') return { kind: 'object', need: 'all', checks: [readCheck(rule, [name])], notFound }
  const action = readAction(rule, [name])
  const derive = readFunction(rule[form], [name, form])
  if (form === 'result') return { kind: 'result', action, derive, notFound }
  // What a row derives is read like any object, by the decision.
  return { kind: 'rows', action, derive: (row) => derive(row) as ObjectRef }
}

function readCheck(check: unknown, path: readonly (string | number)[]): ObjectCheck {
  if (!isRecord(check)) throw guardError(path, 'no check', check)
  return { action: readAction(check, path), object: readFunction(check['object'], [...path, 'object']) }
}

function readAction(rule: Readonly<Record<string, unknown>>, path: readonly (string | number)[]): string {
  const { action } = rule
  if (typeof action !== 'string') throw guardError([...path, 'action'], 'expected an action, not', action)
  return action
}

function readFunction(value: unknown, path: readonly (string | number)[]): Derive {
  if (typeof value !== 'function') throw guardError(path, 'expected a function, not', value)
  return (...args) => Reflect.apply(value, undefined, args) as unknown
}

function guardError(
  path: readonly (string | number)[],
  what: string,
  value: unknown,
  hint?: string
): CasemateError {
  const where = formatPath(path)
  const meant = hint === undefined ? '' : `; did you mean ${quoteValue(hint)}?`
  return new CasemateError('invalid_guard', `${where}: ${what} ${quoteValue(value)}${meant}`, {
    path: where,
    value,
    hint
  })
}
