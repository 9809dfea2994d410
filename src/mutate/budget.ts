// How much all mutants of a policy together may look at. Each is cheap, and there may be hundreds of thousands.
import type { CompiledPolicy } from '../compile/compile.js'
import { tooManyCases } from '../verify/space/settings.js'
import { givingKinds, type Mutation } from './types.js'

/** The most parts of the policy that are looked at for all mutants together, each in less than a microsecond. */
const mostLookedAt = 12_000_000
/** What a mutant takes in a policy of any size, in parts of a large one. */
const partsOfAny = 400
/** How many times over a policy that is compiled as a whole is looked at. */
const timesCompiled = 5

export class Budget {
  readonly #parts: number
  readonly #roles: number
  #left = mostLookedAt

  /**
   * `count` is how many mutants are tried at least.
   *
   * @throws CasemateError `too_many_cases` where these are already too many.
   */
  constructor({ catalogue, roles, systemSubjects, scopes }: CompiledPolicy, count: number) {
    this.#roles = roles.shipped.size
    const declared = 5 * (scopes.declared.length + scopes.templates.size)
    this.#parts = partsOfAny + catalogue.permissions.length + this.#roles + 4 * systemSubjects.size + declared
    if (count * this.#parts > mostLookedAt) throw this.#tooMany(count)
  }

  /**
   * Counts what one mutant takes.
   *
   * @throws CasemateError `too_many_cases`.
   */
  spend({ kind, part }: Mutation): void {
    const times = part.kind === 'resource' || part.kind === 'setting' ? timesCompiled : 1
    const given = givingKinds.has(kind) && part.kind === 'systemSubject' ? 10 * this.#roles : 0
    this.#left -= times * this.#parts + given
    if (this.#left < 0) throw this.#tooMany(Math.floor(mostLookedAt / this.#parts))
  }

  #tooMany(count: number): Error {
    const text = `${count} mutants of a policy with ${this.#parts} parts, so that \`max\` has to be lower or \`kinds\` have to be named`
    return tooManyCases('the policy', [], text, mostLookedAt)
  }
}
