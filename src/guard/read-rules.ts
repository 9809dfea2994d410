// Reads and checks the rules once, when the guard is made. A method without a rule, a rule without a method or an
// invalid rule is an error then, and not at the first call.
import { suggest } from '../problems/suggest.js'
import type { ObjectRef } from '../types.js'
import type { Path } from '../problems/path.js'
import { isRecord } from '../problems/plain.js'
import type { Catalogue } from '../compile/catalogue.js'
import type { SqlCondition } from '../sql/where.js'
import { readNotFound, type Hiding } from './read-not-found.js'
import { readWhere } from './read-where.js'
import {
  checkKeys,
  guardError,
  own,
  readFunction,
  readRows,
  type Derive,
  type Fields
} from './read-fields.js'

export interface ObjectCheck {
  readonly action: string
  readonly object: Derive
}

export type ReadRule =
  | { readonly kind: 'public' }
  | { readonly kind: 'transaction' }
  | ({
      readonly kind: 'object'
      readonly need: 'all' | 'any'
      readonly checks: readonly ObjectCheck[]
      readonly copiesArguments: boolean
    } & Hiding)
  | ({ readonly kind: 'result'; readonly action: string; readonly derive: Derive } & Hiding)
  | { readonly kind: 'rows'; readonly action: string; readonly derive: (row: unknown) => ObjectRef }
  | {
      readonly kind: 'where'
      readonly action: string
      readonly resource: string
      /** The condition for the rows of a subject. */
      readonly condition: (subject: unknown) => SqlCondition
      /** None where a row alone is not enough: then only counts can come back. */
      readonly derive: ((row: unknown) => ObjectRef) | undefined
    }

/** What a rule may name. */
export interface Known {
  readonly catalogue: Catalogue
  /** Whether the guard has the setting `notFound`. */
  readonly hasNotFound: boolean
}

/**
 * One rule per method, in the order given; hidden methods have none.
 *
 * @throws CasemateError `invalid_guard` with the method's name.
 */
export function readRules(store: object, rules: object, known: Known): ReadonlyMap<string, ReadRule> {
  const methods = methodsOf(store)
  const read = new Map<string, ReadRule>()
  const named = new Set<string>()
  for (const [name, rule] of Object.entries(rules)) {
    // An optional method that this store does not have.
    if (rule === undefined && !methods.has(name)) continue
    if (!methods.has(name)) {
      // Suggests first a method that has no rule yet.
      const free = [...methods].filter((method) => !Object.hasOwn(rules, method))
      const meant = suggest(name, free) ?? suggest(name, methods)
      throw guardError([name], 'there is no method', name, meant)
    }
    named.add(name)
    if (rule !== 'hidden') read.set(name, readRule(rule, name, known))
  }
  for (const name of methods)
    if (!named.has(name)) throw guardError([name], 'there is no rule for the method', name)
  return read
}

/**
 * The settings, each read once.
 *
 * @throws CasemateError `invalid_guard` for an unknown setting, or one that is not a function.
 */
export function readSettings(settings: unknown): {
  readonly notFound: Derive | undefined
  readonly watch: Derive | undefined
} {
  if (!isRecord(settings)) throw guardError(['settings'], 'expected settings, not', settings)
  checkKeys(settings, ['notFound', 'watch'], ['settings'])
  const read = (name: string): Derive | undefined => {
    const value = own(settings, name)
    return value === undefined ? undefined : readFunction(value, ['settings', name])
  }
  return { notFound: read('notFound'), watch: read('watch') }
}

/** The names of every function and getter of a store, inherited ones included: everything that a caller could call. */
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

const forms = ['object', 'result', 'rows', 'where', 'all', 'any'] as const

function readRule(rule: unknown, name: string, known: Known): ReadRule {
  if (rule === 'public' || rule === 'transaction') return { kind: rule }
  if (!isRecord(rule)) {
    const hint = typeof rule === 'string' ? suggest(rule, ['public', 'transaction', 'hidden']) : undefined
    throw guardError([name], 'expected a rule, not', rule, hint)
  }
  const found = forms.filter((one) => Object.hasOwn(rule, one))
  // Beside `where`, `rows` says how to read what comes back.
  const [form, ...others] = found.includes('where') ? found.filter((one) => one !== 'rows') : found
  if (form === undefined) checkKeys(rule, [...forms, 'action', 'notFound', 'copyArguments'], [name])
  if (form === undefined || others.length > 0)
    throw guardError(
      [name],
      'expected exactly one of `object`, `result`, `rows`, `where`, `all` and `any`; found',
      [form ?? '', ...others].join(', ')
    )
  const isSeveral = form === 'all' || form === 'any'
  const keys = {
    object: ['action', 'notFound', 'copyArguments'],
    all: ['notFound', 'copyArguments'],
    any: ['notFound', 'copyArguments'],
    result: ['action', 'notFound'],
    rows: ['action'],
    where: ['action', 'as', 'rows']
  }
  checkKeys(rule, [form, ...keys[form]], [name])
  if (form === 'where') {
    const action = readAction(rule, [name], known)
    return { kind: 'where', action, ...readWhere(rule, name, action, known.catalogue) }
  }
  if (form === 'rows')
    return { kind: 'rows', action: readAction(rule, [name], known), derive: readRows(rule, name) }
  if (form === 'result') {
    const action = readAction(rule, [name], known)
    const derive = readFunction(rule[form], [name, form])
    return { kind: 'result', action, derive, ...readNotFound(rule, name, [action], known.catalogue) }
  }
  const checks = isSeveral ? readChecks(rule[form], [name, form], known) : [readCheck(rule, [name], known)]
  const actions = checks.map(({ action }) => action)
  const hiding = readNotFound(rule, name, actions, known.catalogue)
  // Without the setting the answer would be `undefined`, and a refused write would look like a success.
  if (hiding.notFound && !known.hasNotFound)
    throw guardError(
      [name, 'notFound'],
      'the guard has no setting `notFound`, which is needed for',
      rule['notFound']
    )
  const copiesArguments = readFlag(rule, 'copyArguments', name)
  return { kind: 'object', need: form === 'any' ? 'any' : 'all', checks, copiesArguments, ...hiding }
}

function readChecks(list: unknown, path: Path, known: Known): readonly ObjectCheck[] {
  if (!Array.isArray(list) || list.length === 0) throw guardError(path, 'expected some checks, not', list)
  // By index: a hole is a check that is missing.
  return Array.from<unknown, ObjectCheck>(list, (check, i) => {
    const at = [...path, i]
    if (isRecord(check)) checkKeys(check, ['action', 'object'], at)
    return readCheck(check, at, known)
  })
}

function readCheck(check: unknown, path: Path, known: Known): ObjectCheck {
  if (!isRecord(check)) throw guardError(path, 'expected a check, not', check)
  return {
    action: readAction(check, path, known),
    object: readFunction(own(check, 'object'), [...path, 'object'])
  }
}

function readAction(check: Fields, path: Path, { catalogue }: Known): string {
  const { columns } = catalogue.grid
  const action = own(check, 'action')
  const at = [...path, 'action']
  if (typeof action !== 'string') throw guardError(at, 'expected an action, not', action)
  if (!columns.has(action))
    throw guardError(at, 'no resource has the action', action, suggest(action, columns.keys()))
  return action
}

function readFlag(rule: Fields, key: string, name: string): boolean {
  if (!Object.hasOwn(rule, key)) return false
  const flag = rule[key]
  if (typeof flag !== 'boolean') throw guardError([name, key], 'expected true or false, not', flag)
  return flag
}
