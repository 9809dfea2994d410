// A map with other values than another one under some of its keys, which copies nothing: of thousands of roles a mutant
// changes one, and there are thousands of mutants.

export class OverlaidMap<V extends object> implements ReadonlyMap<string, V> {
  readonly #below: ReadonlyMap<string, V>
  readonly #changes: ReadonlyMap<string, V>

  /** Every key of `changes` must be one of `below`. */
  constructor(below: ReadonlyMap<string, V>, changes: ReadonlyMap<string, V>) {
    this.#below = below
    this.#changes = changes
  }

  /**
   * The values that one map has in place of those of another with the same keys; `undefined` where it was not made from
   * that one.
   */
  static changesIn<V extends object>(
    current: ReadonlyMap<string, V>,
    before: ReadonlyMap<string, V>
  ): ReadonlyMap<string, V> | undefined {
    if (current === before) return new Map()
    return current instanceof OverlaidMap && current.#below === before
      ? (current as OverlaidMap<V>).#changes
      : undefined
  }

  get size(): number {
    return this.#below.size
  }

  has(key: string): boolean {
    return this.#below.has(key)
  }

  get(key: string): V | undefined {
    return this.#changes.get(key) ?? this.#below.get(key)
  }

  keys(): MapIterator<string> {
    return this.#below.keys()
  }

  *values(): MapIterator<V> {
    for (const [, value] of this) yield value
  }

  entries(): MapIterator<[string, V]> {
    return this[Symbol.iterator]()
  }

  forEach(call: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this) call(value, key, this)
  }

  *[Symbol.iterator](): MapIterator<[string, V]> {
    for (const [key, value] of this.#below) yield [key, this.#changes.get(key) ?? value]
  }
}
