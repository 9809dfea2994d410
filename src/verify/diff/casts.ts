// Roles as both policies have them: one holding for each role that a subject can be given, and its ballots in both
// under every choice of the options that it reads in either. A role that a policy does not have says nothing there.
import { findRole, listRoles } from '../../compile/role-index.js'
import type { Ballot, CompiledRole } from '../../compile/roles.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { createUnions, type Unions } from '../../compile/tables.js'
import { levels } from '../../compile/tables.js'
import { quoteValue } from '../../document/suggest.js'
import type { OptionValue, RoleKind, RoleVariant } from '../../document/types.js'
import { compileUnder } from '../invariants/ballots.js'
import { valueIn, type Values } from '../settings.js'
import {
  growTree,
  tellApart,
  type Layer,
  type Question,
  type Remaining,
  type Stack,
  type Tree
} from './cases.js'
import { choicesOf, valuesIn, type Choices } from './choices.js'
import { Work, type Told } from './limits.js'
import { both, type Asked, type Both, type Side } from './sides.js'
import type { Ways } from './ways.js'

/** What every part of a comparison reads. */
export interface Comparing {
  readonly engines: Both<CompiledPolicy>
  readonly unions: Both<Unions<Ballot>>
  readonly options: Choices
  readonly settings: Choices
  /** Two organizations that are no custom role's own. */
  readonly orgs: readonly [string, string]
  readonly work: Work
  /** The choices of an option that are one of its values in a policy; equal sets are one set. */
  choicesWith(
    kind: Setting,
    name: string,
    side: Side,
    value: OptionValue | undefined
  ): ReadonlySet<OptionValue>
}

/** Whether an option is the deployment's or an organization's. */
export type Setting = 'options' | 'settings'

/** A role that a subject can hold, at the site or in an organization. */
export interface Holding {
  readonly kind: RoleKind
  /** What each policy calls it; the same but for a rename. */
  readonly names: Both<string>
  /** The only organization in which it can be held, of a custom organization role. */
  readonly place: string | undefined
  readonly roles: Both<CompiledRole | undefined>
}

/** A holding under the choices of options and settings under which it says the same about a permission. */
export interface Cast {
  readonly holding: Holding
  readonly options: Ways
  readonly settings: Ways
  /** `undefined` where a policy does not have the role, or a setting's value that it needs. */
  readonly ballots: Both<Ballot | undefined>
}

export function startComparing(engines: Both<CompiledPolicy>, fixed: Values = {}): Comparing {
  const places = new Set(
    (['old', 'new'] as const).flatMap((side) => listRoles(engines[side].roles).map(({ place }) => place))
  )
  const orgs: string[] = []
  for (let number = 1; orgs.length < 2; number++) if (!places.has(`o${number}`)) orgs.push(`o${number}`)
  const [first = 'o1', second = 'o2'] = orgs
  const choices = {
    options: choicesOf(
      both((side) => new Map(Object.entries(engines[side].document.options ?? {}))),
      'deployment',
      fixed
    ),
    settings: choicesOf(
      both((side) => engines[side].context.orgOptions),
      'organization'
    )
  }
  return {
    engines,
    unions: both((side) => createUnions<Ballot>(engines[side].catalogue.permissions.length)),
    ...choices,
    orgs: [first, second],
    work: new Work(),
    choicesWith: rememberChoices(choices)
  }
}

/** An option's choices by the value that they are in a policy. */
function rememberChoices(choices: Readonly<Record<Setting, Choices>>): Comparing['choicesWith'] {
  const byOption = new Map<string, ReadonlyMap<OptionValue | undefined, ReadonlySet<OptionValue>>>()
  const bySet = new Map<string, ReadonlySet<OptionValue>>()
  const none: ReadonlySet<OptionValue> = new Set()
  const read = (kind: Setting, name: string, side: Side) => {
    const found = new Map<OptionValue | undefined, OptionValue[]>()
    for (const [key, { values }] of choices[kind].get(name) ?? []) {
      const known = found.get(values[side])
      if (known === undefined) found.set(values[side], [key])
      else known.push(key)
    }
    return new Map(
      [...found].map(([value, keys]) => {
        const text = keys.join()
        const known = bySet.get(text) ?? new Set(keys)
        bySet.set(text, known)
        return [value, known] as const
      })
    )
  }
  return (kind, name, side, value) => {
    const key = JSON.stringify([kind, name, side])
    const known = byOption.get(key) ?? read(kind, name, side)
    byOption.set(key, known)
    return known.get(value) ?? none
  }
}

/** Every holding of either policy: the new one's roles in order, then those that are gone. */
export function listHoldings({ engines, orgs }: Pick<Comparing, 'engines' | 'orgs'>): Holding[] {
  const holdings = new Map<string, Holding>()
  for (const side of ['new', 'old'] as const)
    for (const { kind, name, place } of listRoles(engines[side].roles)) {
      const key = JSON.stringify([kind, name, place ?? null])
      const org = kind === 'site' ? undefined : (place ?? orgs[0])
      const roles = both((of) => {
        const role = findRole(engines[of].roles, name, org)
        return role?.kind === kind ? role : undefined
      })
      if (!holdings.has(key)) holdings.set(key, { kind, names: both(() => name), place, roles })
    }
  return [...holdings.values()]
}

/** One case of a holding: its ballots, and what remains of the options and settings that lead to it. */
interface Case {
  readonly remaining: Remaining
  readonly ballots: Cast['ballots']
}

interface Cases {
  readonly tree: Tree<Case>
  readonly all: readonly Case[]
}

/** A holding with its casts, each made when it is asked for. */
export class CastHolding {
  readonly holding: Holding
  readonly #comparing: Comparing
  readonly #domains = new Map<string, readonly OptionValue[]>()
  /** The variants that have a line under a key, by policy. */
  readonly #touching: Both<ReadonlyMap<string, readonly number[]>>
  readonly #layers: Both<readonly Layer[]>
  readonly #fails: Both<readonly Question[]>
  readonly #cases = new Map<string, Cases>()
  readonly #byPlace = new Map<string, Cases>()
  readonly #compiled = new Map<string, CompiledRole>()

  constructor(comparing: Comparing, holding: Holding) {
    this.holding = holding
    this.#comparing = comparing
    const variants = both((side) => holding.roles[side]?.document.variants ?? [])
    this.#touching = both((side) => keysOf(variants[side]))
    this.#layers = both((side) =>
      variants[side].map(({ when }) => ({
        when: Object.entries(when).map(([name, value]) => this.#question(side, name, value))
      }))
    )
    this.#fails = both((side) =>
      (holding.roles[side]?.reads ?? []).flatMap((name) => {
        const question = this.#question(side, name, undefined)
        return question.keys.size === 0 ? [] : [question]
      })
    )
  }

  /** Its ballots where every option is as plain as can be, and every setting given that it needs. */
  plainest(): Cast['ballots'] {
    const given = new Map<string, ReadonlySet<OptionValue>>()
    for (const { variable, keys } of [...this.#fails.old, ...this.#fails.new]) {
      const left = [...(given.get(variable) ?? this.#domains.get(variable) ?? [])]
      given.set(variable, new Set(left.filter((key) => !keys.has(key))))
    }
    return this.#ballotsUnder(given)
  }

  /** Whether it says the same about a permission in both policies, under every choice. */
  isSaidAlike(asked: Asked): boolean {
    return this.#casesFor(asked).all.every(({ ballots }) => isSaidAlike(ballots, asked))
  }

  /** Everything that it says about a permission in both policies; some of it may be said twice. */
  votes(asked: Asked): Both<number>[] {
    return this.#casesFor(asked).all.map(({ ballots }) => votesOf({ ballots }, asked))
  }

  /** Its casts without the options and settings that do not change what it says about a permission. */
  castsFor(asked: Asked): readonly Cast[] {
    const { tree, all } = this.#casesFor(asked)
    const { holding } = this
    const [first] = all
    if (all.length === 1 && first !== undefined)
      return [{ holding, options: noWays, settings: noWays, ballots: first.ballots }]
    const value = ({ ballots }: Case): number => {
      const votes = votesOf({ ballots }, asked)
      return votes.old * 256 + votes.new
    }
    const tell = (): Told => this.#tell()
    this.#comparing.work.spend(all.length * 20, tell)
    return tellApart(tree, this.#domains, value, this.#comparing.work, tell).map(
      ({ value: { ballots }, remaining }): Cast => ({
        holding,
        options: waysOf(remaining, 'options'),
        settings: waysOf(remaining, 'settings'),
        ballots
      })
    )
  }

  #casesFor({ name, in: { old, new: current } }: Asked): Cases {
    const resource = name.slice(0, name.indexOf(':'))
    const place = `${resource} ${old === undefined ? 'new' : current === undefined ? 'old' : 'both'}`
    const known = this.#byPlace.get(place)
    if (known !== undefined) return known
    const piles = both((side) =>
      (side === 'old' ? old : current) === undefined ? [] : this.#pilesFor(side, resource)
    )
    // Resources that the same variants are about, in the same way, have the same cases.
    const key = JSON.stringify(piles)
    const cases = this.#cases.get(key) ?? this.#growCases(piles)
    this.#cases.set(key, cases)
    this.#byPlace.set(place, cases)
    return cases
  }

  /** By level, effect and key, the variants that have a line there, the first one first. */
  #pilesFor(side: Side, resource: string): number[][] {
    const variants = this.holding.roles[side]?.document.variants ?? []
    const piles = new Map<string, number[]>()
    for (const key of [resource, '*'])
      for (const number of this.#touching[side].get(key) ?? [])
        for (const line of linesOf(variants[number], key)) {
          const known = piles.get(line)
          if (known === undefined) piles.set(line, [number])
          else known.push(number)
        }
    this.#comparing.work.spend(10 * piles.size, () => this.#tell())
    return [...piles.values()]
  }

  #growCases(piles: Both<readonly (readonly number[])[]>): Cases {
    const all: Case[] = []
    const stacks = (['new', 'old'] as const).map((side): Stack => ({
      fails: this.#fails[side],
      piles: piles[side].map((pile) =>
        pile.toReversed().flatMap((number) => this.#layers[side][number] ?? [])
      )
    }))
    const { work } = this.#comparing
    const tree = growTree(stacks, this.#domains, work, this.#tell().about, (remaining) => {
      const made = { remaining, ballots: this.#ballotsUnder(remaining) }
      all.push(made)
      return made
    })
    return { tree, all }
  }

  #ballotsUnder(remaining: Remaining): Cast['ballots'] {
    const { engines, options, settings, work } = this.#comparing
    const choose = (kind: Setting): Values =>
      Object.fromEntries(
        [...this.#domains].flatMap(([variable, [plainest]]) => {
          const [of, name] = splitVariable(variable)
          const [key = plainest] = remaining.get(variable) ?? []
          return of !== kind || key === undefined ? [] : [[name, key] as const]
        })
      )
    const chosen = { options: choose('options'), settings: choose('settings') }
    work.spend(this.#domains.size * 20, () => this.#tell())
    return both((side) => {
      const role = this.holding.roles[side]
      if (role === undefined) return undefined
      const values = valuesIn(side, chosen.options, options)
      const key = JSON.stringify([side, values])
      const known = this.#compiled.get(key) ?? compileUnder(engines[side], role, values)
      this.#compiled.set(key, known)
      if (this.#domains.size > 0) {
        const size = engines[side].catalogue.permissions.length
        work.spend(8 * size + (role.document.variants?.length ?? 0), () => this.#tell())
        work.keep(size + 500, () => this.#tell())
      }
      return ballotUnder(known, valuesIn(side, chosen.settings, settings))
    })
  }

  #question(side: Side, name: string, value: OptionValue | undefined): Question {
    const { engines } = this.#comparing
    const kind: Setting = engines[side].context.orgOptions.has(name) ? 'settings' : 'options'
    const variable = `${kind} ${name}`
    const choices = this.#comparing[kind].get(name)
    if (!this.#domains.has(variable)) this.#domains.set(variable, [...(choices?.keys() ?? [])])
    return { variable, keys: this.#comparing.choicesWith(kind, name, side, value) }
  }

  #tell(): Told {
    const { names } = this.holding
    return {
      about: `role ${quoteValue(names.new)}`,
      names: [...this.#domains.keys()].map((variable) => splitVariable(variable)[1])
    }
  }
}

const noWays: Ways = new Map()

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

/** By key of a permission set, the variants that have a line under it. */
function keysOf(variants: readonly RoleVariant[]): ReadonlyMap<string, readonly number[]> {
  const byKey = new Map<string, number[]>()
  for (const [number, { grants }] of variants.entries()) {
    const keys = levels.flatMap((level) =>
      [grants[level]?.allow, grants[level]?.deny].flatMap((set) => Object.keys(set ?? {}))
    )
    for (const key of new Set(keys)) {
      const known = byKey.get(key)
      if (known === undefined) byKey.set(key, [number])
      else known.push(number)
    }
  }
  return byKey
}

/** The level, effect and key of each line that a variant has under a key. */
function linesOf(variant: RoleVariant | undefined, key: string): string[] {
  return levels.flatMap((level) =>
    (['allow', 'deny'] as const).flatMap((effect) => {
      const set = variant?.grants[level]?.[effect]
      return set !== undefined && Object.hasOwn(set, key) ? [`${level} ${effect} ${key}`] : []
    })
  )
}

function ballotUnder(role: CompiledRole, settings: Values): Ballot | undefined {
  const values = role.reads.flatMap((name) => valueIn(settings, name) ?? [])
  return values.length < role.reads.length ? undefined : role.under(values)
}

/** What a cast says about a permission in each policy. */
export function votesOf({ ballots }: Pick<Cast, 'ballots'>, asked: Asked): Both<number> {
  return both((side) => {
    const index = asked.in[side]?.index
    return index === undefined ? 0 : (ballots[side]?.table[index] ?? 0)
  })
}

function isSaidAlike(ballots: Cast['ballots'], { in: { old, new: current } }: Asked): boolean {
  const before = old === undefined ? 0 : (ballots.old?.table[old.index] ?? 0)
  return before === (current === undefined ? 0 : (ballots.new?.table[current.index] ?? 0))
}

/**
 * The cast with the settings alone that a policy knows, as somebody can hold the role where that policy is asked;
 * `undefined` where nobody can.
 */
export function heldIn(side: Side, cast: Cast, { settings }: Comparing): Cast | undefined {
  const role = cast.holding.roles[side]
  if (role === undefined) return undefined
  if (cast.settings.size === 0) return cast
  const known = new Map<string, readonly OptionValue[]>()
  for (const [name, keys] of cast.settings) {
    const choices = settings.get(name)
    const left = keys.filter((key) => {
      const choice = choices?.get(key)
      return (
        choice?.isKnown[side] === true && (choice.values[side] !== undefined || !role.reads.includes(name))
      )
    })
    if (left.length === 0) return undefined
    known.set(name, left)
  }
  return { ...cast, settings: known }
}
