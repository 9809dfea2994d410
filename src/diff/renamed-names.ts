// The name that the other policy has for something: the same name unless it was renamed.
import type { Direction } from './sides.js'
import type { Rename } from './types.js'

/** The name that the policy that refuses has for a name of the policy that allows. */
export type NameThere = (kind: Rename['kind'], name: string) => string

export function namesThere(renamed: readonly Rename[], { allowing }: Direction): NameThere {
  const names = new Map(
    renamed.map(({ kind, from, to, org, container }) => {
      const [here, there] = allowing === 'new' ? [to, from] : [from, to]
      return [keyOf(kind, here, org ?? (container && `${container.kind} ${container.id}`)), there] as const
    })
  )
  return (kind, name) => names.get(keyOf(kind, name, undefined)) ?? name
}

function keyOf(kind: Rename['kind'], name: string, org: string | undefined): string {
  return JSON.stringify([kind, name, org ?? null])
}
