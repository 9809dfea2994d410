// Who may do something: every role held alone and every system subject, with how far it reaches. Proved over all
// relation classes. ACL entries are left out, unless the relation asks for them: they can name anybody.
import { splitName } from '../../problems/names.js'
import type { Policy } from '../../policy/types/index.js'
import { type CompiledPolicy, compiledOf } from '../../compile/compile.js'
import type { CompiledPermission } from '../../compile/catalogue.js'
import { listRoles } from '../../compile/role-index.js'
import type { CompiledRole } from '../../compile/roles.js'
import { findPermission } from '../../request/ask.js'
import type { Names } from '../../document/index.js'
import type { Relation } from '../../document/relation.js'
import { RequestError } from '../../errors.js'
import { relationClasses } from './classes.js'
import { permissionsToldApart } from './attributes.js'
import { holdersOf } from './holders.js'
import { ReachMemory } from './reach.js'
import { isAbout, readRelation, vocabularyOf, type RelationVocabulary } from './relations.js'
import type { HeldPlace } from './role-set.js'
import { subjectOf, type RequestData, type SubjectData } from './requests.js'
import type { Values } from './settings.js'
import { quoteValue } from '../../problems/quote.js'
import { stateOf } from '../../request/state.js'

/** Somebody who may do it. */
export interface Holder {
  /** A role's name, or `system:NAME`. */
  readonly subject: string
  /** The organization of a custom organization role. */
  readonly org?: string
  /** The container of a custom role of one: its kind, and its id. */
  readonly place?: HeldPlace
  /** The values of the organization's settings without default under which it may. */
  readonly settings?: Values
  /** Whether it is allowed on every object of the relation; else only on some. */
  readonly everywhere: boolean
  /** On which of all objects, as a matrix cell says it: `yes`, `own org`, `own; own, own org`. */
  readonly reach: string
  /** A request of the relation that is allowed, the one with the fewest fields. */
  readonly example: RequestData
}

/**
 * Who is allowed a permission on at least one object of a relation (`all` where none is given): roles in the order of
 * `policy.roles.list()`, then system subjects. A role is held alone, that of an organization or container in one; options
 * are those that the policy was compiled with, and settings have their defaults. A role or system subject that is not
 * in the list is refused on every object of the relation.
 *
 * @throws RequestError `unknown_resource`, `unknown_action`; `invalid_request` for a text that is no permission or
 * relation.
 */
export function whoCan<N extends Names>(policy: Policy<N>, permission: string, relation = 'all'): Holder[] {
  return holdersIn(compiledOf(policy), permission, relation)
}

/** As `whoCan`, of the compiled form itself. */
export function holdersIn(compiled: CompiledPolicy, permission: string, relation: string): Holder[] {
  const asked = permissionNamed(compiled, permission)
  const about = relationNamed(relation, vocabularyOf(compiled.catalogue, [asked.definition]))
  const conditions = Object.keys(about.attributes).length === 0 ? [] : [about.attributes]
  const told = permissionsToldApart(compiled, asked.definition, asked.action, conditions)
  const reach = new ReachMemory()
  return [...everybody(compiled)].flatMap(({ data, ...who }) => {
    const subject = subjectOf(compiled, data)
    const classes = told
      .flatMap((one) => relationClasses(stateOf(subject), one, { acl: about.isShared }))
      .filter((one) => isAbout(about, one))
    const allowed = classes
      .filter(({ object }) => subject.can(asked, object))
      .sort((a, b) => Object.keys(a.object).length - Object.keys(b.object).length)
    const [first] = allowed
    if (first === undefined) return []
    const example: RequestData = { subject: data, action: asked.action, object: first.object }
    return [
      { ...who, everywhere: allowed.length === classes.length, reach: reach.of(subject, asked), example }
    ]
  })
}

/** Every role held alone, then every system subject. */
export function* everybody(
  compiled: CompiledPolicy
): Generator<Pick<Holder, 'subject' | 'org' | 'place' | 'settings'> & { readonly data: SubjectData }> {
  for (const role of listRoles(compiled.roles))
    for (const { data, open } of holdersOf(compiled, [role]))
      yield {
        subject: role.name,
        ...placeOf(role),
        ...(Object.keys(open).length === 0 ? {} : { settings: open }),
        data
      }
  for (const name of compiled.systemSubjects.keys())
    yield { subject: `system:${name}`, data: { system: name } }
}

function placeOf({ kind, place: id }: CompiledRole): Pick<Holder, 'org' | 'place'> {
  if (id === undefined) return {}
  return kind === 'org' ? { org: id } : { place: { kind, id } }
}

/** @throws RequestError `unknown_resource`, `unknown_action`. */
export function permissionNamed(compiled: CompiledPolicy, name: string): CompiledPermission {
  const [resource, action] = splitName(name)
  if (resource === undefined)
    throw new RequestError(
      'invalid_request',
      `not a permission: ${quoteValue(name)}; expected \`resource:action\``
    )
  return findPermission(compiled, action, resource)
}

/** @throws RequestError `invalid_request`. */
export function relationNamed(text: string, vocabulary: RelationVocabulary): Relation {
  const relation = readRelation(text, vocabulary)
  if (relation !== undefined) return relation
  throw new RequestError('invalid_request', `unknown relation ${quoteValue(text)}`, { value: text })
}
