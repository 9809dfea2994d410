// About which permissions a mutant can decide otherwise than the policy. None at all: the two decide every question
// alike. Besides, about which it can at least give another reason, which an expectation may ask for.
//
// A ballot is compared by what of it can ever be asked. A vote at `site` is asked first, so that what the same ballot
// says at narrower levels is not; a vote at `org` keeps `orgMember` from being asked; a deny hides an allow of its
// level; and no object is at a level that its resource's placement rules out. That is so for every subject that holds
// the role, whatever else it holds, because votes of other roles can only be added at each level.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { compileRole, type Ballot, type CompiledRole } from '../../compile/roles.js'
import type { CompiledTemplate } from '../../compile/scopes.js'
import { levelBits } from '../../compile/tables.js'
import type { Level, OrgPlacement } from '../../document/types.js'
import { castAll, type Cast } from '../invariants/ballots.js'
import { valueIn } from '../settings.js'
import { waysToGive } from '../templates.js'
import type { MutatedPart } from './types.js'

/** What a mutant can change, both in catalogue order. */
export interface Touched {
  /** Permissions that it can decide otherwise. */
  readonly decided: readonly CompiledPermission[]
  /** These, and those for which it can refuse for another reason. */
  readonly reasoned: readonly CompiledPermission[]
}

/** Compares parts of one policy with those of its mutants; what it knows of the policy it keeps. */
export class Comparison {
  readonly #engine: CompiledPolicy
  readonly #casts = new Map<string, readonly Cast[]>()

  constructor(engine: CompiledPolicy) {
    this.#engine = engine
  }

  touched(mutant: CompiledPolicy, part: MutatedPart): Touched {
    const numbers = new Set<number>()
    const reasons = new Set<number>()
    if (part.of === 'role') this.#compareRole(mutant, part.name, numbers)
    else if (part.of === 'systemSubject') {
      const before = this.#engine.systemSubjects.get(part.name)?.ballot
      const after = mutant.systemSubjects.get(part.name)?.ballot
      this.#compareBallots(before, after, numbers)
    } else if (part.of === 'resource') {
      for (const { index, resource } of this.#engine.catalogue.permissions)
        if (resource === part.name) numbers.add(index)
    } else if (part.of === 'scope') this.#compareScope(mutant, part.name, numbers, reasons)
    const { permissions } = this.#engine.catalogue
    return {
      decided: permissions.filter(({ index }) => numbers.has(index)),
      reasoned: permissions.filter(({ index }) => numbers.has(index) || reasons.has(index))
    }
  }

  /** Every ballot that a role of the policy can cast. */
  castsOf(name: string): readonly Cast[] {
    const known = this.#casts.get(name) ?? castsOf(this.#engine, name)
    this.#casts.set(name, known)
    return known
  }

  #compareRole(mutant: CompiledPolicy, name: string, numbers: Set<number>): void {
    const role = mutant.roles.shipped.get(name)
    if (role === undefined) return
    // Without a setting that has no default nobody can hold the role: then whatever it says is an error instead.
    const known = this.#engine.roles.shipped.get(name)
    if (known !== undefined && needs(known, mutant).join() !== needs(role, mutant).join())
      for (const { index } of this.#engine.catalogue.permissions) numbers.add(index)
    // A mutant reads no option that the policy's role does not.
    for (const { ballot, options, settings } of this.castsOf(name)) {
      const context = {
        ...mutant.context,
        options: new Map([...mutant.options, ...Object.entries(options)])
      }
      const under = compileRole(name, role.document, ['roles', name], context)
      const values = under.reads.flatMap((option) => valueIn(settings, option) ?? [])
      this.#compareBallots(ballot, under.under(values), numbers)
    }
  }

  #compareBallots(before: Ballot | undefined, after: Ballot | undefined, numbers: Set<number>): void {
    for (const { index, of } of this.#engine.catalogue.permissions) {
      const [old, made] = [before?.table[index] ?? 0, after?.table[index] ?? 0]
      if (old !== made && askable(old, of.org) !== askable(made, of.org)) numbers.add(index)
    }
  }

  #compareScope(mutant: CompiledPolicy, name: string, numbers: Set<number>, reasons: Set<number>): void {
    const [before, after] = [this.#engine.scopes.find(name), mutant.scopes.find(name)]
    if (before !== undefined && after !== undefined) compareTables(before.table, after.table, numbers)
    const [template, changed] = [this.#engine.scopes.templates.get(name), mutant.scopes.templates.get(name)]
    if (template !== undefined && changed !== undefined)
      this.#compareTemplates(template, changed, numbers, reasons)
  }

  #compareTemplates(
    before: CompiledTemplate,
    after: CompiledTemplate,
    numbers: Set<number>,
    reasons: Set<number>
  ): void {
    const old = before.document.allowList
    const made = after.document.allowList
    for (const given of waysToGive(before)) {
      const [table, changed] = [before.tableUnder(given), after.tableUnder(given)]
      for (const { index, resource } of this.#engine.catalogue.permissions) {
        const was = entriesFor(old, table[index] === 1, resource)
        const is = entriesFor(made, changed[index] === 1, resource)
        if (was !== is) numbers.add(index)
        // Outside the scope, or inside it and outside its list: refused either way.
        if (table[index] !== changed[index]) reasons.add(index)
      }
    }
  }
}

/** What a template lets through of a permission: nothing, everything, or the ids of these entries. */
function entriesFor(list: readonly string[] | undefined, isThrough: boolean, resource: string): string {
  if (!isThrough) return ''
  if (list === undefined) return '*'
  const matching = list.filter((entry) => [resource, '*'].includes(entry.slice(0, entry.indexOf(':'))))
  const ids = new Set(matching.map((entry) => entry.slice(entry.indexOf(':') + 1)))
  return ids.has('*') ? '*' : JSON.stringify([...ids].sort()).replace(/^\[\]$/, '')
}

/** Every ballot that a shipped role can cast: one for each combination of the options and settings that it reads. */
export function castsOf(engine: CompiledPolicy, name: string): readonly Cast[] {
  const role = engine.roles.shipped.get(name)
  const shipped = new Map(role === undefined ? [] : [[name, role]])
  return castAll({ ...engine, roles: { shipped, customSite: undefined, customOrg: undefined } })
}

/** The settings that have to be given to whoever holds a role. */
function needs(role: CompiledRole, { context }: CompiledPolicy): string[] {
  return role.reads.filter((option) => context.orgOptions.get(option)?.default === undefined)
}

function compareTables(before: Uint8Array, after: Uint8Array, numbers: Set<number>): void {
  before.forEach((byte, index) => {
    if (byte !== after[index]) numbers.add(index)
  })
}

/** The votes of a ballot that some question can ask for. */
function askable(byte: number, placement: OrgPlacement): number {
  const site = voteAt(byte, 'site')
  if (site !== 0) return site
  const org = placement === 'never' ? 0 : voteAt(byte, 'org') || voteAt(byte, 'orgMember')
  return org | (placement === 'required' ? 0 : voteAt(byte, 'user'))
}

/** The bit of the vote at a level; 0 where it abstains. */
function voteAt(byte: number, level: Level): number {
  const { allow, deny } = levelBits[level]
  return byte & deny || byte & allow
}
