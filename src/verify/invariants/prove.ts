// One invariant, proved or refuted: it is tried on every set of roles that can refute it (teams.ts says why those are
// enough) and every class of objects, with the decisions of the engine itself. What refutes it is built into a request
// and asked again, so that no counterexample is printed that the policy does not show.
import { createUnions, type Unions } from '../../compile/tables.js'
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import type { Ballot } from '../../compile/roles.js'
import { stateOf } from '../../compiled-form.js'
import { isWithinSomewhere } from '../../decide/ceilings.js'
import { DecidingSubject } from '../../decide/subject.js'
import { systemState } from '../../decide/state.js'
import type { InvariantDocument, OptionValue } from '../../document/types.js'
import type { Relation } from '../../document/relation.js'
import { relationClasses } from '../classes.js'
import { everyObject, isAbout } from '../relations.js'
import { subjectOf, type Counterexample, type RoleData, type SubjectData } from '../request.js'
import { underOptions, valueIn, type Values } from '../settings.js'
import { relationNamed } from '../who-can.js'
import { distinctCasts, relevantCasts, type Cast } from './ballots.js'
import { scopeCases, type ScopeCase } from './ceiling.js'
import { readHolders, readPermissions, type Holders } from './read.js'
import { teamsOutside, teamsWith, type Team } from './teams.js'

/** What all invariants of one policy are proved with. */
export interface Proving {
  readonly engine: CompiledPolicy
  readonly casts: readonly Cast[]
  readonly unions: Unions<Ballot>
}

export interface Proof {
  /** The smallest request that refutes the invariant; none where it is proved. */
  readonly counterexample: Counterexample | undefined
  /** How many decisions the proof looked at: none where no subject and object can be meant at all. */
  readonly decisions: number
}

export function prepare(engine: CompiledPolicy, casts: readonly Cast[]): Proving {
  return { engine, casts, unions: createUnions<Ballot>(engine.catalogue.permissions.length) }
}

/**
 * Proves an invariant of the policy's document or refutes it.
 *
 * @throws RequestError for a name that the policy does not have.
 */
export function proveInvariant(proving: Proving, invariant: InvariantDocument): Proof {
  const { engine } = proving
  const relation = invariant.relation === undefined ? everyObject : relationNamed(invariant.relation)
  const cases = scopeCases(engine, invariant.scope)
  const isAlways = invariant.always !== undefined
  const holders = readHolders(engine, invariant.always ?? invariant.only ?? [])
  const search = new Search(proving, relation, cases, !isAlways, !isAlways && invariant.acl !== false)
  for (const permission of readPermissions(engine, invariant.permissions)) {
    if (isAlways) tryAlways(search, proving, permission, holders)
    else tryOnly(search, proving, permission, holders)
  }
  return search.result()
}

function tryOnly(
  search: Search,
  { engine, casts }: Proving,
  permission: CompiledPermission,
  holders: Holders
): void {
  if (search.isRefusedToAll(permission)) return
  const outside = casts.filter(({ role }) => !holders.roles.has(role.name))
  const teams = teamsOutside(distinctCasts(outside, permission.index), search.isAboutOwnOrg)
  for (const team of teams.flat()) search.tryTeam(team, permission, undefined)
  for (const name of engine.systemSubjects.keys())
    if (!holders.systems.has(name)) search.trySystem(name, permission)
}

function tryAlways(
  search: Search,
  { engine, casts }: Proving,
  permission: CompiledPermission,
  holders: Holders
): void {
  const distinct = distinctCasts(casts, permission.index)
  for (const holder of relevantCasts(casts, permission.index)) {
    if (!holders.roles.has(holder.role.name)) continue
    const teams = teamsWith(holder, distinct, search.isAboutOwnOrg)
    for (const team of teams.flat()) search.tryTeam(team, permission, holder)
  }
  for (const name of engine.systemSubjects.keys())
    if (holders.systems.has(name)) search.trySystem(name, permission)
}

/** What a counterexample costs its reader: roles, options that are not as usual, fields of the object. */
type Size = readonly [roles: number, deviations: number, fields: number]

interface Found {
  readonly size: Size
  readonly counterexample: () => Counterexample
}

class Search {
  readonly isAboutOwnOrg: boolean
  readonly #proving: Proving
  readonly #relation: Relation
  readonly #cases: readonly ScopeCase[]
  /** The answer that refutes. */
  readonly #refuting: boolean
  readonly #withAcl: boolean
  #found: Found | undefined
  #decisions = 0

  constructor(
    proving: Proving,
    relation: Relation,
    cases: readonly ScopeCase[],
    refuting: boolean,
    withAcl: boolean
  ) {
    this.#proving = proving
    this.#relation = relation
    this.#cases = cases
    this.#refuting = refuting
    this.#withAcl = withAcl
    this.isAboutOwnOrg = relation.org === 'own' || relation.org === 'any'
  }

  result(): Proof {
    return { counterexample: this.#found?.counterexample(), decisions: this.#decisions }
  }

  /**
   * Whether no ceiling of the invariant lets a permission through on any object, so that there is nothing to try. Not
   * said before a first decision shows that there are subjects and objects at all.
   */
  isRefusedToAll(permission: CompiledPermission): boolean {
    return (
      this.#decisions > 0 && this.#cases.every(({ ceilings }) => !isWithinSomewhere(ceilings, permission))
    )
  }

  /** Tries a set of roles; `holder` is the one that an `always` is about. */
  tryTeam(team: Team, permission: CompiledPermission, holder: Cast | undefined): void {
    const deviations = deviationsOf(this.#proving.engine, team)
    if (!this.#isSmaller([team.length, deviations, 0])) return
    for (const scope of this.#cases) {
      const subject = subjectWith(this.#proving, team, scope)
      const data = (): SubjectData => dataOf(this.#proving.engine, team, scope)
      const held = team.find(({ cast }) => cast === holder)?.org
      this.#trySubject(subject, permission, data, optionsOf(team), [team.length, deviations], held)
    }
  }

  /** Tries a system subject; it counts as one role. No scope can be given to one. */
  trySystem(name: string, permission: CompiledPermission): void {
    const { engine } = this.#proving
    const system = engine.systemSubjects.get(name)
    if (system === undefined || this.#cases.some(({ scopes }) => scopes !== undefined)) return
    if (!this.#isSmaller([1, 0, 0])) return
    const subject = new DecidingSubject(systemState(engine, system))
    this.#trySubject(subject, permission, () => ({ system: name }), {}, [1, 0], undefined)
  }

  #trySubject(
    subject: DecidingSubject,
    permission: CompiledPermission,
    data: () => SubjectData,
    options: Values,
    [roles, deviations]: readonly [number, number],
    held: string | undefined
  ): void {
    for (const one of relationClasses(stateOf(subject), permission, { acl: this.#withAcl })) {
      if (!isAbout(this.#relation, one)) continue
      if (this.#relation.org === 'own' && held !== undefined && !one.orgs.includes(held)) continue
      this.#decisions++
      if (subject.can(permission, one.object) !== this.#refuting) continue
      const size: Size = [roles, deviations, Object.keys(one.object).length]
      if (this.#isSmaller(size))
        this.#found = {
          size,
          counterexample: () => askAgain(this.#proving.engine, data(), options, permission, one.object)
        }
      return
    }
  }

  #isSmaller(size: Size): boolean {
    if (this.#found === undefined) return true
    for (const [index, part] of size.entries()) {
      const least = this.#found.size[index] ?? 0
      if (part !== least) return part < least
    }
    return false
  }
}

function subjectWith({ engine, unions }: Proving, team: Team, { ceilings }: ScopeCase): DecidingSubject {
  let site = unions.empty
  const orgs = new Map<string, typeof site>()
  for (const { cast, org } of team) {
    const { ballot } = cast
    if (org === undefined || ballot.reachesSite) site = unions.unite(site, ballot)
    if (org !== undefined) orgs.set(org, unions.unite(orgs.get(org) ?? unions.empty, ballot))
  }
  return new DecidingSubject({ engine, id: 'u1', system: undefined, site, orgs, groups: new Set(), ceilings })
}

/** The deployment's options that the roles of a team read; its ballots agree on them. */
function optionsOf(team: Team): Values {
  return Object.fromEntries(team.flatMap(({ cast }) => Object.entries(cast.options)))
}

/** The settings of each organization that its roles need: those that are not as usual, and those without a default. */
function settingsOf(engine: CompiledPolicy, team: Team): ReadonlyMap<string, Values> {
  const settings = new Map<string, Map<string, OptionValue>>()
  for (const { cast, org } of team) {
    if (org === undefined) continue
    const values = settings.get(org) ?? new Map<string, OptionValue>()
    settings.set(org, values)
    for (const name of cast.role.reads) {
      const option = engine.context.orgOptions.get(name)
      const value = valueIn(cast.settings, name) ?? values.get(name) ?? option?.default ?? option?.values[0]
      if (value !== undefined && value !== option?.default) values.set(name, value)
    }
  }
  const given = [...settings].filter(([, values]) => values.size > 0)
  return new Map(given.map(([org, values]) => [org, Object.fromEntries(values)]))
}

function deviationsOf(engine: CompiledPolicy, team: Team): number {
  const options = Object.entries(optionsOf(team)).filter(
    ([name, value]) => engine.options.get(name) !== value
  )
  const settings = [...settingsOf(engine, team).values()].flatMap((values) => Object.keys(values))
  return options.length + settings.length
}

function dataOf(engine: CompiledPolicy, team: Team, { scopes }: ScopeCase): SubjectData {
  const settings = settingsOf(engine, team)
  const roles = team.map(({ cast: { role }, org }): RoleData =>
    org === undefined ? role.name : { role: role.name, org }
  )
  return {
    id: 'u1',
    roles,
    ...(settings.size === 0 ? {} : { orgOptions: Object.fromEntries(settings) }),
    ...(scopes === undefined ? {} : { scopes })
  }
}

/** The counterexample as a request, answered by the policy compiled under its options. */
function askAgain(
  engine: CompiledPolicy,
  subject: SubjectData,
  options: Values,
  { action }: CompiledPermission,
  object: Counterexample['request']['object']
): Counterexample {
  const under = underOptions(engine, options)
  const decision = subjectOf(under, subject).explain(action, object)
  return { request: { subject, action, object }, options: Object.fromEntries(under.options), decision }
}
