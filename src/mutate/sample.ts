// The order in which mutants are tried: kinds take turns, and a seed shuffles each kind. The same seed and document
// give the same mutants on every machine.

/** Items from each group in turn, each group shuffled. */
export function* takeTurns<T>(groups: readonly (readonly T[])[], seed: number): Generator<T> {
  const random = randomFrom(seed)
  const shuffled = groups.map((group) => shuffle(group, random))
  const longest = Math.max(0, ...shuffled.map(({ length }) => length))
  for (let turn = 0; turn < longest; turn++)
    for (const group of shuffled) {
      const [item] = group.slice(turn, turn + 1)
      if (item !== undefined) yield item
    }
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const ranks = Float64Array.from(items, random)
  const order = Uint32Array.from(items, (_, index) => index)
  order.sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b)
  const shuffled: T[] = []
  for (const index of order) shuffled.push(...items.slice(index, index + 1))
  return shuffled
}

/** Pseudo-random numbers from 0 to 1 for a seed of 32 bits: a Weyl sequence with mixed bits. */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000
  }
}
