// Every action on objects of a place, and near to it: in further containers, of any owner, with other attributes.
import type { ResourceDocument } from '../../src/document/types.js'
import type { ObjectRef, Policy } from '../../src/index.js'
import { partsOf, type Place } from './model-cover.js'

export interface Asked {
  readonly action: string
  readonly object: ObjectRef
}

/** Questions about objects of the granted place; for a site role, about objects anywhere. */
export function* questions(policy: Policy, place: Place, receiver: string, giver: string): Generator<Asked> {
  const { document } = policy
  const containers = (document.containers ?? []).map(({ name }) => name)
  for (const { name: type, actions } of policy.resources.list()) {
    const resource = document.resources[type] ?? { actions: {} }
    for (const where of placesOf(resource, containers, place))
      for (const attributes of attributesOf(resource))
        for (const owner of [receiver, giver, 'somebody else', ''])
          for (const id of ['i1', ''])
            for (const { name: action } of actions)
              yield { action, object: { type, id, owner, ...where, ...attributes } }
  }
}

type Fields = Readonly<Record<string, unknown>>

function placesOf(
  resource: ResourceDocument,
  containers: readonly string[],
  place: Place
): readonly Fields[] {
  const { org, container } = partsOf(place)
  const everywhere = [{}, { org: 'o1' }, { org: 'o2' }, { org: 'elsewhere' }, { anyOrg: true }]
  const orgs = place === undefined ? everywhere : [org === undefined ? {} : { org }]
  const fitting = orgs.filter((fields) => {
    const isPlaced = Object.keys(fields).length > 0
    return resource.org === 'required' ? isPlaced : resource.org !== 'never' || !isPlaced
  })
  return containers.reduce<readonly Fields[]>((before, name) => {
    const placement = resource.in?.[name] ?? 'never'
    const id = name === container?.name ? container.id : undefined
    const ids = [id ?? 'p1', [id ?? 'p1', 'p2']]
    const inside = placement === 'never' ? [] : ids.map((one) => ({ [name]: one }))
    const outside = placement === 'required' || id !== undefined ? [] : [{}]
    return before.flatMap((fields) => [...outside, ...inside].map((one) => ({ ...fields, ...one })))
  }, fitting)
}

/** The first value of each attribute, and each other value beside the first ones. */
function attributesOf({ attributes = {} }: ResourceDocument): readonly Fields[] {
  const entries = Object.entries(attributes)
  const first: Fields = Object.fromEntries(
    entries.map(
      ([
        name,
        {
          values: [value]
        }
      ]) => [name, value]
    )
  )
  const others = entries.flatMap(([name, { values }]) =>
    values.slice(1).map((value): Fields => ({ ...first, ...Object.fromEntries([[name, value]]) }))
  )
  return [first, ...others]
}
