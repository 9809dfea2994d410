// Places in a condition for what is known of a subject: lists of ids, and flags.
import type { IdLists } from '../../reach/id-sets.js'
import type { Facts } from './facts.js'

/** A place for ids of a subject. */
export interface Slot {
  /** Unique within a condition, and the same for every subject. */
  readonly name: string
  /** Whether it holds any number of ids; else it holds one or none. */
  readonly isList: boolean
  readonly read: (facts: Facts) => IdLists
}

/** Something that is known of a subject and of no row. */
export interface Flag {
  /** Unique within a condition, and the same for every subject. */
  readonly name: string
  readonly read: (facts: Facts) => boolean
}

/** The slots and flags of one condition, each once. */
export class Slots {
  readonly #list: Slot[] = []
  readonly #flags: Flag[] = []

  get list(): readonly Slot[] {
    return this.#list
  }

  get flags(): readonly Flag[] {
    return this.#flags
  }

  /** The number of the slot of this name, which is added where there is none yet. */
  slot(name: string, isList: boolean, read: Slot['read']): number {
    return numberIn(this.#list, name, () => ({ name, isList, read }))
  }

  /** The number of the flag of this name, which is added where there is none yet. */
  flag(name: string, read: Flag['read']): number {
    return numberIn(this.#flags, name, () => ({ name, read }))
  }
}

function numberIn<T extends { readonly name: string }>(list: T[], name: string, make: () => T): number {
  const found = list.findIndex((one) => one.name === name)
  return found >= 0 ? found : list.push(make()) - 1
}
