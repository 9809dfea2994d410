// The ways to set an option in a comparison: not given, so that each policy takes its own default, or one of the values
// that either policy declares. A value that a policy does not have counts as its default there. A deployment option
// without default has to be given, so its first value is taken instead. An unknown value alone is never a difference.
import type { OptionDocument } from '../document/types.js'
import { valueIn, type Values } from '../verify/space/settings.js'
import { both, type OldNew, type Side } from './sides.js'
import type { OptionValue } from '../types.js'

/** One way to set an option. */
export interface Choice {
  /** The value given; `undefined` where none is. */
  readonly given: OptionValue | undefined
  /** The value in each policy; `undefined` if it does not have the option, or for a setting that has no default. */
  readonly values: OldNew<OptionValue | undefined>
  /** Whether a policy accepts the value as given. */
  readonly isKnown: OldNew<boolean>
}

/** By the option's name, then by a key that stands for the choice in `Values`; the plainest choice first. */
export type Choices = Pick<ReadonlyMap<string, ReadonlyMap<OptionValue, Choice>>, 'get'>

type Declared = OldNew<ReadonlyMap<string, OptionDocument>>

/**
 * The ways to set each option, found when asked for. `fixed` gives some options their only value. A setting without default may be missing
 * from a request; an option of the deployment always has a value.
 */
export function choicesOf(
  declared: Declared,
  of: 'deployment' | 'organization',
  fixed: Values = {}
): Choices {
  const cached = new Map<string, ReadonlyMap<OptionValue, Choice>>()
  return {
    get: (name) => {
      if (!declared.new.has(name) && !declared.old.has(name)) return undefined
      const choices = cached.get(name) ?? choicesFor(declared, of, name, valueIn(fixed, name))
      cached.set(name, choices)
      return choices
    }
  }
}

function choicesFor(
  declared: Declared,
  of: 'deployment' | 'organization',
  name: string,
  fixed: OptionValue | undefined
): ReadonlyMap<OptionValue, Choice> {
  const option = both((side) => declared[side].get(name))
  const otherwise = both(
    (side) => option[side]?.default ?? (of === 'deployment' ? option[side]?.values[0] : undefined)
  )
  const choice = (given: OptionValue | undefined): Choice => {
    const knows = (side: Side): boolean =>
      given === undefined || option[side]?.values.includes(given) === true
    return {
      given,
      isKnown: both(knows),
      values: both((side) => (given !== undefined && knows(side) ? given : otherwise[side]))
    }
  }
  const needsValue = [option.old, option.new].some((one) => one !== undefined && one.default === undefined)
  const plain = of === 'deployment' && needsValue ? [] : [undefined]
  const values = new Set([...(option.new?.values ?? []), ...(option.old?.values ?? [])])
  const given = fixed === undefined ? [...plain, ...values] : [fixed]
  const distinct = new Map<string, Choice>()
  for (const one of given.map(choice)) {
    const key = JSON.stringify([one.values.old ?? null, one.values.new ?? null])
    if (!distinct.has(key)) distinct.set(key, one)
  }
  return new Map([...distinct.values()].map((one, index) => [index, one]))
}

/** The choices that keys stand for. */
export function chosenOf(keys: Values, choices: Choices): [string, Choice][] {
  return Object.entries(keys).flatMap(([name, key]) => {
    const choice = choices.get(name)?.get(key)
    return choice === undefined ? [] : [[name, choice] as [string, Choice]]
  })
}

/** The values that a policy has for the choices. */
export function valuesIn(side: Side, keys: Values, choices: Choices): Values {
  return Object.fromEntries(
    chosenOf(keys, choices).flatMap(([name, { values }]) => {
      const value = values[side]
      return value === undefined ? [] : [[name, value] as const]
    })
  )
}
