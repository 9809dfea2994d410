// Finds circles among names that refer to names: what implies itself, or includes itself.
import { quoteValue } from '../../problems/quote.js'

/** Where one name refers to another; `place` is what the caller knows it by. */
export interface Reference<Place> {
  readonly to: string
  readonly place: Place
}

/** A reference that closes a circle, and what it says: `a` → `b` → `a`. */
export interface Circle<Place> extends Reference<Place> {
  readonly words: string
}

const mostShown = 5

/**
 * The references without which there is no circle. Without recursion: a chain can have as many names as a document.
 */
export function findCircles<Place>(
  references: ReadonlyMap<string, readonly Reference<Place>[]>
): readonly Circle<Place>[] {
  const found: Circle<Place>[] = []
  const done = new Set<string>()
  for (const start of references.keys()) {
    if (done.has(start)) continue
    const way = [{ name: start, followed: 0 }]
    const places = new Map([[start, 0]])
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const reference = references.get(step.name)?.[step.followed++]
      if (reference === undefined) {
        done.add(step.name)
        places.delete(step.name)
        way.pop()
        continue
      }
      const begin = places.get(reference.to)
      if (begin !== undefined) found.push({ ...reference, words: circleWords(way, begin) })
      else if (!done.has(reference.to)) {
        places.set(reference.to, way.length)
        way.push({ name: reference.to, followed: 0 })
      }
    }
  }
  return found
}

function circleWords(way: readonly { readonly name: string }[], begin: number): string {
  const names = way.slice(begin, begin + mostShown).map(({ name }) => quoteValue(name))
  if (way.length > begin + mostShown) names.push('…')
  return [...names, names[0]].join(' → ')
}
