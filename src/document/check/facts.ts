// What a document says of its resources, options and attributes, as the checks look it up. What has a wrong shape is left
// out: it is reported where it is declared, not again at each use.
import { entriesOf, fieldOf, textsOf } from '../read.js'
import type { AttributeValue, OptionValue } from '../../types.js'

/** What the checks ask about a resource. */
export interface ResourceFacts {
  /** `undefined` where they have a wrong shape. */
  readonly actions: ReadonlySet<string> | undefined
  readonly org: unknown
  /** By container. */
  readonly in: ReadonlyMap<string, unknown>
  readonly attributes: Options
  /** From an action to the actions that name it in `implies`. */
  readonly implied: ReadonlyMap<string, readonly string[]>
  /** From an action to those that it names there. */
  readonly implies: ReadonlyMap<string, readonly string[]>
}

/** The values of an option or attribute, and by their text. */
export interface OptionFacts {
  readonly values: ReadonlySet<unknown>
  readonly byText: ReadonlyMap<string, OptionValue>
}

/** By name; `undefined` where the values have a wrong shape. */
export type Options = ReadonlyMap<string, OptionFacts | undefined>

export function resourceFacts(resource: unknown): ResourceFacts {
  const actions = fieldOf(resource, 'actions')
  const names = entriesOf(actions).map(([name]) => name)
  const isUnderstood = typeof actions === 'object' && actions !== null && !Array.isArray(actions)
  const known = new Set(names)
  return {
    actions: isUnderstood ? known : undefined,
    org: fieldOf(resource, 'org'),
    in: new Map(entriesOf(fieldOf(resource, 'in'))),
    attributes: valuesByName(fieldOf(resource, 'attributes'), isAttributeValue),
    ...implicationsIn(fieldOf(resource, 'implies'), known)
  }
}

/** Both ways; without unknown actions. */
function implicationsIn(
  given: unknown,
  known: ReadonlySet<string>
): Pick<ResourceFacts, 'implied' | 'implies'> {
  const implied = new Map<string, string[]>()
  const implies = new Map<string, readonly string[]>()
  for (const [action, list] of entriesOf(given)) {
    if (!known.has(action)) continue
    const targets = textsOf(list).flatMap(([, target]) => (known.has(target) ? [target] : []))
    implies.set(action, targets)
    for (const target of targets) {
      const sources = implied.get(target)
      if (sources === undefined) implied.set(target, [action])
      else sources.push(action)
    }
  }
  return { implied, implies }
}

/** The declared values of options or attributes. */
export function valuesByName(
  declared: unknown,
  isValue: (value: unknown) => value is OptionValue = isOptionValue
): Options {
  return new Map(
    entriesOf(declared).map(([name, option]) => {
      const list = fieldOf(option, 'values')
      if (!Array.isArray(list)) return [name, undefined]
      const values = list.filter(isValue)
      if (values.length < list.length) return [name, undefined]
      return [
        name,
        { values: new Set(values), byText: new Map(values.map((value) => [String(value), value])) }
      ]
    })
  )
}

/** Whether an option can have this value. */
export function isOptionValue(value: unknown): value is OptionValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** Whether an attribute can have a value of this type. */
export function isAttributeValue(value: unknown): value is AttributeValue {
  return typeof value === 'string' || typeof value === 'boolean'
}
