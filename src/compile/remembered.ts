// A cache with a limit. When it is full it forgets everything, so that a caller who asks for something new each time
// costs time and no memory.

export class Remembered<T> {
  readonly #values = new Map<string, T>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get(key: string): T | undefined {
    return this.#values.get(key)
  }

  clear(): void {
    this.#values.clear()
  }

  /** Stores a value and returns it. */
  add(key: string, value: T): T {
    if (this.#values.size >= this.#most) this.#values.clear()
    this.#values.set(key, value)
    return value
  }
}
