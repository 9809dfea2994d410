// A rule about names of one kind that differ by a typo: probably the same thing was meant, or people will mix them up.
import { editDistance } from '../problems/suggest.js'
import type { PolicyData } from '../document/types.js'
import type { Rule } from './types.js'
import { quoteValue } from '../problems/quote.js'
import type { Path } from '../problems/path.js'

/** Shorter names that differ by one letter are different words: `use` and `user`. */
const shortest = 5

export const similarName: Rule = {
  id: 'similar-name',
  severity: 'warning',
  summary: 'Two names of one kind that differ by one letter, by two letters swapped, or by case alone.',
  help: 'Use one of them for both, or names that nobody mixes up.',
  *find({ compiled: { document } }) {
    for (const [kind, uses] of namesIn(document)) {
      // The name that is used most often, or comes first, is the one that was meant.
      const byUse = [...uses].sort(([, a], [, b]) => b.length - a.length).map(([name]) => name)
      const near = new NearNames(byUse)
      for (const [name, [first]] of uses) {
        const meant = near.firstBefore(name)
        if (meant !== undefined && first !== undefined)
          yield { at: first, message: `it is nearly the name of another ${kind}: ${quoteValue(meant)}` }
      }
    }
  }
}

/** By kind, each name with the places where it is declared. */
function namesIn(document: PolicyData): readonly (readonly [string, ReadonlyMap<string, readonly Path[]>])[] {
  const keysOf = (...keys: readonly (keyof PolicyData)[]): ReadonlyMap<string, readonly Path[]> =>
    new Map(keys.flatMap((key) => Object.keys(document[key] ?? {}).map((name) => [name, [[key, name]]])))
  return [
    ['container', new Map((document.containers ?? []).map(({ name }, i) => [name, [['containers', i]]]))],
    ['resource', keysOf('resources')],
    ['action', namesOfResources(document, 'actions')],
    ['attribute', namesOfResources(document, 'attributes')],
    ['option', keysOf('options', 'orgOptions')],
    ['role', keysOf('roles')],
    ['system subject', keysOf('systemSubjects')],
    ['scope', keysOf('scopes', 'scopeTemplates')]
  ]
}

/** What each resource declares of its own: a name may be declared by many of them. */
function namesOfResources(
  { resources }: PolicyData,
  key: 'actions' | 'attributes'
): ReadonlyMap<string, readonly Path[]> {
  const found = new Map<string, Path[]>()
  for (const [resource, declared] of Object.entries(resources))
    for (const name of Object.keys(declared[key] ?? {})) {
      const at = ['resources', resource, key, name]
      const places = found.get(name)
      if (places === undefined) found.set(name, [at])
      else places.push(at)
    }
  return found
}

/**
 * An index of names by what is left of each without one character. Two names that one edit makes equal (a letter
 * changed, added or left out, or two neighbours swapped) have such a rest in common, so no other pairs have to be
 * compared.
 */
class NearNames {
  readonly #names: readonly string[]
  readonly #positions: ReadonlyMap<string, number>
  /** By the hash of a rest, the positions of the names that have it. */
  readonly #byRest = new Map<number, number[]>()

  /** @param names in the order of preference. */
  constructor(names: readonly string[]) {
    this.#names = names
    this.#positions = new Map(names.map((name, position) => [name, position]))
    for (const [position, name] of names.entries())
      for (const rest of restsOf(name.toLowerCase())) {
        const positions = this.#byRest.get(rest)
        if (positions === undefined) this.#byRest.set(rest, [position])
        else positions.push(position)
      }
  }

  /** The first earlier name that is nearly the same as this one. */
  firstBefore(name: string): string | undefined {
    let least = this.#positions.get(name) ?? 0
    let found: string | undefined
    for (const rest of restsOf(name.toLowerCase()))
      for (const position of this.#byRest.get(rest) ?? []) {
        if (position >= least) break
        const other = this.#names[position]
        if (other === undefined || !isTypo(name, other)) continue
        least = position
        found = other
        break
      }
    return found
  }
}

const prime = 2_147_483_647
const base = 1_000_003

/** Numbers for a text and for what is left of it without each of its characters: equal for equal ones. */
function restsOf(text: string): Set<number> {
  // What the characters after each position add where they have moved up by one.
  const after = new Float64Array(text.length + 1)
  let power = 1
  const powers = Array.from({ length: text.length }, () => {
    const own = power
    power = multiply(power, base)
    return own
  })
  for (let at = text.length - 1; at > 0; at--)
    after[at - 1] = ((after[at] ?? 0) + multiply(powers[at - 1] ?? 1, text.charCodeAt(at) + 1)) % prime
  const rests = new Set<number>()
  let before = 0
  for (let at = 0; at < text.length; at++) {
    rests.add((before + (after[at] ?? 0)) % prime)
    before = (before + multiply(powers[at] ?? 1, text.charCodeAt(at) + 1)) % prime
  }
  return rests.add(before)
}

/** A product modulo `prime`, in two steps that numbers can hold. */
function multiply(a: number, b: number): number {
  const high = Math.floor(b / 65_536)
  return (((a * high) % prime) * 65_536 + a * (b % 65_536)) % prime
}

/** Names that differ only in their numbers are different on purpose: `tier_1` and `tier_2`. */
function isTypo(a: string, b: string): boolean {
  if (a === b || Math.max(a.length, b.length) < shortest) return false
  if (a.replace(/\d+/g, '') === b.replace(/\d+/g, '')) return false
  return Math.abs(a.length - b.length) <= 1 && editDistance(a.toLowerCase(), b.toLowerCase(), 1) <= 1
}
