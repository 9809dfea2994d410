// Names of one kind that differ by a typo: two things that were meant to be one, or that people will take for one.
import type { Path } from '../../document/problem.js'
import { editDistance, quoteValue } from '../../document/suggest.js'
import type { PolicyShape } from '../../document/types.js'
import type { Rule } from './types.js'

/** Shorter names that differ by one letter are different words: `use` and `user`. */
const shortest = 5

export const similarName: Rule = {
  id: 'similar-name',
  severity: 'warning',
  summary: 'Two names of one kind that differ by one letter, by two letters swapped, or by case alone.',
  help: 'Use one of them for both, or names that nobody mixes up.',
  *find({ engine: { document } }) {
    for (const [kind, uses] of namesIn(document)) {
      // The name that is used most often, or comes first, is the one that was meant.
      const byUse = [...uses].sort(([, a], [, b]) => b.length - a.length).map(([name]) => name)
      for (const [name, [first]] of uses) {
        const meant = byUse.slice(0, byUse.indexOf(name)).find((other) => isTypo(name, other))
        if (meant !== undefined && first !== undefined)
          yield { at: first, message: `it is nearly the name of another ${kind}: ${quoteValue(meant)}` }
      }
    }
  }
}

/** By kind, each name with the places where it is declared. */
function namesIn(
  document: PolicyShape
): readonly (readonly [string, ReadonlyMap<string, readonly Path[]>])[] {
  const actions = new Map<string, Path[]>()
  for (const [resource, declared] of Object.entries(document.resources))
    for (const action of Object.keys(declared.actions)) {
      const at = ['resources', resource, 'actions', action]
      actions.set(action, [...(actions.get(action) ?? []), at])
    }
  const keysOf = (...keys: readonly (keyof PolicyShape)[]): ReadonlyMap<string, readonly Path[]> =>
    new Map(keys.flatMap((key) => Object.keys(document[key] ?? {}).map((name) => [name, [[key, name]]])))
  return [
    ['resource', keysOf('resources')],
    ['action', actions],
    ['option', keysOf('options', 'orgOptions')],
    ['role', keysOf('roles')],
    ['system subject', keysOf('systemSubjects')],
    ['scope', keysOf('scopes', 'scopeTemplates')]
  ]
}

/** Numbers tell names apart that are meant to be told apart by them: `tier_1` and `tier_2`. */
function isTypo(a: string, b: string): boolean {
  if (a === b || Math.max(a.length, b.length) < shortest) return false
  if (a.replace(/\d+/g, '') === b.replace(/\d+/g, '')) return false
  return Math.abs(a.length - b.length) <= 1 && editDistance(a.toLowerCase(), b.toLowerCase(), 1) <= 1
}
