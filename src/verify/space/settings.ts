// Deployment options and organization settings for proofs: a policy compiled again under other options, every
// combination of values, and the limits on how many are tried.
import { compileDocument, type CompiledPolicy } from '../../compile/compile.js'
import { addRoles, listRoles } from '../../compile/role-index.js'
import type { CompiledRole } from '../../compile/roles.js'
import { CasemateError } from '../../errors.js'
import type { OptionDocument, PolicyData, RoleDocument } from '../../document/types.js'
import { quoteValue } from '../../problems/quote.js'
import type { OptionValue } from '../../types.js'

/** Values by option name. */
export type Values = Readonly<Record<string, OptionValue>>

/**
 * The policy compiled again under other values of its deployment's options, its custom roles included. Options that
 * are not named keep the values they have.
 *
 * @throws RequestError `unknown_option`, `invalid_option`.
 */
export function underOptions(compiled: CompiledPolicy, options: Values): CompiledPolicy {
  const isSame = Object.entries(options).every(([name, value]) => compiled.options.get(name) === value)
  if (isSame) return compiled
  return compileAgain(compiled, compiled.document, options)
}

/** Another document with the policy's custom roles, under its options or others. */
export function compileAgain(
  compiled: CompiledPolicy,
  document: PolicyData,
  options: Values = {}
): CompiledPolicy {
  const given = Object.fromEntries([...compiled.options, ...Object.entries(options)])
  const made = compileDocument(document, given)
  const custom = new Map<string, { role: CompiledRole; added: [string, RoleDocument][] }>()
  for (const role of listRoles(compiled.roles)) {
    if (!role.isCustom) continue
    const key = JSON.stringify([role.kind, role.place ?? null])
    const there = custom.get(key) ?? { role, added: [] }
    custom.set(key, there)
    there.added.push([role.name, role.document])
  }
  let { roles } = made
  for (const { role, added } of custom.values())
    roles = addRoles(roles, Object.fromEntries(added), role.place, made.context, role.kind)
  return { ...made, roles }
}

/** The deployment's options that a policy was compiled with. */
export function optionsOf(compiled: CompiledPolicy): Values {
  return Object.fromEntries(compiled.options)
}

/** More than people write: twelve options of two values that all matter to one permission. */
export const mostCombinations = 4096

/**
 * Every combination of values of the named options; one empty combination where none is named. `about` says what they
 * are for, in the error: ``role `editor` ``.
 *
 * @throws CasemateError `too_many_cases` where there are more than `mostCombinations`; it names the options.
 */
export function combinations(
  names: Iterable<string>,
  declared: ReadonlyMap<string, OptionDocument>,
  about?: string
): Values[] {
  const read = [...names]
  requireFew(
    read.map((name) => [name, declared.get(name)?.values.length ?? 0]),
    about
  )
  let all: [string, OptionValue][][] = [[]]
  for (const name of read) {
    const { values, default: standard } = declared.get(name) ?? { values: [] }
    // The default comes first, so the first combination is the plainest.
    const ordered = standard === undefined ? values : [standard, ...values.filter((v) => v !== standard)]
    all = all.flatMap((before) => ordered.map((value) => [...before, [name, value] as [string, OptionValue]]))
  }
  return all.map((entries) => Object.fromEntries(entries))
}

/**
 * How many combinations there are. Fails before any is made if there are more than anybody would wait for.
 *
 * @throws CasemateError `too_many_cases`.
 */
export function requireFew(
  counts: readonly (readonly [name: string, values: number])[],
  about = 'the policy'
): number {
  const number = counts.reduce((product, [, count]) => product * count, 1)
  if (number <= mostCombinations) return number
  const telling = counts.filter(([, count]) => count > 1)
  throw tooManyCases(
    about,
    telling.map(([name]) => name),
    `${telling.map(([, count]) => count).join(' × ')} combinations`,
    mostCombinations
  )
}

/** The most roles times permissions: with more, the role tables of the largest documents do not fit in memory. */
const mostCells = 20_000_000

/**
 * Fails if the votes of all roles on all permissions are more than fit in memory.
 *
 * @throws CasemateError `too_many_cases`.
 */
export function requireFewCells({ roles, systemSubjects, catalogue }: CompiledPolicy): void {
  const voters = listRoles(roles).length + systemSubjects.size
  const { length } = catalogue.permissions
  if (voters * length <= mostCells) return
  const text = `${voters} roles and services × ${length} permissions`
  throw tooManyCases('the policy', [], text, mostCells)
}

/** How many names an error lists. */
const mostNamed = 12

/** The error for more cases than are tried. */
export function tooManyCases(
  about: string,
  names: readonly string[],
  what: string,
  most: number
): CasemateError {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  const named = names.length === 0 ? '' : ` of ${names.slice(0, mostNamed).map(quoteValue).join(', ')}${more}`
  const text = `${about}: too many cases to prove anything: ${cut(what)}${named}, more than ${most}`
  return new CasemateError('too_many_cases', text, { value: names })
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}… ` : text
}

/** A value by its option's name, which may be `constructor` or `__proto__`. */
export function valueIn(values: Values, name: string): OptionValue | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
