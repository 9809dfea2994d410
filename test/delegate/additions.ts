// A document as it may be later: with actions, resources and values that it lacks. What something comes to imply is
// tried one implying action after the other.
import type { AttributeDocument, PolicyData, ResourceDocument } from '../../src/document/types.js'
import type { World } from '../model.js'

/** A resource has at most so many combinations of values. */
const mostCombinations = 64

/**
 * The document with everything that may be added to it: every action everywhere, a new action, a new resource, a new
 * value of each attribute that is a text; of a `valid` document, only as many as it may have.
 */
export function withAdditions(world: World, valid = true): World {
  return grown(world, valid, undefined)
}

/**
 * Every document that it may become: where the resource implies something already, also with all that is added
 * implied by one of its actions, each in turn.
 */
export function everyAddition(world: World): readonly World[] {
  const { resources } = world.document
  if (!Object.values(resources).some(hasImplied)) return [grown(world, false, undefined)]
  const most = actionsIn(world.document).length
  return [undefined, ...Array.from({ length: most }, (_, i) => i)].map((turn) => grown(world, false, turn))
}

function hasImplied({ implies = {} }: ResourceDocument): boolean {
  return Object.values(implies).some((implied) => implied.length > 0)
}

function actionsIn({ resources }: PolicyData): readonly string[] {
  return [...new Set(Object.values(resources).flatMap(({ actions }) => Object.keys(actions)))]
}

function grown(world: World, valid: boolean, turn: number | undefined): World {
  const { resources } = world.document
  const known = actionsIn(world.document)
  const actions = Object.fromEntries([...known, 'new_action'].map((action) => [action, 'added']))
  const implier = turn === undefined ? undefined : known[turn]
  const changed = Object.entries(resources).map(([name, resource]): [string, ResourceDocument] => {
    const implies = hasImplied(resource) ? implyingToo(resource, implier, actions) : resource.implies
    const attributes = resource.attributes && withNewValues(resource.attributes, valid)
    return [
      name,
      {
        ...resource,
        actions: { ...resource.actions, ...actions },
        ...(implies === undefined ? {} : { implies }),
        ...(attributes === undefined ? {} : { attributes })
      }
    ]
  })
  const nothing: ResourceDocument = { actions: {} }
  const isImplying = Object.values(resources).some(hasImplied)
  const newResource: ResourceDocument = {
    actions,
    ...(isImplying ? { implies: implyingToo(nothing, implier, actions) } : {})
  }
  const document = {
    ...world.document,
    resources: { ...Object.fromEntries(changed), new_resource: newResource }
  }
  return { ...world, document }
}

/** What a resource implies where one action also implies all that the resource does not have. */
function implyingToo(
  { actions, implies = {} }: ResourceDocument,
  implier: string | undefined,
  added: Readonly<Record<string, string>>
): NonNullable<ResourceDocument['implies']> {
  if (implier === undefined) return implies
  const more = Object.keys(added).filter((action) => !Object.hasOwn(actions, action) && action !== implier)
  const before = Object.hasOwn(implies, implier) ? (implies[implier] ?? []) : []
  return Object.fromEntries([...Object.entries(implies), [implier, [...before, ...more]]])
}

function withNewValues(
  attributes: Readonly<Record<string, AttributeDocument>>,
  valid: boolean
): Readonly<Record<string, AttributeDocument>> {
  const counts = Object.values(attributes).map(({ values }) => values.length)
  let combinations = counts.reduce((product, count) => product * count, 1)
  const entries = Object.entries(attributes).map(([name, attribute]): [string, AttributeDocument] => {
    const { values } = attribute
    const more = (combinations / values.length) * (values.length + 1)
    if (typeof values[0] !== 'string' || (valid && more > mostCombinations)) return [name, attribute]
    combinations = more
    return [name, { ...attribute, values: [...values, 'new value'] }]
  })
  return Object.fromEntries(entries)
}
