// Mutants of a resource: where its objects may be, what its actions imply, and what its ACL entries say and beat.
import type { AclDocument, PolicyData, ResourceDocument } from '../document/types.js'
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
export function* resourceMutations(document: PolicyData): Generator<Mutation> {
  const containers = (document.containers ?? []).map((container) => container.name)
  for (const [name, resource] of Object.entries(document.resources))
    for (const changes of [placements(resource, containers), implied(resource), sharing(resource)])
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
