// A fragment as a statement's text, and the holes whose values it sends, in their order. Both depend on the fragment and
// the first number alone, so that they are made once for all subjects.
import type { Dialect } from './dialect/dialect.js'
import type { Fragment, Hole } from './fragment.js'

export interface Numbered {
  readonly text: string
  readonly sent: readonly Hole[]
}

/** For so many first numbers the text of a fragment is kept. */
const mostKept = 16

/** Numbers fragments, and keeps what it made as long as they are in use. */
export type Numberer = (fragment: Fragment, first: number) => Numbered

export function createNumberer(dialect: Dialect): Numberer {
  const kept = new WeakMap<Fragment, Map<number, Numbered>>()
  return (fragment, first) => {
    const known = kept.get(fragment) ?? new Map<number, Numbered>()
    const found = known.get(first)
    if (found !== undefined) return found
    const made = numberFrom(first, fragment, dialect)
    if (known.size < mostKept) known.set(first, made)
    kept.set(fragment, known)
    return made
  }
}

function numberFrom(first: number, { strings, holes }: Fragment, dialect: Dialect): Numbered {
  const numbers = new Map<string, number>()
  const sent: Hole[] = []
  let text = strings[0] ?? ''
  holes.forEach((hole, at) => {
    const key = dialect.hasNumbers ? `${hole.slot} ${hole.encoding}` : String(at)
    let number = numbers.get(key)
    if (number === undefined) {
      number = first + sent.push(hole) - 1
      numbers.set(key, number)
    }
    text += dialect.parameter(number, hole) + (strings[at + 1] ?? '')
  })
  return { text, sent }
}
