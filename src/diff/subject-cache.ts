// A cache of subjects by the role tables that they hold and where: one subject answers for many permissions. The bytes
// of their tables are limited; when there are too many, the cache is emptied.
import type { CompiledPolicy } from '../compile/compile.js'
import type { RoleTable } from '../compile/roles.js'
import type { Union } from '../compile/tables.js'
import type { DecidingSubject } from '../decide/subject.js'
import { userWith, type RoleVotes } from '../verify/space/role-set.js'
import type { Work } from './limits.js'

/** The most bytes of tables that are kept. */
const mostBytes = 32 * 1024 * 1024

/** The subjects of one policy. */
export class SubjectCache {
  readonly #work: Work
  #numbers = new Map<Union<RoleTable>, number>()
  #cached = new Map<string, DecidingSubject>()
  #bytes = 0

  constructor(work: Work) {
    this.#work = work
  }

  /** The user with these votes, without a ceiling. */
  subjectOf(compiled: CompiledPolicy, votes: RoleVotes): DecidingSubject {
    const held = [votes.orgs, ...votes.containers].map((places) =>
      [...places].map(([id, union]) => [id, this.#numberOf(union)])
    )
    const key = JSON.stringify([this.#numberOf(votes.site), held])
    const cached = this.#cached.get(key)
    if (cached !== undefined) return cached
    const size = compiled.catalogue.permissions.length
    this.#work.spend(2 * size, () => ({ about: 'the policies', names: [] }))
    this.#bytes += 3 * size + 1_000
    if (this.#bytes > mostBytes) {
      this.#cached = new Map()
      this.#numbers = new Map()
      this.#bytes = 3 * size + 1_000
      return this.subjectOf(compiled, votes)
    }
    const subject = userWith(compiled, votes)
    this.#cached.set(key, subject)
    return subject
  }

  #numberOf(union: Union<RoleTable>): number {
    const cached = this.#numbers.get(union) ?? this.#numbers.size
    this.#numbers.set(union, cached)
    return cached
  }
}
