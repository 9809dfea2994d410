// A rule about two roles with the same votes: who gives one cannot know why not the other.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { CompiledRole } from '../compile/roles.js'
import type { OptionDocument, RoleDocument } from '../document/types.js'
import { combinations, valueIn } from '../verify/space/settings.js'
import { LayeredRole } from '../verify/space/told-apart.js'
import { saysAnything, type LintContext } from './context.js'
import type { Rule } from './types.js'
import { quoteValue } from '../problems/quote.js'
import type { OptionValue } from '../types.js'
import { votesUnder } from '../verify/space/votes-under.js'

export const duplicateRole: Rule = {
  id: 'duplicate-role',
  severity: 'warning',
  summary: 'A role that equals another: the same votes under every setting, and it assigns the same.',
  help: 'Keep one of them, or write down what tells them apart.',
  *find(context) {
    const firstNames = new Map<string, string>()
    for (const voter of context.voters) {
      const { name, role, at } = voter
      // Roles without votes belong to another rule.
      if (role === undefined || !saysAnything(context, voter)) continue
      const key = JSON.stringify([role.kind, votesOf(context, role), delegationOf(role.document)])
      const first = firstNames.get(key)
      if (first === undefined) firstNames.set(key, name)
      else yield { at, message: `it says the same as the role ${quoteValue(first)}` }
    }
  }
}

function delegationOf({ assigns = [], assignable = true }: RoleDocument): unknown[] {
  return [[...assigns].sort(), assignable]
}

/** Equal for roles that read the same options and settings and vote alike under all of their values. */
function votesOf({ compiled }: LintContext, role: CompiledRole): string {
  const layered = new LayeredRole(role.name, role.document, ['roles', role.name], compiled.context.shipped)
  if (!layered.hasVariants) return bytesText(role.under([]).table)
  const declared = new Map([
    ...Object.entries(compiled.document.options ?? {}),
    ...compiled.context.orgOptions
  ])
  const votes = compiled.catalogue.permissions.map((permission) => votesOn(layered, permission, declared))
  return JSON.stringify([[...layered.reads].sort(), votes])
}

function bytesText(table: Uint8Array): string {
  return Array.from(table, (byte) => String.fromCharCode(byte)).join('')
}

/**
 * A role's votes on a permission as a function of its options, in a normal form: the options that change the votes, for
 * each of them which declared values are equivalent, and the votes under each combination of these.
 */
function votesOn(
  layered: LayeredRole,
  permission: CompiledPermission,
  declared: ReadonlyMap<string, OptionDocument>
): unknown {
  const layers = layered.about(permission)
  const kinds = new Map<string, Kinds>()
  for (const name of [...layers.asked.keys()].sort()) {
    const option = declared.get(name)
    if (option !== undefined) kinds.set(name, kindsOf(option, layers.asked.get(name) ?? new Set()))
  }
  const options = new Map([...kinds].map(([name, { values }]) => [name, { values }]))
  const about = `role ${quoteValue(layered.name)} about ${quoteValue(permission.name)}`
  const names = [...kinds.keys()]
  const every = combinations(names, options, about)
  const votes = votesUnder(layers, options).map((byte, index) => {
    const values = every[index] ?? {}
    return { values: names.map((name) => valueIn(values, name)), byte }
  })
  // Two values of an option are alike if every combination of the other options gets the same votes under both.
  const alike = names.map((_, position) => {
    const rows = new Map<OptionValue | undefined, number[]>()
    for (const { values, byte } of votes) {
      const row = rows.get(values[position])
      if (row === undefined) rows.set(values[position], [byte])
      else row.push(byte)
    }
    const numbers = new Map<string, number>()
    return new Map(
      [...rows].map(([value, row]) => {
        const key = row.join()
        numbers.set(key, numbers.get(key) ?? numbers.size)
        return [value, numbers.get(key) ?? 0] as const
      })
    )
  })
  const telling = names.flatMap((name, position) => {
    const numbers = alike[position] ?? new Map<OptionValue | undefined, number>()
    const all = (kinds.get(name)?.standing ?? []).map((value) => numbers.get(value) ?? 0)
    return new Set(all).size > 1 ? [{ name, position, all }] : []
  })
  const byKinds = new Map<string, number>()
  for (const { values, byte } of votes)
    byKinds.set(telling.map(({ position }) => alike[position]?.get(values[position]) ?? 0).join(), byte)
  return [telling.map(({ name, all }) => [name, all]), [...byKinds].sort(([a], [b]) => (a < b ? -1 : 1))]
}

interface Kinds {
  /** One value of each kind, in the order in which the option declares them. */
  readonly values: readonly OptionValue[]
  /** For each declared value, the one that stands for it. */
  readonly standing: readonly OptionValue[]
}

function kindsOf({ values }: OptionDocument, asked: ReadonlySet<OptionValue>): Kinds {
  const other = values.find((value) => !asked.has(value))
  const standing = values.map((value) => (asked.has(value) ? value : (other ?? value)))
  return { values: [...new Set(standing)], standing }
}
