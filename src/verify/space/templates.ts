// Scope templates filled with example parameters, for statements about "whoever has this scope". Each parameter gets an
// id of its own that nothing else in the template has, so that each list entry matches only what it names.
import { splitName } from '../../problems/names.js'
import { isUuid } from '../../document/ids.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import type { CompiledTemplate } from '../../compile/scopes.js'
import type { CompiledPermission } from '../../compile/catalogue.js'
import { listNames } from '../../compile/permission-set.js'
import type { PermissionSet, ScopeTemplateDocument } from '../../document/types.js'
import type { TemplateScope } from '../../types.js'
import { requireFew } from './settings.js'
import { quoteValue } from '../../problems/quote.js'

/** Which optional parameters and flags of a template are given; the required ones always are. */
export type Given = ReadonlySet<string>

/** The template as a scope of a subject, with an id for each parameter. */
export function fillExample(
  compiled: CompiledPolicy,
  template: CompiledTemplate,
  given: Given
): TemplateScope {
  const { document } = template
  const literals = new Set((document.allowList ?? []).map((entry) => splitName(entry)[1]))
  const params: [string, string | boolean][] = []
  let number = 0
  for (const [name, need] of Object.entries(document.params)) {
    if (need === 'flag') {
      if (given.has(name)) params.push([name, true])
      continue
    }
    number = nextNumber(compiled, number, literals)
    if (need === 'required' || given.has(name)) params.push([name, exampleId(compiled, number)])
  }
  return { template: template.name, params: Object.fromEntries(params) }
}

/**
 * Every way to give or leave out a template's optional parameters and flags, the fewest given first.
 *
 * @throws CasemateError `too_many_cases`.
 */
export function waysToGive({ name, document }: CompiledTemplate): Given[] {
  const free = Object.entries(document.params).flatMap(([param, need]) =>
    need === 'required' ? [] : [param]
  )
  return waysOf(free, `scope template ${quoteValue(name)}`)
}

/**
 * The ways to give parameters that make a difference to a permission, in any of some forms of one template; the fewest
 * given first.
 *
 * - A flag matters if a variant reads it whose set has a line under the permission's resource or `*`, unless all lines
 *   under that key say the same of the permission.
 * - An optional parameter matters if an entry of the list names it for the resource or for every type. An object's id
 *   is listed by one entry or by none, so giving two parameters shows no more than giving one; and one id is like any
 *   other, so it does not matter which. So one of them is given, or none.
 *
 * @throws CasemateError `too_many_cases`.
 */
export function waysAbout(forms: readonly CompiledTemplate[], permission: CompiledPermission): Given[] {
  const telling = new Set(forms.flatMap(({ document }) => [...flagsAbout(document, permission)]))
  const [first] = forms
  if (first === undefined) return [new Set()]
  const listed = Object.entries(first.document.params).flatMap(([name, need]) =>
    need === 'optional' && forms.some(({ entries }) => isListed(entries, name, permission)) ? [name] : []
  )
  const [last] = listed.slice(-1)
  const free = Object.keys(first.document.params).filter((name) => telling.has(name) || name === last)
  return waysOf(free, `scope template ${quoteValue(first.name)} about ${quoteValue(permission.name)}`)
}

/** The flags that change whether a template lets a permission through. */
function flagsAbout(
  { allow, variants = [] }: ScopeTemplateDocument,
  permission: CompiledPermission
): Set<string> {
  const { resource } = permission
  const flags = new Set<string>()
  for (const key of [resource, '*']) {
    const says = (set: PermissionSet): string => {
      const list = Object.hasOwn(set, key) ? set[key] : undefined
      if (list !== undefined && listNames(list, 'allow', permission)) return 'yes'
      return list !== undefined && key !== '*' ? 'no' : 'nothing'
    }
    const naming = variants.filter((variant) => Object.hasOwn(variant.allow, key))
    if (naming.some((variant) => says(variant.allow) !== says(allow)))
      for (const { when } of naming) for (const flag of Object.keys(when)) flags.add(flag)
  }
  return flags
}

function isListed(
  entries: CompiledTemplate['entries'],
  name: string,
  { resource }: CompiledPermission
): boolean {
  return (entries ?? []).some(({ type, param }) => param === name && (type === '*' || type === resource))
}

function waysOf(free: readonly string[], about: string): Given[] {
  requireFew(
    free.map((name) => [name, 2]),
    about
  )
  let ways: string[][] = [[]]
  for (const name of free) ways = ways.flatMap((way) => [way, [...way, name]])
  return ways.sort((a, b) => a.length - b.length).map((way) => new Set(way))
}

/** Whether a template lets a permission through under its flags, as its compiled tables say. */
export function letsThrough(
  { allow, variants = [] }: ScopeTemplateDocument,
  given: Given,
  permission: CompiledPermission
): boolean {
  const applied = variants.filter(({ when }) =>
    Object.entries(when).every(([flag, value]) => given.has(flag) === value)
  )
  const layers = [...applied.map((variant) => variant.allow).reverse(), allow]
  for (const key of [permission.resource, '*']) {
    const set = layers.find((layer) => Object.hasOwn(layer, key))
    const list = set?.[key]
    if (list !== undefined) return listNames(list, 'allow', permission)
  }
  return false
}

function nextNumber(compiled: CompiledPolicy, number: number, literals: ReadonlySet<string>): number {
  let next = number + 1
  while (hasLiteral(literals, exampleId(compiled, next))) next++
  return next
}

function hasLiteral(literals: ReadonlySet<string>, id: string): boolean {
  return isUuid(id) ? [...literals].some((literal) => literal.toLowerCase() === id) : literals.has(id)
}

function exampleId(compiled: CompiledPolicy, number: number): string {
  return compiled.document.ids === 'uuid'
    ? `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
    : `id${number}`
}
