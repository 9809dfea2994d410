// Which roles give something that a giver lacks, for all roles of a kind in one go: by permission and allow bit, the set
// of the roles that give it. There may be millions of pairs of a giver and a role.
import type { CompiledRole } from '../compile/roles.js'

/** A permission's number, and the allow bits that a role has there. */
export type Unit = readonly [index: number, bits: number]

/** What a role gives, as far as its role table shows it. */
export interface Given {
  readonly units: readonly Unit[]
  /** Whether `units` is all of it: no allow reaches what is added to the catalogue later, and no variant changes it. */
  readonly isWhole: boolean
  /** Equal for roles that give the same. */
  readonly key: string
}

/** Roles that give the same, in the order of the document. */
export interface Alike {
  readonly given: Given
  readonly roles: CompiledRole[]
}

/** Groups of roles of one kind, by what they give. */
export class GivenIndex {
  readonly #groups: readonly Alike[]
  /** One bit for each group, for each permission and allow bit that some group gives. */
  readonly #units: readonly { readonly index: number; readonly bit: number; readonly groups: Uint32Array }[]

  constructor(groups: readonly Alike[]) {
    this.#groups = groups
    const words = Math.ceil(groups.length / 32)
    const units = new Map<number, Uint32Array>()
    for (const [number, { given }] of groups.entries())
      for (const [index, bits] of given.units)
        for (let left = bits; left !== 0; left &= left - 1) {
          const key = index * 256 + (left & -left)
          const giving = units.get(key) ?? new Uint32Array(words)
          units.set(key, giving)
          giving[number >>> 5] = (giving[number >>> 5] ?? 0) | (1 << (number & 31))
        }
    this.#units = [...units].map(([key, giving]) => ({
      index: Math.floor(key / 256),
      bit: key % 256,
      groups: giving
    }))
  }

  /**
   * The groups that give something outside a mask of allow bits by permission, or, where what they give is not whole,
   * that `lacksMore` says so of.
   */
  lackedUnder(mask: Uint8Array, lacksMore: (group: Alike) => boolean): readonly Alike[] {
    const found = new Uint32Array(Math.ceil(this.#groups.length / 32))
    for (const { index, bit, groups } of this.#units) {
      if ((bit & ~(mask[index] ?? 0)) === 0) continue
      for (let word = 0; word < found.length; word++) found[word] = (found[word] ?? 0) | (groups[word] ?? 0)
    }
    return this.#groups.filter(
      (group, number) =>
        ((found[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0 ||
        (!group.given.isWhole && lacksMore(group))
    )
  }
}
