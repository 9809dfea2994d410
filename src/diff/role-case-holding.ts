// The role tables of one holding in both policies, under every choice of the options that it reads, as far as the
// choices make a difference to a permission. Each case is computed once for all resources that the same variants affect
// in the same way, and its role tables are right for those resources only.
import { splitName } from '../problems/names.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import { compileRole, type RoleTable, type CompiledRole } from '../compile/roles.js'
import { isWrittenAlike } from '../document/equal.js'
import type { RoleDocument, RoleVariant } from '../document/types.js'
import {
  growTree,
  tellApart,
  type Layer,
  type Question,
  type Remaining,
  type Stack,
  type Tree
} from './cases.js'
import {
  isSaidAlike,
  votesNumber,
  votesOf,
  type RoleCase,
  type Comparing,
  type Holding,
  type Setting
} from './role-cases.js'
import type { Compared } from './limits.js'
import { both, type AskedPermission, type OldNew, type Side } from './sides.js'
import { anyWay, type Ways } from './ways.js'
import { quoteValue } from '../problems/quote.js'
import type { OptionValue } from '../types.js'
import { readRole, type Part, type Piles } from './role-parts.js'

/** One case of a holding: its role tables, and the choices of options and settings that lead to it. */
interface Case {
  readonly remaining: Remaining
  readonly roleTables: RoleCase['roleTables']
}

interface Cases {
  readonly tree: Tree<Case>
  readonly all: readonly Case[]
}

const noOptions: ReadonlyMap<string, OptionValue> = new Map()

/** A holding with its role cases, each made when it is asked for. */
export class RoleCaseHolding {
  readonly holding: Holding
  readonly #comparing: Comparing
  /** Its own document and those of the roles that it includes; their variants are numbered one after the other. */
  readonly #parts: OldNew<readonly Part[]>
  readonly #domains = new Map<string, readonly OptionValue[]>()
  readonly #variants: OldNew<readonly RoleVariant[]>
  readonly #piles: OldNew<Piles>
  /** By variant, made when asked for: of thousands, few are about one resource. */
  readonly #layers: OldNew<(Layer | undefined)[]> = both(() => [])
  readonly #fails: OldNew<readonly Question[]>
  readonly #cases = new Map<string, Cases>()
  readonly #byPlace = new Map<string, Cases>()
  readonly #roleTables = new Map<string, RoleTable>()
  /** Whether no variant decides what it says: then it has one case, whatever is asked about. */
  readonly #isPlain: boolean
  #only: Cases | undefined
  /** Whether it is written alike in policies of the same catalogue and options; most roles of two versions are. */
  readonly #isUnchanged: boolean

  constructor(comparing: Comparing, holding: Holding) {
    this.holding = holding
    this.#comparing = comparing
    const read = both((side) => readRole(holding.roles[side], comparing.policies[side].context.shipped))
    this.#parts = both((side) => read[side].parts)
    this.#piles = both((side) => read[side].piles)
    this.#isUnchanged =
      comparing.isGroundEqual && isWrittenAlike(documentsOf(this.#parts.old), documentsOf(this.#parts.new))
    this.#variants = both((side) => this.#parts[side].flatMap(({ variants }) => variants))
    this.#isPlain = this.#variants.old.length === 0 && this.#variants.new.length === 0
    this.#fails = both((side) =>
      (holding.roles[side]?.reads ?? []).flatMap((name) => {
        const question = this.#question(side, name, undefined)
        return question.keys.size === 0 ? [] : [question]
      })
    )
  }

  /** Its role tables under the plainest options, with every setting that it needs. */
  plainest(): RoleCase['roleTables'] {
    const given = new Map<string, ReadonlySet<OptionValue>>()
    for (const { variable, keys } of [...this.#fails.old, ...this.#fails.new]) {
      const left = [...(given.get(variable) ?? this.#domains.get(variable) ?? [])]
      given.set(variable, new Set(left.filter((key) => !keys.has(key))))
    }
    const all = both((side) => this.#variants[side].keys())
    return this.#roleTablesUnder(given, all)
  }

  /** Whether it says the same about a permission in both policies, under every choice. */
  isSaidAlike(asked: AskedPermission): boolean {
    return (
      this.#isUnchanged || this.#casesFor(asked).all.every(({ roleTables }) => isSaidAlike(roleTables, asked))
    )
  }

  /** Its votes on a permission in both policies, one pair for each case; pairs may repeat. */
  votes(asked: AskedPermission): OldNew<number>[] {
    return this.#casesFor(asked).all.map(({ roleTables }) => votesOf({ roleTables }, asked))
  }

  /** Its role tables in both policies for permissions of a resource, one pair for each case. */
  roleTablesFor(permission: CompiledPermission): RoleCase['roleTables'][] {
    const asked = { name: `${permission.resource}:`, in: both(() => permission) }
    return this.#casesFor(asked).all.map(({ roleTables }) => roleTables)
  }

  /** Its role cases without the options and settings that do not change what it says about a permission. */
  roleCasesFor(asked: AskedPermission): readonly RoleCase[] {
    const { tree, all } = this.#casesFor(asked)
    const { holding } = this
    const [first] = all
    if (all.length === 1 && first !== undefined)
      return [{ holding, options: anyWay, settings: anyWay, roleTables: first.roleTables }]
    const value = (one: Case): number => votesNumber(one, asked)
    const tell = (): Compared => this.#tell()
    this.#comparing.work.spend(all.length * 20, tell)
    const cases = tellApart(tree, this.#domains, value, this.#comparing.work, tell)
    return this.#plainestFirst(cases).map(({ value: { roleTables }, remaining }): RoleCase => ({
      holding,
      options: waysOf(remaining, 'options'),
      settings: waysOf(remaining, 'settings'),
      roleTables
    }))
  }

  /** Sorted by their plainest choices; the order does not depend on which policy is the new one. */
  #plainestFirst<T extends { readonly remaining: Remaining }>(cases: readonly T[]): readonly T[] {
    if (cases.length < 2) return cases
    const variables = [...new Set(cases.flatMap(({ remaining }) => [...remaining.keys()]))].sort()
    this.#comparing.work.spend(20 * cases.length * variables.length, () => this.#tell())
    const ranked = cases.map((one) => {
      const ranks = variables.map((variable) => {
        const domain = this.#domains.get(variable) ?? []
        const [plainest = domain[0]] = one.remaining.get(variable) ?? []
        return plainest === undefined ? 0 : Number(plainest)
      })
      return { one, ranks }
    })
    return ranked
      .sort((a, b) => {
        const at = a.ranks.findIndex((rank, index) => rank !== b.ranks[index])
        return at < 0 ? 0 : (a.ranks[at] ?? 0) - (b.ranks[at] ?? 0)
      })
      .map(({ one }) => one)
  }

  #casesFor({ name, in: { old, new: current } }: Pick<AskedPermission, 'name' | 'in'>): Cases {
    if (this.#isPlain) return (this.#only ??= this.#growCases({ old: [], new: [] }))
    const [resource = ''] = splitName(name)
    const place = `${resource} ${old === undefined ? 'new' : current === undefined ? 'old' : 'both'}`
    const cached = this.#byPlace.get(place)
    if (cached !== undefined) return cached
    const piles = both((side) =>
      (side === 'old' ? old : current) === undefined ? [] : this.#pilesFor(side, resource)
    )
    // Resources that the same variants are about, in the same way, have the same cases.
    const key = JSON.stringify(piles)
    this.#comparing.work.spend(10 + key.length, () => this.#tell())
    const cases = this.#cases.get(key) ?? this.#growCases(piles)
    this.#cases.set(key, cases)
    this.#byPlace.set(place, cases)
    return cases
  }

  #pilesFor(side: Side, resource: string): (readonly number[])[] {
    return [resource, '*'].flatMap((key) => [...(this.#piles[side].get(key)?.values() ?? [])])
  }

  #growCases(piles: OldNew<readonly (readonly number[])[]>): Cases {
    const all: Case[] = []
    const stacks = (['new', 'old'] as const).map((side): Stack => ({
      fails: this.#fails[side],
      piles: piles[side].map((pile) => pile.toReversed().map((number) => this.#layer(side, number)))
    }))
    const touching = both((side) => [...new Set(piles[side].flat())].sort((a, b) => a - b))
    const { work } = this.#comparing
    const tree = growTree(
      stacks,
      this.#domains,
      work,
      () => this.#tell(),
      (remaining) => {
        const made = { remaining, roleTables: this.#roleTablesUnder(remaining, touching) }
        all.push(made)
        return made
      }
    )
    return { tree, all }
  }

  /** The role tables of a case, as far as some variants decide them. */
  #roleTablesUnder(remaining: Remaining, variants: OldNew<Iterable<number>>): RoleCase['roleTables'] {
    const isSo = ({ variable, keys }: Question): boolean => {
      const [key = this.#domains.get(variable)?.[0]] = remaining.get(variable) ?? []
      return key !== undefined && keys.has(key)
    }
    return both((side) => {
      const role = this.holding.roles[side]
      if (role === undefined || this.#fails[side].some(isSo)) return undefined
      const asked = [...variants[side]]
      this.#comparing.work.spend(5 * asked.length, () => this.#tell())
      const applied = asked.filter((number) => this.#layer(side, number).when.every(isSo))
      return this.#roleTableOf(side, role, applied)
    })
  }

  #roleTableOf(side: Side, role: CompiledRole, applied: readonly number[]): RoleTable {
    const key = `${side} ${applied.join()}`
    const cached = this.#roleTables.get(key)
    if (cached !== undefined) return cached
    const { policies, work } = this.#comparing
    const { context, catalogue } = policies[side]
    const parts = this.#parts[side]
    const isVarying = parts.some(({ variants }) => variants.length > 0)
    const size = catalogue.permissions.length
    if (isVarying) {
      work.spend(8 * size + 100 * (1 + applied.length), () => this.#tell())
      work.keep(size + 500, () => this.#tell())
    }
    // The applied variants are compiled without their conditions, which are already decided: no option is read.
    const decided = parts.map(({ name, document, variants, first }) => {
      const left = applied.flatMap((number) => {
        const variant = variants[number - first]
        return variant === undefined ? [] : [{ when: {}, grants: variant.grants }]
      })
      return [name, { ...document, variants: left }] as const
    })
    const [[, own] = ['', role.document], ...included] = decided
    const shipped = included.length === 0 ? context.shipped : Object.fromEntries(included)
    const roleTable = isVarying
      ? compileRole(role.name, own, ['roles', role.name], {
          ...context,
          options: noOptions,
          shipped
        }).under([])
      : role.under([])
    this.#roleTables.set(key, roleTable)
    return roleTable
  }

  #layer(side: Side, number: number): Layer {
    const layers = this.#layers[side]
    return (layers[number] ??= {
      when: Object.entries(this.#variants[side][number]?.when ?? {}).map(([name, value]) =>
        this.#question(side, name, value)
      )
    })
  }

  #question(side: Side, name: string, value: OptionValue | undefined): Question {
    const { policies } = this.#comparing
    const kind: Setting = policies[side].context.orgOptions.has(name) ? 'settings' : 'options'
    const variable = `${kind} ${name}`
    const choices = this.#comparing[kind].get(name)
    if (!this.#domains.has(variable)) this.#domains.set(variable, [...(choices?.keys() ?? [])])
    return { variable, keys: this.#comparing.choicesWith(kind, name, side, value) }
  }

  #tell(): Compared {
    const { names } = this.holding
    return {
      about: `role ${quoteValue(names.new)}`,
      names: [...this.#domains.keys()].map((variable) => splitVariable(variable)[1])
    }
  }
}

function splitVariable(variable: string): [kind: string, name: string] {
  const space = variable.indexOf(' ')
  return [variable.slice(0, space), variable.slice(space + 1)]
}

function waysOf(remaining: Remaining, kind: Setting): Ways {
  const ways = new Map<string, readonly OptionValue[]>()
  for (const [variable, keys] of remaining) {
    const [of, name] = splitVariable(variable)
    if (of === kind) ways.set(name, [...keys])
  }
  return ways
}

function documentsOf(parts: readonly Part[]): readonly RoleDocument[] {
  return parts.map(({ document }) => document)
}
