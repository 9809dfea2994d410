// Whether a subject may do something to at least one possible object of a type, with any id, owner, organization,
// containers, attributes and permitted ACL. The same as `can` on some such object. What decides an object is finite, so
// one object of each kind is asked about.
import type { CompiledResource } from '../compile/catalogue.js'
import type { RoleTable } from '../compile/roles.js'
import type { Union } from '../compile/tables.js'
import { canBeInOrg, canBeOutside } from '../levels.js'
import { givenFields } from '../problems/own-fields.js'
import { findPermission } from '../request/ask.js'
import type { HeldIn, SubjectState } from '../request/state.js'
import type { ObjectRef } from '../types.js'
import { combinationsOf } from '../compile/attributes.js'
import { listedIds } from './ceilings.js'
import { isWithinOrgs } from './counting-orgs.js'

type Fields = Readonly<Record<string, unknown>>

/**
 * Whether `can(action, object)` is true for some object of the type that has the given fields.
 *
 * Why these objects are enough: an object in several containers of one kind is as one in the union of their roles. If
 * the roles allow it, the level that decides has an allow in one of the containers and a deny in none, and all levels
 * before it abstain in every part; so an object in that one container alone is allowed too. Where an ACL entry needs
 * another permission, the same holds of that one.
 *
 * @throws RequestError `unknown_resource`, `unknown_action`, and what `can` throws for malformed fields.
 */
export function canSome(
  can: (object: ObjectRef) => boolean,
  state: SubjectState,
  action: string,
  type: string,
  fields: Fields
): boolean {
  const { definition } = findPermission(state.compiled, action, type)
  for (const object of objectsOf(state, definition, fields)) if (can(object)) return true
  return false
}

/** One object of each kind that the subject may be answered differently about, with the given fields. */
function* objectsOf(state: SubjectState, resource: CompiledResource, written: Fields): Generator<ObjectRef> {
  const fields = givenFields(written)
  const given = (key: string): boolean => Object.hasOwn(fields, key)
  const oneOf = (key: string, values: readonly unknown[]): readonly Fields[] =>
    given(key) ? [{}] : values.map((value) => ({ [key]: value }))
  const ids = oneOf('id', [undefined, ...listedIds(state.ceilings, resource.name)])
  const owners = oneOf('owner', [undefined, state.id])
  const orgs = given('anyOrg') && fields['anyOrg'] === true ? [{}] : oneOf('org', orgsFor(state, resource))
  const acls = oneOf('acl', [undefined, ...(resource.acl ? [{ users: { [state.id]: ['*'] } }] : [])])
  const attributes = combinationsOf(resource.attributes).map((one): Fields => Object.fromEntries(one))
  const places = placesFor(state, resource, given)
  for (const org of orgs)
    for (const place of places)
      for (const combination of attributes)
        for (const owner of owners)
          for (const acl of acls)
            for (const id of ids)
              yield {
                ...org,
                ...place,
                ...combination,
                ...owner,
                ...acl,
                ...id,
                ...fields,
                type: resource.name
              }
}

/** No organization, one of each kind that the subject belongs to, and another one, as far as they are allowed. */
function orgsFor(
  { orgs, ceilings }: SubjectState,
  { org }: CompiledResource
): readonly (string | undefined)[] {
  const outside = canBeOutside(org) ? [undefined] : []
  if (!canBeInOrg(org)) return outside
  const listed = ceilings.flatMap((ceiling) => [...(ceiling.orgs?.ids ?? [])])
  const held = differing(orgs, (id) => isWithinOrgs(ceilings, id))
  return [...outside, ...held, ...listed.filter((id) => !orgs.has(id)), unlike([...orgs.keys(), ...listed])]
}

/** In no container or in foreign ones where that must be, and in each differing one of each kind. */
function placesFor(
  { compiled, containers }: SubjectState,
  { places }: CompiledResource,
  given: (key: string) => boolean
): readonly Fields[] {
  const kinds = compiled.catalogue.containers
  const base = Object.fromEntries(
    kinds.flatMap((kind, number): [string, unknown][] =>
      places[number] === 'required' && !given(kind)
        ? [[kind, unlike([...(containers[number]?.keys() ?? [])])]]
        : []
    )
  )
  const inside = kinds.flatMap((kind, number) =>
    places[number] === 'never' || given(kind)
      ? []
      : differing(containers[number] ?? new Map(), () => true).map((id): Fields => ({ ...base, [kind]: id }))
  )
  return [base, ...inside]
}

/** One place of each set of roles that is held somewhere, and of each answer to a question about it. */
function differing(held: HeldIn, ask: (id: string) => boolean): readonly string[] {
  const found = new Map<Union<RoleTable>, Map<boolean, string>>()
  for (const [id, roles] of held) {
    const byAnswer = found.get(roles) ?? new Map<boolean, string>()
    found.set(roles, byAnswer.set(ask(id), id))
  }
  return [...found.values()].flatMap((byAnswer) => [...byAnswer.values()])
}

/** An id that is none of these. */
function unlike(ids: readonly string[]): string {
  let id = 'another'
  while (ids.includes(id)) id += '!'
  return id
}
