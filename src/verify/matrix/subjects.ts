// The subjects of a row: a role, `role + role`, `system:NAME`, a name that a table of subjects defines, or `everyone
// else`. A setting without default that the row does not give is tried with all its values.
import type { CompiledPolicy } from '../../compile/compile.js'
import { listRoles } from '../../compile/role-index.js'
import type { CompiledRole } from '../../compile/roles.js'
import type { Subject } from '../../policy/types/index.js'
import type { subjectState } from '../../request/state.js'
import type { CeilingInput } from '../../types.js'
import { RequestProblems } from '../../problems/request-problems.js'
import { holdersOf } from '../space/holders.js'
import { readSubjectData, subjectOf, type SubjectData } from '../space/requests.js'
import { optionsOf, underOptions, type Values } from '../space/settings.js'
import type { DefinedSubject } from './defined.js'
import { isWhollyCode, split, type CellText } from './cell-text.js'
import { cite, type PageProblems } from './problem.js'

/** The subject of a row, with the methods that decide. It cannot assign or share: only a policy's own subjects can. */
export interface AskedSubject extends Pick<
  Subject,
  | 'id'
  | 'can'
  | 'authorize'
  | 'explain'
  | 'actionsOn'
  | 'filter'
  | 'canEach'
  | 'canSome'
  | typeof subjectState
> {
  within(ceiling: CeilingInput): AskedSubject
}

/** One subject that a row is about. */
export interface MatrixSubject {
  /** Who it is, as a request has it. */
  readonly data: SubjectData
  /** The deployment's options under which the row asks. */
  readonly options: Values
  /** The same, ready to be asked. Not enumerable: it is not in JSON. */
  readonly subject: AskedSubject
}

/** `subject` is left out of JSON output, where `data` says who it is. */
function matrixSubject(data: SubjectData, options: Values, subject: AskedSubject): MatrixSubject {
  return Object.defineProperty({ data, options, subject }, 'subject', { enumerable: false })
}

const plus = /(?<=\s)\+(?=\s)/

/** The most roles in one row, and the most subjects that one row can stand for. */
const mostRoles = 1_000
const mostSubjects = 10_000

/** The row that stands for each role and each system subject without a row of its own. */
export const everyoneElse = 'everyone else'

/** A name as code, so that nothing in it separates several names. */
function asName(name: string): CellText {
  return { text: name, code: [[0, name.length]], markup: undefined }
}

/** Finds subjects by the text of a row; each is built once for a page. */
export class SubjectDirectory {
  readonly #compiled: CompiledPolicy
  readonly #defined: ReadonlyMap<string, DefinedSubject>
  readonly #roles = new Map<string, CompiledRole[]>()
  readonly #cached = new Map<string, readonly MatrixSubject[]>()
  readonly #policies = new Map<string, CompiledPolicy>()
  readonly #others = new Map<ReadonlySet<string>, readonly string[]>()

  constructor(compiled: CompiledPolicy, defined: readonly DefinedSubject[]) {
    this.#compiled = compiled
    this.#defined = new Map(defined.map((subject) => [subject.name, subject]))
    for (const role of listRoles(compiled.roles))
      this.#roles.set(role.name, [...(this.#roles.get(role.name) ?? []), role])
  }

  /** Whether a text alone names subjects. */
  isKnown(text: string): boolean {
    const isService =
      text.startsWith('system:') && this.#compiled.systemSubjects.has(text.slice('system:'.length))
    return (
      isService || text.toLowerCase() === everyoneElse || this.#roles.has(text) || this.#defined.has(text)
    )
  }

  /** The subjects of a row; `undefined` for a text that names none, which is added to `problems`. */
  find(
    cell: CellText,
    line: number,
    others: ReadonlySet<string>,
    problems: PageProblems
  ): readonly MatrixSubject[] | undefined {
    const { text } = cell
    if (text.toLowerCase() === everyoneElse && !this.#roles.has(text))
      return this.#everyoneElse(others).flatMap((name) => this.#remember(asName(name), line, problems) ?? [])
    return this.#remember(cell, line, problems)
  }

  /** Roles and system subjects that none of a table's rows is about alone. */
  #everyoneElse(rows: ReadonlySet<string>): readonly string[] {
    const cached = this.#others.get(rows)
    if (cached !== undefined) return cached
    const own = new Set([...rows].map((text) => this.#defined.get(text)?.plainName ?? text))
    const systems = [...this.#compiled.systemSubjects.keys()].map((name) => `system:${name}`)
    const others = [...this.#roles.keys(), ...systems].filter((name) => !own.has(name))
    this.#others.set(rows, others)
    return others
  }

  #remember(cell: CellText, line: number, problems: PageProblems): readonly MatrixSubject[] | undefined {
    const key = `${cell.text} ${cell.code.join(' ')}`
    const cached = this.#cached.get(key) ?? this.#build(cell, line, problems)
    if (cached !== undefined) this.#cached.set(key, cached)
    return cached
  }

  #build(cell: CellText, line: number, problems: PageProblems): readonly MatrixSubject[] | undefined {
    const { text } = cell
    const defined = this.#defined.get(text)
    if (defined !== undefined) {
      if (defined.system !== undefined) return this.#system(defined.system)
      return this.#holders(defined.roles, defined, defined.line, problems)
    }
    if (text.startsWith('system:') && !this.#roles.has(text)) {
      const name = text.slice('system:'.length)
      const { systemSubjects } = this.#compiled
      if (systemSubjects.has(name)) return this.#system(name)
      problems.add(
        'unknown_subject',
        line,
        `unknown system subject ${cite(name)}`,
        name,
        systemSubjects.keys()
      )
      return undefined
    }
    const isRole = this.#roles.has(text)
    // Several roles may stand in one pair of backticks, as long as there is no role of that name.
    const isOpen = isWhollyCode(cell) && !isRole
    const parts = split(isOpen ? { ...cell, code: [] } : cell, plus).map((part) => part.text)
    if (parts.length > mostRoles) {
      const message = `this row is about ${parts.length} roles, more than ${mostRoles}`
      problems.add('invalid_subject', line, message)
      return undefined
    }
    const names = isRole ? [text] : parts
    const unknown = names.find((name) => !this.#roles.has(name))
    if (unknown === undefined) return this.#holders(names, undefined, line, problems)
    const known = [...this.#roles.keys(), ...this.#defined.keys()]
    problems.add('unknown_subject', line, `unknown role or subject ${cite(unknown)}`, unknown, known)
    return undefined
  }

  #system(name: string): readonly MatrixSubject[] {
    const data = { system: name }
    return [matrixSubject(data, optionsOf(this.#compiled), subjectOf(this.#compiled, data))]
  }

  /** The subjects that hold these roles, with those of one kind together in one organization or container. */
  #holders(
    names: readonly string[],
    defined: DefinedSubject | undefined,
    line: number,
    problems: PageProblems
  ): readonly MatrixSubject[] | undefined {
    let holdings: CompiledRole[][] = [[]]
    for (const name of names) {
      const meant = this.#meant(name, defined)
      if (holdings.length * meant.length > mostSubjects) {
        const message = `this subject stands for more than ${mostSubjects}: name the organizations in a table of subjects`
        problems.add('invalid_subject', line, message)
        return undefined
      }
      holdings = holdings.flatMap((held) => meant.map((role) => [...held, role]))
    }
    const { orgSettings = {}, orgs, containers, scopes = [], options = {} } = defined ?? {}
    const found: MatrixSubject[] = []
    for (const roles of holdings) {
      if (Object.keys(orgSettings).length > 0 && roles.every(({ kind }) => kind !== 'org')) {
        problems.add(
          'invalid_subject',
          line,
          'settings of an organization without a role that is held in one'
        )
        return undefined
      }
      for (const { data } of holdersOf(this.#compiled, roles, { orgs, containers, settings: orgSettings })) {
        const subject = this.#read(scopes.length === 0 ? data : { ...data, scopes }, options, line, problems)
        if (subject === undefined) return undefined
        found.push(subject)
      }
    }
    return found
  }

  /** The roles of a name: for a defined subject those of its organizations, or else the shared one; otherwise all. */
  #meant(name: string, defined: DefinedSubject | undefined): readonly CompiledRole[] {
    const roles = this.#roles.get(name) ?? []
    if (defined === undefined) return roles
    const placesOf = (kind: string): readonly string[] =>
      (kind === 'org' ? defined.orgs : defined.containers.get(kind)) ?? []
    const there = roles.filter(({ kind, place }) => place !== undefined && placesOf(kind).includes(place))
    return there.length > 0 ? there : roles.filter(({ place }) => place === undefined)
  }

  #read(data: SubjectData, options: Values, line: number, problems: PageProblems): MatrixSubject | undefined {
    const compiled = this.#under(options)
    const found = new RequestProblems()
    const subject = readSubjectData(compiled, data, found)
    if (subject !== undefined) return matrixSubject(data, optionsOf(compiled), subject)
    for (const { message } of found.list) problems.add('invalid_subject', line, message)
    return undefined
  }

  #under(options: Values): CompiledPolicy {
    const key = JSON.stringify(options)
    const cached = this.#policies.get(key) ?? underOptions(this.#compiled, options)
    this.#policies.set(key, cached)
    return cached
  }
}
