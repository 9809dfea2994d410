// A key of one policy as both policies read it.
import { readCeiling, type Ceiling } from '../request/ceiling.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { Who } from './report.js'
import { CountedProblems } from './counted-problems.js'
import type { OldNew } from './sides.js'
import type { Asking } from './witness.js'

/** A key's ceiling as a request has it, and as each policy reads it: `undefined` where it is an error. */
export interface Key {
  readonly who: Who
  readonly given: Pick<Asking, 'scopes' | 'allowList'>
  readonly ceilings: OldNew<readonly Ceiling[] | undefined>
  /** The allow lists in them, as text. */
  readonly lists: OldNew<string>
  /** The id that an object has to have; if absent, all ids that a list names are tried, and none. */
  readonly id?: string
}

export function readKey(
  compiled: CompiledPolicy,
  given: Pick<Asking, 'scopes' | 'allowList'>
): readonly Ceiling[] | undefined {
  const problems = new CountedProblems()
  const ceiling = readCeiling(given, [], compiled, problems)
  return problems.list.length > 0 || ceiling === undefined ? undefined : [ceiling]
}
