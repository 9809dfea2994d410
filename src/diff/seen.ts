// A cache of subjects by the role tables that they hold and where: one subject answers for many permissions. The bytes
// of their tables are limited; when there are too many, the cache is emptied.
import type { CompiledPolicy } from '../compile/compile.js'
import type { RoleTable } from '../compile/roles.js'
import type { Union } from '../compile/tables.js'
import { noCeilings, noGroups } from '../request/state.js'
import { DecidingSubject } from '../decide/subject.js'
import type { Work } from './limits.js'

/** The most bytes of tables that are kept. */
const mostBytes = 32 * 1024 * 1024

/** The subjects of one policy. */
export class Seen {
  readonly #work: Work
  #numbers = new Map<Union<RoleTable>, number>()
  #cached = new Map<string, DecidingSubject>()
  #bytes = 0

  constructor(work: Work) {
    this.#work = work
  }

  /** The subject with role tables at the site and in organizations. */
  subjectOf(
    compiled: CompiledPolicy,
    site: Union<RoleTable>,
    orgs: ReadonlyMap<string, Union<RoleTable>>
  ): DecidingSubject {
    const held = [...orgs].map(([org, union]) => [org, this.#numberOf(union)])
    const key = JSON.stringify([this.#numberOf(site), held])
    const cached = this.#cached.get(key)
    if (cached !== undefined) return cached
    const size = compiled.catalogue.permissions.length
    this.#work.spend(2 * size, () => ({ about: 'the policies', names: [] }))
    this.#bytes += 3 * size + 1_000
    if (this.#bytes > mostBytes) {
      this.#cached = new Map()
      this.#numbers = new Map()
      this.#bytes = 3 * size + 1_000
      return this.subjectOf(compiled, site, orgs)
    }
    const subject = new DecidingSubject({
      compiled,
      id: 'u1',
      system: undefined,
      site,
      orgs,
      groups: noGroups,
      ceilings: noCeilings
    })
    this.#cached.set(key, subject)
    return subject
  }

  #numberOf(union: Union<RoleTable>): number {
    const cached = this.#numbers.get(union) ?? this.#numbers.size
    this.#numbers.set(union, cached)
    return cached
  }
}
