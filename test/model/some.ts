// Objects to try where the question is whether some object would do: "any id, owner, organization, container,
// attributes, permitted ACL".
import { orgLists } from './ceilings.js'
import { ModelError, own, type Attributes, type World } from './document.js'
import type { Asked } from './request.js'
import { containerNames, record, type CheckedObject, type Data } from './shape.js'
import { orgsOf } from './votes.js'
import type { AttributeValue } from '../../src/types.js'

/** Fields as given: a key that is there as undefined is not given, as in any call. */
export function fieldsGiven(fields: unknown): Data {
  const given = Object.entries(record(fields ?? {})).filter(([, value]) => value !== undefined)
  // The type stands beside them.
  if (given.some(([name]) => name === 'type')) throw new ModelError('invalid_request')
  return Object.fromEntries(given)
}

/** An object of that type with these fields and whatever else its resource requires. */
export function someObject({ document }: World, type: string, fields: Data): Data {
  const resource = own(document.resources, type)
  const isInSomeOrg = resource?.org === 'required' && fields['anyOrg'] !== true
  const required = containerNames(document).filter((name) => own(resource?.in, name) === 'required')
  const attributes = Object.entries(resource?.attributes ?? {})
  return {
    ...(isInSomeOrg ? { org: 'another' } : {}),
    ...Object.fromEntries(required.map((name) => [name, 'another'])),
    ...Object.fromEntries(attributes.map(([name, { values }]) => [name, values[0]])),
    ...fields,
    type
  }
}

/** Every kind of object that has these fields, each once but for its id; the fields have been checked with `asked.object`. */
export function* objectsWith(
  { document, subject, object, resource }: Asked,
  fields: Data
): Generator<CheckedObject> {
  const isGiven = (name: string): boolean => Object.hasOwn(fields, name)

  // The subject's own, somebody else's, or nobody's.
  const owners = isGiven('owner') ? [object.owner] : [undefined, subject.id, unlike([subject.id])]

  // Every organization it belongs to, or that a list names, or another, or none.
  const near = [...new Set([...orgsOf(subject), ...orgLists(subject).flat()])]
  const isOrgGiven = isGiven('org') || object.anyOrg
  const orgs = isOrgGiven
    ? [object.org]
    : [
        ...(resource.org === 'required' ? [] : [undefined]),
        ...(resource.org === 'never' ? [] : [...near, unlike(near)])
      ]

  // Every container of each kind in which it holds a role, or another, or none. An object in several is as one in the
  // union of their roles: whatever it adds to one alone are denies, or allows that it has there.
  const containers = productOf(
    containerNames(document).map((name) => {
      const placement = own(resource.in, name) ?? 'never'
      const held = subject.held.flatMap(({ container }) => (container?.name === name ? [container.id] : []))
      const there = placement === 'never' ? [] : [...new Set(held), unlike(held)].map((id) => [id])
      const choices: (readonly string[])[] = [...(placement === 'required' ? [] : [[]]), ...there]
      return [name, isGiven(name) ? [object.containers[name] ?? []] : choices]
    })
  )

  const attributes: Attributes[] = productOf<AttributeValue>(
    Object.entries(resource.attributes ?? {}).map(([name, { values }]) => {
      const value = own(object.attributes, name)
      return [name, isGiven(name) && value !== undefined ? [value] : values]
    })
  )

  // An ACL that gives it everything, or none.
  const hasAcls = resource.acl !== undefined && resource.acl !== false && subject.id !== undefined
  const everything = hasAcls ? [{ users: { [subject.id]: ['*'] } }] : []
  const acls = isGiven('acl') ? [object.acl] : [undefined, ...everything]

  for (const owner of owners)
    for (const org of orgs)
      for (const places of containers)
        for (const values of attributes)
          for (const acl of acls) {
            const given = acl === undefined ? {} : { acl }
            yield { ...object, owner, org, containers: places, attributes: values, ...given }
          }
}

/** The ids to try: those that a list names for objects of that type, one that none does, and none. */
export function idsToTry({ subject, object }: Asked, fields: Data): readonly (string | undefined)[] {
  if (Object.hasOwn(fields, 'id')) return [object.id]
  const entries = subject.ceilings.flatMap(({ scopes = [], allowList = [] }) => [
    ...scopes.flatMap((scope) => scope.list ?? []),
    ...allowList
  ])
  const fitting = entries.filter(({ type }) => type === '*' || type === object.type)
  const ids = [...new Set(fitting.map(({ id }) => id))]
  return [undefined, unlike(ids), ...ids]
}

/** Every record that has one of the choices for each key. */
function productOf<T>(choices: readonly (readonly [string, readonly T[]])[]): Readonly<Record<string, T>>[] {
  return choices.reduce<Readonly<Record<string, T>>[]>(
    (records, [key, values]) => records.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}]
  )
}

/** A text that is none of these. */
function unlike(texts: readonly (string | undefined)[]): string {
  let text = 'another'
  while (texts.includes(text)) text += '!'
  return text
}
