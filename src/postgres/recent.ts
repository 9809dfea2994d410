// What was made of late, by a name: given again for as long as what it is made of is the same. Nothing here says when that
// is; the caller reads it anew each time and compares. The oldest are forgotten, so that there are never many.

/** What something was made of: compared by identity and as text. */
export interface Ingredients {
  readonly of: object
  readonly text: string
}

const most = 2000

export class Recent<T> {
  readonly #made = new Map<string, Ingredients & { readonly value: T }>()

  /** What was made of the same under this name, or what `make` makes now. */
  get(name: string, { of, text }: Ingredients, make: () => T): T {
    const known = this.#made.get(name)
    if (known !== undefined && known.of === of && known.text === text) return known.value
    const value = make()
    this.#made.delete(name)
    this.#made.set(name, { of, text, value })
    const [oldest] = this.#made.keys()
    if (oldest !== undefined && this.#made.size > most) this.#made.delete(oldest)
    return value
  }
}
