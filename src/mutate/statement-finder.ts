// Finds a statement that notices a mutant. Only statements about permissions that the mutant touches are checked again,
// and of a matrix cell only the subjects that the changed part affects; a property test compares this with the answer
// of the whole suite. Decisions of mutant and policy are not compared here: only a broken statement counts.
import type { CompiledPolicy } from '../compile/compile.js'
import { createPolicy } from '../policy/create.js'
import { listRoles } from '../compile/role-index.js'
import type { RoleTable } from '../compile/roles.js'
import { checkAssign } from '../verify/matrix/check-assign.js'
import { checkCell, ClassMemory } from '../verify/matrix/check-cell.js'
import type { MatrixSubject } from '../verify/matrix/subjects.js'
import { RoleCases } from '../verify/space/role-cases.js'
import { prepare, proveInvariant } from '../verify/invariants/prove.js'
import { Work } from '../verify/invariants/work.js'
import { readPermissions } from '../verify/invariants/read.js'
import { subjectOf } from '../verify/space/requests.js'
import { underOptions } from '../verify/space/settings.js'
import { answerTo, differs } from '../verify/suite/expectations.js'
import type { Source, Sourced, Statement } from '../verify/suite/types.js'
import { vocabularyOf } from '../verify/space/relations.js'
import { relationNamed } from '../verify/space/who-can.js'
import { applyPart } from './apply.js'
import type { Touched } from './touched.js'
import { givingKinds, type Mutation } from './types.js'
import { stateOf } from '../request/state.js'

/** A mutant as it is checked. */
export interface Mutant {
  readonly mutation: Mutation
  readonly compiled: CompiledPolicy
  readonly touched: Touched
}

export class StatementFinder {
  readonly #compiled: CompiledPolicy
  readonly #roleCases: RoleCases
  readonly #work = new Work()
  /** By permission, in the order of the suite. */
  readonly #about = new Map<string, Sourced[]>()
  /** Statements that every mutant can break: an expected error can have any cause, a ladder is about all permissions. */
  readonly #aboutAny: Sourced[] = []
  /** Statements about who may give a role. */
  readonly #aboutGiving: Sourced[] = []
  readonly #underOptions = new Map<string, CompiledPolicy>()

  constructor(compiled: CompiledPolicy, sourced: readonly Sourced[]) {
    this.#compiled = compiled
    this.#roleCases = new RoleCases(compiled)
    const giving = Object.values(compiled.document.assignPermissions ?? {})
    for (const one of sourced) {
      const { source } = one
      const named = source.kind === 'invariant' ? source.invariant.permissions : one.statement.permissions
      const isError = source.kind === 'expectation' && 'error' in source.expected.answer
      const names =
        source.kind === 'invariant' ? readPermissions(compiled, named ?? []).map(({ name }) => name) : named
      const isGiving = isAboutGiving(source)
      if (isGiving) this.#aboutGiving.push(one)
      else if (isError || names === undefined || named === undefined) this.#aboutAny.push(one)
      if (!isError) for (const name of isGiving ? giving : (names ?? [])) this.#add(name, one)
    }
  }

  #add(permission: string | undefined, one: Sourced): void {
    if (permission === undefined) return
    const group = this.#about.get(permission)
    if (group === undefined) this.#about.set(permission, [one])
    else group.push(one)
  }

  /** A statement that the mutant breaks; `undefined` where it breaks none. */
  brokenBy(mutant: Mutant): Statement | undefined {
    const check = new MutantCheck(this.#compiled, mutant, this.#roleCases, this.#work, (key, make) => {
      const cached = this.#underOptions.get(key) ?? make()
      this.#underOptions.set(key, cached)
      return cached
    })
    if (givingKinds.has(mutant.mutation.kind))
      return this.#aboutGiving.find(({ source }) => !check.holds(source))?.statement
    const concerned = [...new Set(mutant.touched.reasoned.flatMap(({ name }) => this.#about.get(name) ?? []))]
    const { name } = mutant.mutation.part
    // Statements that name the changed part are the most likely to break.
    const near = concerned.filter(({ statement }) => statement.subjects.includes(name))
    const found = [...near, ...concerned, ...this.#aboutAny].find(({ source }) => !check.holds(source))
    return found?.statement
  }
}

/** Whether a statement says who may give a role. */
function isAboutGiving(source: Source): boolean {
  if (source.kind === 'cell') return source.cell.permission === undefined
  return source.kind === 'invariant' && source.invariant.assigns !== undefined
}

type CellSource = Extract<Source, { kind: 'cell' }>
type Cell = CellSource['cell']

/** Checks statements against one mutant, with caches. */
class MutantCheck {
  readonly #base: CompiledPolicy
  readonly #mutant: Mutant
  readonly #baseRoleCases: RoleCases
  readonly #work: Work
  readonly #remember: (key: string, make: () => CompiledPolicy) => CompiledPolicy
  readonly #subjects = new Map<MatrixSubject, MatrixSubject>()
  readonly #classes = new ClassMemory()
  readonly #policies = new Map<string, CompiledPolicy>()
  #roleCases: RoleCases | undefined

  constructor(
    base: CompiledPolicy,
    mutant: Mutant,
    baseRoleCases: RoleCases,
    work: Work,
    remember: (key: string, make: () => CompiledPolicy) => CompiledPolicy
  ) {
    this.#base = base
    this.#mutant = mutant
    this.#baseRoleCases = baseRoleCases
    this.#work = work
    this.#remember = remember
  }

  holds(source: Source): boolean {
    if (source.kind === 'cell') return this.#holdsCell(source)
    const { compiled } = this.#mutant
    if (source.kind === 'expectation') {
      const { expected } = source
      return differs(expected, answerTo(createPolicy(compiled), expected.request)) === undefined
    }
    // By name: of values of attributes that the mutant cannot tell apart, one that it does not touch may stand for others.
    const touched = new Set(this.#mutant.touched.reasoned.map(({ name }) => name))
    this.#roleCases ??= this.#roleCasesAgain()
    const proving = prepare(compiled, this.#roleCases, this.#work)
    const { counterexample, assignment } = proveInvariant(proving, source.invariant, touched)
    return counterexample === undefined && assignment === undefined
  }

  #holdsCell({ cell, expectation, subjects }: Source & { kind: 'cell' }): boolean {
    const { permission: name } = cell
    if (name === undefined) return this.#holdsGiving(cell, expectation, subjects)
    const concerned = subjects.filter((asked) => this.#isConcerned(asked))
    const relation = relationNamed(cell.relation, vocabularyOf(this.#mutant.compiled.catalogue))
    return concerned.every((asked) => {
      const subject = this.#subjectOf(asked)
      // The permission object of this subject's own catalogue, for which decisions are fastest.
      const permission = this.#mutant.touched.reasoned.find((one) => one.name === name)
      const own = permission && stateOf(subject.subject).compiled.catalogue.permissions[permission.index]
      if (own === undefined) return true
      const column = { text: name, permission: own, relation }
      return checkCell(expectation, column, [subject], this.#classes) === undefined
    })
  }

  #holdsGiving(
    { assigns: role = '', relation, text }: Cell,
    expectation: CellSource['expectation'],
    subjects: CellSource['subjects']
  ): boolean {
    const { compiled } = this.#mutant
    const roles = listRoles(compiled.roles).filter(({ name }) => name === role)
    const column = { text, role, roles, relation: relationNamed(relation, vocabularyOf(compiled.catalogue)) }
    return (
      checkAssign(
        expectation,
        column,
        subjects.map((asked) => this.#subjectOf(asked))
      ) === undefined
    )
  }

  #isConcerned({ data, subject }: MatrixSubject): boolean {
    const { kind, name } = this.#mutant.mutation.part
    const { ceilings, system, site, orgs, containers } = stateOf(subject)
    if (kind === 'systemSubject') return 'system' in data && data.system === name
    if (kind === 'scope') return ceilings.length > 0
    if (kind === 'resource' || kind === 'setting') return true
    const isHeld = ({ role, included }: RoleTable): boolean =>
      role === name || included.some((one) => one.role === name)
    const places = [orgs, ...containers].flatMap((held) => [...held.values()])
    return system === undefined && [site, ...places].some(({ members }) => members.some(isHeld))
  }

  #subjectOf(asked: MatrixSubject): MatrixSubject {
    const cached = this.#subjects.get(asked)
    if (cached !== undefined) return cached
    const { data, options } = asked
    const made = { data, options, subject: subjectOf(this.#under(options), data) }
    this.#subjects.set(asked, made)
    return made
  }

  /** The mutant under other options of the deployment. */
  #under(options: MatrixSubject['options']): CompiledPolicy {
    const { compiled, mutation } = this.#mutant
    if (Object.entries(options).every(([name, value]) => compiled.options.get(name) === value))
      return compiled
    const key = JSON.stringify(options)
    const cached =
      this.#policies.get(key) ??
      applyPart(
        this.#remember(key, () => underOptions(this.#base, options)),
        mutation.part,
        compiled.document
      )
    this.#policies.set(key, cached)
    return cached
  }

  #roleCasesAgain(): RoleCases {
    const { compiled, mutation } = this.#mutant
    const { kind } = mutation.part
    if (kind === 'resource' || kind === 'setting') return new RoleCases(compiled)
    return kind === 'role' ? this.#baseRoleCases.with(compiled) : this.#baseRoleCases
  }
}
