// Defects of containers, attributes and lists of organizations, of their shape and of what they say.
import type { World } from '../model.js'
import { without, withKey, type Data, type Defect } from './defect.js'
import type { Dice } from './dice.js'
import { inCeiling, inSubject, rolesOf, withRole } from './malformed-subject.js'
import type { RolledQuestion } from './question.js'

const notIds: readonly unknown[] = [5, true, {}, ['p1']]
const notPlaces: readonly unknown[] = [
  5,
  true,
  false,
  {},
  [null],
  [''],
  ['p1', ''],
  ['p1', 5],
  [['p1']],
  [undefined]
]
const notArrays: readonly unknown[] = [null, undefined, 'o1', '*', {}, 5, true]

const containersOf = ({ document }: World): string[] => (document.containers ?? []).map(({ name }) => name)

function placementsOf(world: World, { object }: RolledQuestion): [name: string, placement: string][] {
  const places = world.document.resources[String(object['type'])]?.in ?? {}
  return containersOf(world).map((name) => [name, places[name] ?? 'never'])
}

function attributesOf(
  { document }: World,
  type: unknown
): [string, { values: readonly unknown[]; default?: unknown }][] {
  return Object.entries(document.resources[String(type)]?.attributes ?? {})
}

/** A defect of the object, or nothing where it has no place for one. */
function inObject(
  code: Defect['code'],
  part: Defect['part'],
  change: (object: Data, world: World, dice: Dice, question: RolledQuestion) => Data | undefined,
  isUnread = false
): Defect {
  return {
    code,
    part,
    isUnread,
    apply: (question, world, dice) => {
      const object = change(question.object, world, dice, question)
      return object === undefined ? undefined : { ...question, object }
    }
  }
}

/** One of the items, or nothing where there are none. */
function pickAny<T>(dice: Dice, items: readonly T[]): T | undefined {
  return items.length === 0 ? undefined : dice.pick(items)
}

const shape = (code: Defect): Defect => ({ ...code, code: 'invalid_request', part: 'shape' })

const onlyOrgsWithin: Defect = {
  code: 'invalid_request',
  part: 'shape',
  apply: (question, _, dice) => {
    return { ...question, within: [...question.within, { onlyOrgs: dice.pick(notArrays) }] }
  }
}

/** "Containers and attributes are always read", in process too. */
export const placeShapeDefects: readonly Defect[] = [
  inObject('invalid_request', 'shape', (object, world, dice) => {
    const container = pickAny(dice, containersOf(world))
    return container === undefined ? undefined : { ...object, [container]: dice.pick(notPlaces) }
  }),
  shape(
    inSubject('invalid_request', (subject, world, dice) => {
      const container = pickAny(dice, containersOf(world))
      if (container === undefined) return undefined
      return withRole(subject, { role: 'member', [container]: dice.pick(notIds) })
    })
  ),
  // A field of another resource, or one that merely looks like a container.
  inObject(
    'invalid_request',
    'shape',
    (object, world, dice) => {
      const own = new Set(attributesOf(world, object['type']).map(([name]) => name))
      const others = Object.keys(world.document.resources).flatMap((type) =>
        attributesOf(world, type).filter(([name]) => !own.has(name))
      )
      const other = pickAny(dice, others)
      return other === undefined ? undefined : { ...object, [other[0]]: dice.pick(other[1].values) }
    },
    true
  ),
  inObject(
    'invalid_request',
    'shape',
    (object, world, dice) => {
      const known = [...containersOf(world), ...attributesOf(world, object['type']).map(([name]) => name)]
      const unknown = ['Project', 'projects', 'projectMember', 'onlyOrgs', 'role', 'toString'].filter(
        (name) => !known.includes(name)
      )
      return withKey(object, dice.pick(unknown), dice.pick<unknown>(['p1', ['p1'], null]))
    },
    true
  ),
  shape(inSubject('invalid_request', (subject, _, dice) => ({ ...subject, onlyOrgs: dice.pick(notArrays) }))),
  onlyOrgsWithin
]

export const orgListDefects: readonly Defect[] = [
  inCeiling('org_list_too_long', 'onlyOrgs', (_, dice) =>
    // "A list is too long before an entry is bad."
    Array.from({ length: 129 + dice.below(3) }, () => dice.pick<unknown>(['*', '*none', '']))
  ),
  inCeiling('invalid_org_list_entry', 'onlyOrgs', ({ document }, dice) => [
    dice.pick<unknown>([
      '',
      5,
      null,
      undefined,
      {},
      ['o1'],
      ...(document.ids === 'uuid' ? ['o1', '**', '*NONE', ' *'] : [])
    ])
  ])
]

export const placeDefects: readonly Defect[] = [
  // The subject.
  inSubject('role_needs_container', (subject, world, dice) => {
    const role = pickAny(dice, rolesInContainers(world))
    if (role === undefined) return undefined
    const [name, container] = role
    const others = containersOf(world).filter((other) => other !== container)
    // "A container's role needs before it takes none."
    const elsewhere = [{ org: 'o1' }, ...others.map((other) => ({ [other]: 'p1' }))]
    const nowhere = [{}, { [container]: null }, { [container]: '' }, { [container]: undefined }]
    return withRole(subject, { role: name, ...dice.pick<Data>([...nowhere, ...elsewhere]) })
  }),
  inSubject('role_takes_no_container', (subject, world, dice) => {
    const containers = containersOf(world)
    const choices = [
      ...rolesOf(world, 'site').flatMap((role) => containers.map((name) => ({ role, [name]: 'p9' }))),
      ...rolesOf(world, 'org').flatMap((role) =>
        containers.map((name) => ({ role, org: 'o9', [name]: 'p9' }))
      ),
      ...rolesInContainers(world).flatMap(([role, own]) =>
        containers.flatMap((name) => (name === own ? [] : [{ role, [own]: 'p9', [name]: 'p9' }]))
      )
    ]
    const choice = pickAny(dice, choices)
    return choice === undefined ? undefined : withRole(subject, choice)
  }),
  inSubject('role_takes_no_org', (subject, world, dice) => {
    const role = pickAny(dice, rolesInContainers(world))
    return role === undefined ? undefined : withRole(subject, { role: role[0], [role[1]]: 'p9', org: 'o9' })
  }),
  inSubject('unknown_role', (subject, { document, customRoles }, dice) => {
    // A container's custom role, held in another one.
    const elsewhere = Object.entries(customRoles.containers ?? {}).flatMap(([container, places]) =>
      Object.values(places).flatMap((roles) =>
        Object.keys(roles).map((role) => ({ role, [container]: 'p9' }))
      )
    )
    const here = { ...document.roles, ...customRoles.site }
    const held = pickAny(
      dice,
      elsewhere.filter(({ role }) => !Object.hasOwn(here, role))
    )
    return held === undefined ? undefined : withRole(subject, held)
  }),
  // The object.
  inObject('missing_container', 'object', (given, world, dice, question) => {
    const required = placementsOf(world, question).filter(([, placement]) => placement === 'required')
    const container = pickAny(dice, required)?.[0]
    if (container === undefined) return undefined
    const nowhere = [
      {},
      { [container]: null },
      { [container]: '' },
      { [container]: [] },
      { [container]: undefined }
    ]
    return { ...without(given, container), ...dice.pick<Data>(nowhere) }
  }),
  inObject('unexpected_container', 'object', (object, world, dice, question) => {
    const never = placementsOf(world, question).filter(([, placement]) => placement === 'never')
    const container = pickAny(dice, never)?.[0]
    if (container === undefined) return undefined
    return { ...object, [container]: dice.pick<unknown>(['p1', ['p1'], ['p1', 'p2']]) }
  }),
  inObject('missing_attribute', 'object', (given, world, dice) => {
    const needed = attributesOf(world, given['type']).filter(
      ([, attribute]) => attribute.default === undefined
    )
    const name = pickAny(dice, needed)?.[0]
    if (name === undefined) return undefined
    return { ...without(given, name), ...dice.pick<Data>([{}, { [name]: null }, { [name]: undefined }]) }
  }),
  inObject('invalid_attribute', 'object', (object, world, dice) => {
    const attribute = pickAny(dice, attributesOf(world, object['type']))
    if (attribute === undefined) return undefined
    const [name, { values }] = attribute
    const others = ['', 'nope', 'true', true, false, 0, 1, [], {}, [values[0]]].filter(
      (value) => !values.includes(value)
    )
    return { ...object, [name]: dice.pick<unknown>(others) }
  })
]

/** Shipped roles of containers, each with its container's name. */
function rolesInContainers(world: World): [role: string, container: string][] {
  return containersOf(world).flatMap((name) =>
    rolesOf(world, name).map((role): [string, string] => [role, name])
  )
}
