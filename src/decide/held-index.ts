// The places in which roles are held, found by the id that a row gives. Ids of rows are new texts: a `Map` has to hash
// every character of them, which takes longer than the rest of a decision. Here a few characters say where an id would
// be, and a comparison of whole texts says whether it is there. So an index finds what the `Map` finds, and nothing
// else. Only a subject that asks often gets one.
import type { HeldIn } from '../request/state.js'

/** Where ids would stand further than this from where they belong, the `Map` is asked. */
const mostSteps = 64
/** With so many questions more than places an index has cost less than it saves. */
const questionsBefore = 4

/** The votes of the roles held in places of one kind. */
export class HeldPlaces {
  readonly #held: HeldIn
  /** The questions that are still asked of the `Map`. */
  #before: number
  #index: HeldIndex | undefined

  constructor(held: HeldIn) {
    this.#held = held
    this.#before = Math.ceil(held.size / 4) + questionsBefore
    this.#index = held.size === 0 ? nowhere : undefined
  }

  /** The votes for a permission in the place with this id; 0 where no role is held in it. */
  votes(id: string, permission: number): number {
    const index = this.#index
    return index === undefined ? this.#slowVotes(id, permission) : index.votes(id, permission)
  }

  #slowVotes(id: string, permission: number): number {
    this.#before--
    if (this.#before === 0) this.#index = HeldIndex.of(this.#held)
    return this.#held.get(id)?.table[permission] ?? 0
  }
}

class HeldIndex {
  /** By slot: what the characters of an id come to; 0 where there is none. */
  readonly #marks: Int32Array
  readonly #ids: readonly string[]
  readonly #tables: readonly Uint8Array[]
  readonly #shift: number
  readonly #size: number

  /** `undefined` for ids that are alike in the characters that are looked at. */
  static of(held: HeldIn): HeldIndex | undefined {
    const bits = Math.max(2, 33 - Math.clz32(held.size))
    const shift = 32 - bits
    // Beyond the last slot there is room for every step, and for a slot with nothing, at which a search ends.
    const size = 2 ** bits + Math.min(held.size, mostSteps) + 1
    const marks = new Int32Array(size)
    const ids = new Array<string>(size).fill('')
    const tables = new Array<Uint8Array>(size).fill(noVotes)
    for (const [id, { table }] of held) {
      const mark = markOf(id)
      let slot = mark >>> shift
      const end = slot + mostSteps
      while (slot < end && marks[slot] !== 0) slot++
      if (slot === end) return undefined
      marks[slot] = mark
      ids[slot] = id
      tables[slot] = table
    }
    return new HeldIndex(marks, ids, tables, shift, held.size)
  }

  private constructor(
    marks: Int32Array,
    ids: readonly string[],
    tables: readonly Uint8Array[],
    shift: number,
    size: number
  ) {
    this.#marks = marks
    this.#ids = ids
    this.#tables = tables
    this.#shift = shift
    this.#size = size
  }

  votes(id: string, permission: number): number {
    const marks = this.#marks
    if (this.#size === 0) return 0
    const mark = markOf(id)
    let slot = mark >>> this.#shift
    for (const end = slot + mostSteps; slot < end; slot++) {
      const there = marks[slot]
      if (there === 0) return 0
      if (there === mark && this.#ids[slot] === id) return this.#tables[slot]?.[permission] ?? 0
    }
    return 0
  }
}

const noVotes = new Uint8Array(0)
const nowhere = HeldIndex.of(new Map())

/**
 * A number from the end of an id, where sequences count and chance is, and from its front; never 0. Equal for equal
 * texts, and mostly not for others.
 */
function markOf(id: string): number {
  const { length } = id
  if (length < 8) return shortMark(id)
  const end =
    id.charCodeAt(length - 1) |
    (id.charCodeAt(length - 2) << 8) |
    (id.charCodeAt(length - 3) << 16) |
    (id.charCodeAt(length - 4) << 24)
  const front = id.charCodeAt(6) | (id.charCodeAt(7) << 8)
  return Math.imul(end ^ Math.imul(front, 0x85ebca6b), 0x9e3779b1) | 1
}

function shortMark(id: string): number {
  let mark = 7
  for (let i = 0; i < id.length; i++) mark = Math.imul(mark, 31) + id.charCodeAt(i)
  return Math.imul(mark, 0x9e3779b1) | 1
}
