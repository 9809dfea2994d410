// Whether a statement notices a mutant. Only statements about permissions that the mutant touches are checked again, and
// of a matrix cell only the subjects that the changed part belongs to; a property of the tests holds this to the answer
// of the whole suite. The policy itself is never asked: a mutant dies by a statement that it breaks, or not at all.
import type { CompiledPolicy } from '../compile/compile.js'
import { createPolicy } from '../policy/create.js'
import { checkCell, ClassMemory } from '../verify/matrix/check-cell.js'
import type { MatrixSubject } from '../verify/matrix/subjects.js'
import { Casts } from '../verify/space/casts.js'
import { prepare, proveInvariant } from '../verify/invariants/prove.js'
import { Work } from '../verify/invariants/work.js'
import { readPermissions } from '../verify/invariants/read.js'
import { subjectOf } from '../verify/space/requests.js'
import { underOptions } from '../verify/space/settings.js'
import { answerTo, differs } from '../verify/suite/expectations.js'
import type { Source, Sourced, Statement } from '../verify/suite/types.js'
import { relationNamed } from '../verify/space/who-can.js'
import { applyPart } from './apply.js'
import type { Touched } from './touched.js'
import type { Mutation } from './types.js'
import { stateOf } from '../request/state.js'

/** A mutant as it is checked. */
export interface Mutant {
  readonly mutation: Mutation
  readonly engine: CompiledPolicy
  readonly touched: Touched
}

export class Killer {
  readonly #engine: CompiledPolicy
  readonly #casts: Casts
  readonly #work = new Work()
  /** By permission number, in the order of the suite. */
  readonly #about = new Map<number, Sourced[]>()
  /** Statements that no permission leads to: an error can be about anything. */
  readonly #aboutAny: Sourced[] = []
  readonly #underOptions = new Map<string, CompiledPolicy>()

  constructor(engine: CompiledPolicy, sourced: readonly Sourced[]) {
    this.#engine = engine
    this.#casts = new Casts(engine)
    const numbers = new Map(engine.catalogue.permissions.map(({ name, index }) => [name, index]))
    for (const one of sourced) {
      const names =
        one.source.kind === 'invariant'
          ? readPermissions(engine, one.source.invariant.permissions).map(({ name }) => name)
          : one.statement.permissions
      const isError = one.source.kind === 'expectation' && 'error' in one.source.expected.answer
      if (isError) this.#aboutAny.push(one)
      else
        for (const name of names) {
          const index = numbers.get(name)
          if (index === undefined) continue
          const known = this.#about.get(index)
          if (known === undefined) this.#about.set(index, [one])
          else known.push(one)
        }
    }
  }

  /** A statement that the mutant breaks; `undefined` where it breaks none. */
  killerOf(mutant: Mutant): Statement | undefined {
    const check = new MutantCheck(this.#engine, mutant, this.#casts, this.#work, (key, make) => {
      const known = this.#underOptions.get(key) ?? make()
      this.#underOptions.set(key, known)
      return known
    })
    const concerned = [
      ...new Set(mutant.touched.reasoned.flatMap(({ index }) => this.#about.get(index) ?? []))
    ]
    const { name } = mutant.mutation.part
    // Those that name the changed part break most often.
    const near = concerned.filter(({ statement }) => statement.subjects.includes(name))
    const found = [...near, ...concerned, ...this.#aboutAny].find(({ source }) => !check.holds(source))
    return found?.statement
  }
}

/** One mutant, with what checking it needs more than once. */
class MutantCheck {
  readonly #base: CompiledPolicy
  readonly #mutant: Mutant
  readonly #baseCasts: Casts
  readonly #work: Work
  readonly #remember: (key: string, make: () => CompiledPolicy) => CompiledPolicy
  readonly #subjects = new Map<MatrixSubject, MatrixSubject>()
  readonly #classes = new ClassMemory()
  readonly #engines = new Map<string, CompiledPolicy>()
  #casts: Casts | undefined

  constructor(
    base: CompiledPolicy,
    mutant: Mutant,
    baseCasts: Casts,
    work: Work,
    remember: (key: string, make: () => CompiledPolicy) => CompiledPolicy
  ) {
    this.#base = base
    this.#mutant = mutant
    this.#baseCasts = baseCasts
    this.#work = work
    this.#remember = remember
  }

  holds(source: Source): boolean {
    if (source.kind === 'cell') return this.#holdsCell(source)
    const { engine } = this.#mutant
    if (source.kind === 'expectation') {
      const { expected } = source
      return differs(expected, answerTo(createPolicy(engine), expected.request)) === undefined
    }
    const touched = new Set(this.#mutant.touched.reasoned.map(({ index }) => index))
    const permissions = readPermissions(engine, source.invariant.permissions)
      .filter(({ index }) => touched.has(index))
      .map(({ name }) => name)
    const narrowed = { ...source.invariant, permissions }
    this.#casts ??= this.#castAgain()
    return proveInvariant(prepare(engine, this.#casts, this.#work), narrowed).counterexample === undefined
  }

  #holdsCell({ cell, expectation, subjects }: Source & { kind: 'cell' }): boolean {
    const concerned = subjects.filter((asked) => this.#isConcerned(asked))
    const relation = relationNamed(cell.relation)
    return concerned.every((asked) => {
      const subject = this.#subjectOf(asked)
      // The same permission of this subject's own catalogue, which is the quickest to ask about.
      const permission = this.#mutant.touched.reasoned.find(({ name }) => name === cell.permission)
      const own = permission && stateOf(subject.subject).engine.catalogue.permissions[permission.index]
      if (own === undefined) return true
      const column = { text: cell.permission, permission: own, relation }
      return checkCell(expectation, column, [subject], this.#classes) === undefined
    })
  }

  #isConcerned({ data, subject }: MatrixSubject): boolean {
    const { of, name } = this.#mutant.mutation.part
    const { ceilings, system, site, orgs } = stateOf(subject)
    if (of === 'systemSubject') return 'system' in data && data.system === name
    if (of === 'scope') return ceilings.length > 0
    if (of === 'resource') return true
    const isHeld = ({ role }: { readonly role: string }): boolean => role === name
    return (
      system === undefined &&
      (site.members.some(isHeld) || [...orgs.values()].some(({ members }) => members.some(isHeld)))
    )
  }

  #subjectOf(asked: MatrixSubject): MatrixSubject {
    const known = this.#subjects.get(asked)
    if (known !== undefined) return known
    const { data, options } = asked
    const made = { data, options, subject: subjectOf(this.#under(options), data) }
    this.#subjects.set(asked, made)
    return made
  }

  /** The mutant under other options of the deployment. */
  #under(options: MatrixSubject['options']): CompiledPolicy {
    const { engine, mutation } = this.#mutant
    if (Object.entries(options).every(([name, value]) => engine.options.get(name) === value)) return engine
    const key = JSON.stringify(options)
    const known =
      this.#engines.get(key) ??
      applyPart(
        this.#remember(key, () => underOptions(this.#base, options)),
        mutation.part,
        engine.document
      )
    this.#engines.set(key, known)
    return known
  }

  #castAgain(): Casts {
    const { engine, mutation } = this.#mutant
    const { of, name } = mutation.part
    if (of === 'resource') return new Casts(engine)
    if (of !== 'role') return this.#baseCasts
    const role = this.#base.roles.shipped.get(name)
    const changed = engine.roles.shipped.get(name)
    return role === undefined || changed === undefined ? this.#baseCasts : this.#baseCasts.with(role, changed)
  }
}
