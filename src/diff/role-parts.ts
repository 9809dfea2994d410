// The documents whose grants a role has: its own and those of the roles that it includes, each with variants of its own.
import { includedRoles, type CompiledRole } from '../compile/roles.js'
import type { RoleDocument, RoleVariant } from '../document/types.js'
import { levelsOfKind } from '../levels.js'

/** A document whose grants a role has: its own, or that of a role that it includes. */
export interface Part {
  readonly name: string
  readonly document: RoleDocument
  readonly variants: readonly RoleVariant[]
  /** The number of its first variant. */
  readonly first: number
}

/** The role's own part first. */
export function partsOf(
  role: CompiledRole | undefined,
  shipped: Readonly<Record<string, RoleDocument>>
): readonly Part[] {
  if (role === undefined) return []
  let first = 0
  return [[role.name, role.document] as const, ...includedRoles(role.document, shipped)].map(
    ([name, document]) => {
      const part = { name, document, variants: document.variants ?? [], first }
      first += part.variants.length
      return part
    }
  )
}

/**
 * By key of a permission set: for each level and effect of each part, the variants that have a line, in order. A
 * variant lies on those of its own part alone.
 */
export function pilesOf(parts: readonly Part[]): ReadonlyMap<string, readonly number[][]> {
  const byKey = new Map<string, Map<string, number[]>>()
  for (const [position, { document, variants, first }] of parts.entries())
    for (const [number, { grants }] of variants.entries())
      for (const level of levelsOfKind(document.kind))
        for (const effect of ['allow', 'deny'] as const)
          for (const key of Object.keys(grants[level]?.[effect] ?? {})) {
            const piles = byKey.get(key) ?? new Map<string, number[]>()
            byKey.set(key, piles)
            const pile = piles.get(`${position} ${level} ${effect}`) ?? []
            piles.set(`${position} ${level} ${effect}`, pile)
            pile.push(first + number)
          }
  return new Map([...byKey].map(([key, piles]) => [key, [...piles.values()]]))
}
