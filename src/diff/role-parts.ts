// The documents whose grants a role has: its own and those of the roles that it includes, each with variants of its own.
import { includedRoles, type CompiledRole } from '../compile/roles.js'
import type { RoleDocument, RoleVariant } from '../document/types.js'
import { setsOfKind } from '../verify/space/slots.js'

/** A document whose grants a role has: its own, or that of a role that it includes. */
export interface Part {
  readonly name: string
  readonly document: RoleDocument
  readonly variants: readonly RoleVariant[]
  /** The number of its first variant. */
  readonly first: number
}

/** The role's own part first. */
function partsOf(role: CompiledRole, shipped: Readonly<Record<string, RoleDocument>>): readonly Part[] {
  let first = 0
  return [[role.name, role.document] as const, ...includedRoles(role.document, shipped)].map(
    ([name, document]) => {
      const part = { name, document, variants: document.variants ?? [], first }
      first += part.variants.length
      return part
    }
  )
}

/** By key of a permission set, then by part, level and effect: the variants that have a line, in order. */
export type Piles = ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>

interface ReadRole {
  readonly parts: readonly Part[]
  readonly piles: Piles
}

const readRoles = new WeakMap<CompiledRole, ReadRole>()

/** The parts of a role and their piles, read once: an original is compared with one mutant after the other. */
export function readRole(
  role: CompiledRole | undefined,
  shipped: Readonly<Record<string, RoleDocument>>
): ReadRole {
  if (role === undefined) return { parts: [], piles: new Map() }
  const cached = readRoles.get(role)
  if (cached !== undefined) return cached
  const parts = partsOf(role, shipped)
  const read = { parts, piles: pilesOf(parts) }
  readRoles.set(role, read)
  return read
}

/** The variants of all parts by what they have lines for. A variant lies on those of its own part alone. */
function pilesOf(parts: readonly Part[]): Piles {
  const byKey = new Map<string, Map<number, number[]>>()
  for (const [position, { document, variants, first }] of parts.entries()) {
    const sets = setsOfKind(document.kind)
    for (const [number, { grants }] of variants.entries())
      for (const [index, { level, effect }] of sets.entries()) {
        const set = grants[level]?.[effect]
        if (set === undefined) continue
        for (const key of Object.keys(set)) {
          const piles = byKey.get(key) ?? new Map<number, number[]>()
          byKey.set(key, piles)
          const at = position * sets.length + index
          const pile = piles.get(at)
          if (pile === undefined) piles.set(at, [first + number])
          else pile.push(first + number)
        }
      }
  }
  return byKey
}
