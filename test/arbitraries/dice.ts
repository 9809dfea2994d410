// Choices drawn from a tape of numbers. A failing property shrinks the tape, never the value that was built from it,
// so that every shrunk value is again one that the builders can make; zero is always the simplest choice, and a tape
// that has run out gives zeros.
import fc from 'fast-check'

export interface Dice {
  /** A number from 0 to `count` - 1. */
  below(count: number): number
  /** True in about that many of a hundred cases; false is the simpler answer. */
  chance(percent: number): boolean
  /** One of the items; the first is the simplest. */
  pick<T>(items: readonly T[]): T
  /** From `least` to `most` different items, in any order; fewer where there are not as many. */
  some<T>(items: readonly T[], least: number, most: number): T[]
}

/** Builds values from tapes of that length: what `build` does not read of the tape is not read. */
export function rolled<T>(length: number, build: (dice: Dice) => T): fc.Arbitrary<T> {
  return new TapeArbitrary(length).map((tape) => build(diceOf(tape)))
}

/** Several tapes, `least` to `most` beside the first one, which is for what all the others' values stand on. */
export function rolledMany<T>(
  first: number,
  rest: number,
  most: number,
  build: (first: Dice, rest: readonly Dice[]) => T,
  least = 1
): fc.Arbitrary<T> {
  const others = fc.array(new TapeArbitrary(rest), { minLength: least, maxLength: most, size: 'max' })
  return fc
    .tuple(new TapeArbitrary(first), others)
    .map(([tape, tapes]) => build(diceOf(tape), tapes.map(diceOf)))
}

function diceOf(tape: readonly number[]): Dice {
  let position = 0
  const below = (count: number): number => (tape[position++] ?? 0) % count
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('nothing to pick from')
    return items[below(items.length)] as T
  }
  return {
    below,
    chance: (percent) => below(100) >= 100 - percent,
    pick,
    some: (items, least, most) => {
      const left = [...items]
      const count = Math.min(least + below(most - least + 1), left.length)
      return Array.from({ length: count }, () => left.splice(below(left.length), 1)).flat()
    }
  }
}

const largest = 9_999

class TapeArbitrary extends fc.Arbitrary<readonly number[]> {
  readonly #length: number

  constructor(length: number) {
    super()
    this.#length = length
  }

  generate(random: fc.Random): fc.Value<readonly number[]> {
    const tape = Array.from({ length: this.#length }, () => random.nextInt(0, largest))
    return new fc.Value(tape, undefined)
  }

  canShrinkWithoutContext(value: unknown): value is readonly number[] {
    return Array.isArray(value) && value.every((item) => typeof item === 'number')
  }

  shrink(tape: readonly number[], context?: unknown): fc.Stream<fc.Value<readonly number[]>> {
    const from = context instanceof Progress ? context : new Progress(tape.length, 0)
    return fc.stream(smallerTapes(tape, from))
  }
}

/** How far shrinking has come: it goes on from here, because what failed to shrink once seldom does later. */
class Progress {
  readonly cut: number
  readonly index: number

  constructor(cut: number, index: number) {
    this.cut = cut
    this.index = index
  }
}

/** Shorter tapes first, then tapes of the same length with smaller numbers: shrinking always ends. */
function* smallerTapes(tape: readonly number[], from: Progress): Generator<fc.Value<readonly number[]>> {
  for (let cut = Math.min(from.cut, tape.length); cut >= 1; cut = Math.floor(cut / 2)) {
    for (let end = tape.length; end >= cut; end -= cut) {
      yield new fc.Value(tape.toSpliced(end - cut, cut), new Progress(cut, 0))
    }
  }
  for (const [index, value] of tape.entries()) {
    if (index < from.index) continue
    for (let less = value; less >= 1; less = Math.floor(less / 2)) {
      yield new fc.Value(tape.with(index, value - less), new Progress(0, index))
    }
  }
}
