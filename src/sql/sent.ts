// Lists of ids → the values of parameters. What was written of a list is kept with the subject: the organizations of one
// class are the same list for every slot, action and table that has them.
import type { IdLists } from '../reach/id-sets.js'
import type { Dialect } from './dialect/dialect.js'
import type { Hole } from './fragment.js'

/** The value that a hole sends for some lists of ids. */
export type Sender = (lists: IdLists, hole: Hole) => string | null

/** Senders of what one subject has, each dialect's once. */
export class Senders {
  readonly #byDialect = new Map<Dialect, Sender>()

  of(dialect: Dialect): Sender {
    const found = this.#byDialect.get(dialect)
    if (found !== undefined) return found
    const made = createSender()
    this.#byDialect.set(dialect, made)
    return made
  }
}

type Written = Map<string, string | null>

function createSender(): Sender {
  const known = new Map<IdLists | readonly string[], Written>()
  const remembered = (
    key: IdLists | readonly string[],
    encoding: string,
    write: () => string | null
  ): string | null => {
    const before = known.get(key)
    const found = before?.get(encoding)
    if (found !== undefined) return found
    const value = write()
    if (before === undefined) known.set(key, new Map([[encoding, value]]))
    else before.set(encoding, value)
    return value
  }
  return (lists, { encoding, value }) => {
    const [only = nobody] = lists
    const valueOf = (ids: readonly string[]): string | null => remembered(ids, encoding, () => value(ids))
    return lists.length < 2 ? valueOf(only) : remembered(lists, encoding, () => unite(lists.map(valueOf)))
  }
}

const nobody: readonly string[] = Object.freeze([])

/** The value of several lists: every dialect writes one between two brackets, with commas between its elements. */
function unite(values: readonly (string | null)[]): string {
  const written = values.filter((value) => value !== null)
  const [first = ''] = written
  const elements = written.map((value) => value.slice(1, -1)).filter((some) => some !== '')
  return first.slice(0, 1) + elements.join(',') + first.slice(-1)
}
