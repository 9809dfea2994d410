// What was made once is kept for the next who asks, up to a number: past it all is forgotten and made anew, so that
// whoever asks for something else each time costs time and no memory.

export class Remembered<T> {
  readonly #known = new Map<string, T>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get(key: string): T | undefined {
    return this.#known.get(key)
  }

  /** Keeps a value, and gives it back. */
  add(key: string, value: T): T {
    if (this.#known.size >= this.#most) this.#known.clear()
    this.#known.set(key, value)
    return value
  }
}
