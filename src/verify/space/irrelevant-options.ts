// Options and settings that change nothing in what is compared are left out of cases.
import type { Values } from './settings.js'

/** Values of options and settings under which something holds. */
interface Conditions {
  readonly options: Values
  readonly settings: Values
}

/** Role cases of one role, without the options and settings that change nothing in what `isAlike` compares. */
export function dropIrrelevantOptions<C extends Conditions>(
  roleCases: readonly C[],
  isAlike: (a: C, b: C) => boolean
): readonly C[] {
  const [first] = roleCases
  let left = roleCases
  for (const kind of ['options', 'settings'] as const)
    for (const name of Object.keys(first?.[kind] ?? {})) left = dropIfIrrelevant(left, kind, name, isAlike)
  return left
}

/** The role cases without one option or setting, if none of its values changes anything; else as they are. */
function dropIfIrrelevant<C extends Conditions>(
  roleCases: readonly C[],
  kind: keyof Conditions,
  name: string,
  isAlike: (a: C, b: C) => boolean
): readonly C[] {
  const kept = new Map<string, C>()
  for (const roleCase of roleCases) {
    const others = Object.fromEntries(Object.entries(roleCase[kind]).filter(([key]) => key !== name))
    const without = { ...roleCase, [kind]: others }
    const key = JSON.stringify([without.options, without.settings])
    const first = kept.get(key)
    if (first === undefined) kept.set(key, without)
    else if (!isAlike(first, roleCase)) return roleCases
  }
  return [...kept.values()]
}
