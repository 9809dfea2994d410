// Keys with a scope template, as far as their parameters make a difference to two policies: the flags that a variant
// reads, and the optional parameters one at a time. Whether an id is let through depends only on the parameter that has
// it as value; a second parameter matters only if giving it is an error in the policy that refuses.
import type { CompiledTemplate } from '../compile/scopes.js'
import type { Ceiling } from '../request/ceiling.js'
import type { ScopeTemplateDocument } from '../document/types.js'
import type { TemplateScope } from '../types.js'
import { fillExample } from '../verify/space/templates.js'
import { growTree, type Layer, type Question, type Remaining, type Stack } from './cases.js'
import type { Comparing } from './role-cases.js'
import { mostCases, tooManyCases, type Compared } from './limits.js'
import { both, type OldNew, type Direction } from './sides.js'
import { quoteValue } from '../problems/quote.js'
import { readKey, type Key } from './key.js'
import { isUnchangedScope } from './representatives.js'

/** The keys with each template of the policy that allows, by resource. */
export function templateKeys(
  comparing: Comparing,
  direction: Direction,
  changedOnly: boolean
): (resource: string) => readonly Key[] {
  const { policies } = comparing
  const templates = [...policies[direction.allowing].scopes.templates.values()].filter(
    ({ name }) => !changedOnly || !isUnchangedScope(policies, 'scopeTemplates', name)
  )
  const all = templates.map((template, order) => new TemplateKeys(comparing, direction, template, order))
  return (resource) => all.flatMap((keys) => keys.for(resource))
}

/** A key with the number of its flags and optional parameters that are given. */
interface CountedKey extends Key {
  readonly count: number
}

class TemplateKeys {
  readonly #comparing: Comparing
  readonly #direction: Direction
  readonly #template: CompiledTemplate
  readonly #order: number
  readonly #cached = new Map<string, readonly Key[]>()
  readonly #byResource = new Map<string, readonly Key[]>()
  readonly #layers: OldNew<readonly Layer[]>
  readonly #optional: readonly (readonly string[])[]
  /** How many parameters and variants each key is read with. */
  readonly #size: number

  constructor(comparing: Comparing, direction: Direction, template: CompiledTemplate, order: number) {
    this.#comparing = comparing
    this.#direction = direction
    this.#template = template
    this.#order = order
    this.#layers = both((side) =>
      (this.#documents[side]?.variants ?? []).map(({ when }) => ({
        when: Object.entries(when).map(([flag, value]) => this.#question(flag, value))
      }))
    )
    this.#optional = this.#waysToGive()
    const { old, new: current } = this.#layers
    this.#size = Object.keys(template.document.params).length + (old.length + current.length) / 2
  }

  for(resource: string): readonly Key[] {
    const found = this.#byResource.get(resource)
    if (found !== undefined) return found
    const piles = both((side) => pilesFor(this.#documents[side], resource))
    const key = JSON.stringify(piles)
    const cached = this.#cached.get(key) ?? this.#make(piles)
    this.#cached.set(key, cached)
    this.#byResource.set(resource, cached)
    return cached
  }

  get #documents(): OldNew<ScopeTemplateDocument | undefined> {
    const { policies } = this.#comparing
    return both((side) => policies[side].scopes.templates.get(this.#template.name)?.document)
  }

  /** A flag that is not given is false. */
  #question(flag: string, value: boolean): Question {
    return { variable: flag, keys: value ? given : notGiven }
  }

  #make(piles: OldNew<readonly (readonly number[])[]>): Key[] {
    const { allowing, refusing } = this.#direction
    const there = this.#documents[refusing]
    const flags = Object.entries(this.#template.document.params).flatMap(([name, need]) =>
      need === 'flag' ? [name] : []
    )
    // A flag that the other policy takes for an id is an error there where it is given, and where it is missing.
    const fails = flags.flatMap((flag): Question[] => {
      const need = there !== undefined && Object.hasOwn(there.params, flag) ? there.params[flag] : undefined
      if (need === undefined || need === 'flag') return []
      return [this.#question(flag, true), ...(need === 'required' ? [this.#question(flag, false)] : [])]
    })
    const stacks = [allowing, refusing].map((side): Stack => ({
      fails: side === refusing ? fails : [],
      piles: piles[side].map((pile) =>
        pile.toReversed().flatMap((number) => this.#layers[side][number] ?? [])
      )
    }))
    const domains = new Map<string, readonly boolean[]>(flags.map((flag) => [flag, [false, true]]))
    // A flag that only the other policy has is never given.
    for (const [name, need] of Object.entries(there?.params ?? {}))
      if (need === 'flag' && !domains.has(name)) domains.set(name, [false])
    const keys: CountedKey[] = []
    const { work } = this.#comparing
    growTree(
      stacks,
      domains,
      work,
      () => this.#tell(),
      (remaining) => {
        for (const optional of this.#optional) keys.push(this.#key(remaining, optional))
      }
    )
    return keys.sort((a, b) => a.count - b.count)
  }

  #key(remaining: Remaining, optional: readonly string[]): CountedKey {
    const { policies, work } = this.#comparing
    const { allowing, refusing } = this.#direction
    // Every parameter is looked at, and every variant of either policy.
    work.spend(100 + 150 * this.#size + 50 * this.#listLength, () => this.#tell())
    const set = [...remaining].flatMap(([flag, keys]) => (keys.has(false) ? [] : [flag]))
    const filled = fillExample(policies[allowing], this.#template, new Set([...set, ...optional]))
    const known = knownParams(filled, policies[refusing].scopes.templates.get(filled.template))
    work.keep(500 + 100 * this.#listLength, () => this.#tell())
    const ceilings = both((side) => readKey(policies[side], { scopes: [side === allowing ? filled : known] }))
    return {
      who: { kind: 'template', subject: `template:${filled.template}`, order: this.#order },
      given: { scopes: [filled] },
      ceilings,
      lists: both((side) => listsText(ceilings[side])),
      count: set.length + optional.length
    }
  }

  get #listLength(): number {
    return this.#template.document.allowList?.length ?? 0
  }

  /** Which optional parameters to give: none, each alone, and each with one that is an error in the other policy. */
  #waysToGive(): string[][] {
    const documents = this.#documents
    const there = documents[this.#direction.refusing]
    const entries = [...(documents.old?.allowList ?? []), ...(documents.new?.allowList ?? [])]
    const listed = new Set(entries.map((entry) => /:\{([^{}]*)\}$/.exec(entry)?.[1]))
    const optional = Object.entries(this.#template.document.params).flatMap(([name, need]) =>
      need === 'optional' ? [name] : []
    )
    const failing = optional.filter(
      (name) => there !== undefined && Object.hasOwn(there.params, name) && there.params[name] === 'flag'
    )
    const some = optional.filter((name) => listed.has(name))
    const count = 1 + some.length + failing.length + some.length * failing.length
    if (count > mostCases) throw tooManyCases(this.#tell(), `${count} combinations`)
    const alone = [...new Set([...some, ...failing])].map((name) => [name])
    const pairs = some.flatMap((name) => failing.flatMap((other) => (other === name ? [] : [[name, other]])))
    return [[], ...alone, ...pairs]
  }

  #tell(): Compared {
    const { name, document } = this.#template
    const free = Object.entries(document.params).flatMap(([param, need]) =>
      need === 'required' ? [] : [param]
    )
    return { about: `scope template ${quoteValue(name)}`, names: free }
  }
}

const given: ReadonlySet<boolean> = new Set([true])
const notGiven: ReadonlySet<boolean> = new Set([false])

/** The variants that have a line for a resource, and those for every resource that has none. */
function pilesFor(document: ScopeTemplateDocument | undefined, resource: string): number[][] {
  const variants = [...(document?.variants ?? []).entries()]
  return [resource, '*'].map((key) =>
    variants.flatMap(([number, { allow }]) => (Object.hasOwn(allow, key) ? [number] : []))
  )
}

function listsText(ceilings: readonly Ceiling[] | undefined): string {
  const lists = (ceilings ?? []).flatMap(({ scopes }) => (scopes?.templates ?? []).map(({ list }) => list))
  return JSON.stringify(lists.map((list) => list?.entries.toSorted() ?? null))
}

/** The template without the parameters that another policy does not have. */
function knownParams(filled: TemplateScope, template: CompiledTemplate | undefined): TemplateScope {
  const params = Object.entries(filled.params).filter(
    ([name]) => template !== undefined && Object.hasOwn(template.document.params, name)
  )
  return { template: filled.template, params: Object.fromEntries(params) }
}
