// Mutants of a resource: where its objects may be, what its actions imply, and what its ACL entries say and beat.
import type { CompiledPolicy } from '../compile/compile.js'
import { listRoles } from '../compile/role-index.js'
import type { ActionList, AclDocument, PermissionSet, ResourceDocument } from '../document/types.js'
import { formatPath } from '../problems/path.js'
import { quoteValue } from '../problems/quote.js'
import type { Mutation, MutationKind } from './types.js'

/** A changed resource, and where in it the change is. */
interface Change {
  readonly kind: MutationKind
  readonly at: readonly string[]
  readonly change: string
  readonly resource: ResourceDocument
}

/** Every such mutant, in the order of the document. */
export function* resourceMutations(compiled: CompiledPolicy): Generator<Mutation> {
  const { document } = compiled
  const containers = (document.containers ?? []).map((container) => container.name)
  for (const [name, resource] of Object.entries(document.resources))
    for (const changes of [
      placements(resource, containers),
      implied(resource),
      implyingMore(resource, () => exceptionsFor(name, compiled)),
      sharing(resource)
    ])
      for (const { kind, at, change, resource: changed } of changes)
        yield {
          kind,
          part: { kind: 'resource', name },
          path: formatPath(['resources', name, ...at]),
          change,
          document: () => ({ ...document, resources: { ...document.resources, [name]: changed } })
        }
}

function* placements(resource: ResourceDocument, containers: readonly string[]): Generator<Change> {
  const kind = 'loosen-place'
  const change = 'as optional'
  if (resource.org !== undefined && resource.org !== 'optional')
    yield { kind, at: ['org'], change, resource: { ...resource, org: 'optional' } }
  for (const name of containers) {
    const place = resource.in?.[name] ?? 'never'
    if (place !== 'optional')
      yield {
        kind,
        at: ['in', name],
        change,
        resource: { ...resource, in: { ...resource.in, [name]: 'optional' } }
      }
  }
}

function* implied(resource: ResourceDocument): Generator<Change> {
  for (const [action, others] of Object.entries(resource.implies ?? {}))
    for (const [index, other] of others.entries())
      yield {
        kind: 'drop-implies',
        at: ['implies', action],
        change: `without ${other}`,
        resource: { ...resource, implies: { ...resource.implies, [action]: others.toSpliced(index, 1) } }
      }
}

/** To how many others each action is made to imply: those that stand after it, then the first ones. */
const mostImplied = 8

/** Lets actions imply others, so that what names an action and was not about the other one is about it. */
function* implyingMore(
  resource: ResourceDocument,
  exceptions: () => readonly ReadonlySet<string>[]
): Generator<Change> {
  const actions = Object.keys(resource.actions)
  if (actions.length < 2) return
  const implies = new Map(Object.entries(resource.implies ?? {}))
  const reached = new Map(actions.map((action) => [action, reachedFrom(action, implies)]))
  const has = (from: string, to: string): boolean => reached.get(from)?.has(to) === true
  const implying = new Map(actions.map((action): [string, string[]] => [action, []]))
  for (const [from, others] of reached) for (const to of others) implying.get(to)?.push(from)
  const excepted = exceptions()
  for (const [index, action] of actions.entries()) {
    const impliers = implying.get(action) ?? []
    // In no list of exceptions may what is left out be implied by what is not.
    const isValid = (other: string): boolean =>
      excepted.every(
        (names) =>
          impliers.every((one) => names.has(one)) ||
          ![...(reached.get(other) ?? [])].some((one) => names.has(one))
      )
    let left = mostImplied
    for (const other of after(actions, index)) {
      if (has(action, other) || has(other, action) || !isValid(other)) continue
      if (left-- === 0) break
      yield {
        kind: 'add-implies',
        at: ['implies', action],
        change: `with ${other}`,
        resource: {
          ...resource,
          implies: { ...resource.implies, [action]: [...(implies.get(action) ?? []), other] }
        }
      }
    }
  }
}

/** The other actions: those that stand after one, then the first ones. */
function* after(actions: readonly string[], index: number): Generator<string> {
  for (let step = 1; step < actions.length; step++) yield actions[(index + step) % actions.length] ?? ''
}

/** An action, and what it implies, directly or through others. */
function reachedFrom(action: string, implies: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set([action])
  for (const one of found) for (const other of implies.get(one) ?? []) found.add(other)
  return found
}

/** The actions that lists of exceptions leave out of a resource: in allows, of custom roles too, scopes and levels. */
function exceptionsFor(name: string, { document, roles }: CompiledPolicy): readonly ReadonlySet<string>[] {
  const { systemSubjects = {}, scopes = {}, scopeTemplates = {}, resources } = document
  const grants = [...listRoles(roles).map((role) => role.document), ...Object.values(systemSubjects)].flatMap(
    (one) => [one.grants, ...('variants' in one ? (one.variants ?? []) : []).map((variant) => variant.grants)]
  )
  const sets: (PermissionSet | undefined)[] = [
    ...grants.flatMap((levels) => Object.values(levels ?? {}).map((effects) => effects?.allow)),
    ...Object.values(scopes).map(({ allow }) => allow),
    ...Object.values(scopeTemplates).flatMap(({ allow, variants = [] }) => [
      allow,
      ...variants.map((variant) => variant.allow)
    ])
  ]
  const acl = resources[name]?.acl
  const lists: (ActionList | undefined)[] = [
    ...sets.flatMap((set) => [ownList(set, name), ownList(set, '*')]),
    ...(typeof acl === 'object' ? Object.values(acl.levels ?? {}) : [])
  ]
  return lists.flatMap((list) => (typeof list === 'object' && 'except' in list ? [new Set(list.except)] : []))
}

function ownList(set: PermissionSet | undefined, key: string): ActionList | undefined {
  return set !== undefined && Object.hasOwn(set, key) ? set[key] : undefined
}

/** Drops each of the settings that are not at their default, and makes each level every action. */
function* sharing(resource: ResourceDocument): Generator<Change> {
  const { acl } = resource
  if (typeof acl !== 'object') return
  const changed = (at: readonly string[], change: string, settings: Partial<AclDocument>): Change => ({
    kind: 'loosen-acl',
    at: ['acl', ...at],
    change,
    resource: { ...resource, acl: { ...acl, ...settings } }
  })
  if (acl.members === true) yield changed(['members'], 'as false', { members: false })
  if (acl.overridesDeny === false) yield changed(['overridesDeny'], 'as true', { overridesDeny: true })
  if (acl.requires !== undefined) {
    const { requires, ...rest } = acl
    yield {
      ...changed(['requires'], `without ${quoteValue(requires)}`, {}),
      resource: { ...resource, acl: rest }
    }
  }
  for (const [level, list] of Object.entries(acl.levels ?? {}))
    if (list !== '*')
      yield changed(['levels', level], 'with every action', { levels: { ...acl.levels, [level]: '*' } })
}
