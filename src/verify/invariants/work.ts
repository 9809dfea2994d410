// How much one run may try. Roles that read many options can have few role cases each and still many pairs. A proof
// that would take too long fails with an error, at the same point on every machine.
import { tooManyCases } from '../space/settings.js'

/** Sets of roles that are looked at in one run; each costs about a microsecond. */
const mostTried = 20_000_000

export class Work {
  /** What is being proved, for the error. */
  about = 'the invariants'
  #left = mostTried

  /**
   * Counts what is about to be tried.
   *
   * @throws CasemateError `too_many_cases`; `names` has the options that make them so many.
   */
  spend(count = 1, names: () => readonly string[] = () => []): void {
    this.#left -= count
    if (this.#left < 0) throw tooManyCases(this.about, names(), 'sets of roles', mostTried)
  }
}
