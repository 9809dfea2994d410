// The fields of an object that a policy declares: its containers and its attributes.
import { partOf } from '../compile/attributes.js'
import type { CompiledResource } from '../compile/catalogue.js'
import { quoteValue, quoteValues } from '../problems/quote.js'
import type { Path } from '../problems/path.js'
import type { RequestProblems } from '../problems/request-problems.js'
import type { AttributeValue } from '../types.js'

/** The ids of the containers that an object is in, by the number of their kind; no ids for none. */
export type ReadContainers = readonly (readonly string[])[]

/** Reads a field of the object. */
type Field = (key: string) => unknown

const none: readonly string[] = Object.freeze([])
const nowhere: ReadContainers = Object.freeze([])
/** What an object has whose resource has no attributes. */
const plain = Object.freeze({ attributes: new Map<string, AttributeValue>(), combination: 0 })

/** Reads the containers of an object: an id, a list of ids, or none. */
export function readContainers(
  kinds: readonly string[],
  field: Field,
  path: Path,
  problems: RequestProblems
): ReadContainers {
  if (kinds.length === 0) return nowhere
  return kinds.map((kind) => {
    const given = field(kind)
    if (given === undefined || given === null || given === '') return none
    if (typeof given === 'string') return [given]
    if (Array.isArray(given)) return readIds(given, kind, [...path, kind], problems)
    problems.addShape([...path, kind], `the id of a ${kind}, or a list of ids`, given)
    return none
  })
}

function readIds(
  given: readonly unknown[],
  kind: string,
  path: Path,
  problems: RequestProblems
): readonly string[] {
  const ids: string[] = []
  // By index: a hole is an id that is missing, and a problem.
  for (let i = 0; i < given.length; i++) {
    const id: unknown = given[i]
    if (typeof id === 'string' && id !== '') ids.push(id)
    else problems.addShape([...path, i], `the id of a ${kind}`, id)
  }
  return ids
}

/** Adds a problem for each container that objects of the resource must have or cannot have. */
export function checkContainers(
  { name, places }: CompiledResource,
  kinds: readonly string[],
  containers: ReadContainers,
  path: Path,
  problems: RequestProblems
): void {
  for (const [number, kind] of kinds.entries()) {
    const ids = containers[number] ?? none
    if (ids.length === 0 && places[number] === 'required')
      problems.add('missing_container', [...path, kind], `${quoteValue(name)} needs a \`${kind}\``)
    if (ids.length > 0 && places[number] === 'never')
      problems.add('unexpected_container', [...path, kind], `${quoteValue(name)} is in no ${kind}`, ids[0])
  }
}

/** Reads the attributes of an object, and which combination of values it has. */
export function readAttributes(
  { name: type, attributes }: CompiledResource,
  field: Field,
  path: Path,
  problems: RequestProblems
): { readonly attributes: ReadonlyMap<string, AttributeValue>; readonly combination: number } {
  if (attributes.length === 0) return plain
  const given = new Map<string, AttributeValue>()
  let combination = 0
  for (const attribute of attributes) {
    const { name, values } = attribute
    const value = field(name) ?? undefined
    const part = partOf(attribute, value)
    if (part !== undefined) combination += part
    else if (value === undefined)
      problems.add('missing_attribute', [...path, name], `${quoteValue(type)} needs a \`${name}\``)
    else {
      const byText = new Map(values.map((one) => [String(one), one]))
      const message = `expected one of ${quoteValues(values)}, not ${quoteValue(value)}`
      problems.add('invalid_attribute', [...path, name], message, value, problems.suggestValue(value, byText))
    }
    const read = values.find((one) => one === value)
    if (read !== undefined) given.set(name, read)
  }
  return { attributes: given, combination }
}
