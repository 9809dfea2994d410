// The permission matrix of a policy as data: for each resource, who may do what and how far it reaches. It is in the
// order of the document, so that a change of the policy changes only the lines that it is about.
import type { Policy } from '../../../policy/types/index.js'
import { type CompiledPolicy, compiledOf } from '../../../compile/compile.js'
import type { CompiledResource } from '../../../compile/catalogue.js'
import { listRoles } from '../../../compile/role-index.js'
import type { CompiledRole } from '../../../compile/roles.js'
import type { DecidingSubject } from '../../../decide/subject.js'
import type { Names } from '../../../document/index.js'
import { RequestProblems } from '../../../problems/request-problems.js'
import { everyoneElse } from '../subjects.js'
import { ReachMemory } from '../../space/reach.js'
import { holdersOf } from '../../space/holders.js'
import { subjectOf, type SubjectData } from '../../space/requests.js'
import { requireFewCells, tooManyCases, type Values } from '../../space/settings.js'

/** What a matrix is about: one resource, one role or `system:NAME`, or with neither the whole policy. */
export interface MatrixAbout {
  /** A resource's name. */
  readonly resource?: string | undefined
  /** A role's name, or `system:NAME`. */
  readonly role?: string | undefined
}

/** A row that is more than a role's name: a custom role of one place, or a role under given settings. */
export interface MatrixName {
  /** What its row is called. */
  readonly name: string
  /** The role that it holds. */
  readonly role: string
  /** Empty for none. */
  readonly org: string
  /** The container in which it is held, for a role of one. */
  readonly container?: { readonly kind: string; readonly id: string }
  /** Settings of its organization; empty for none. */
  readonly settings: Values
}

/** One subject and how far each action reaches. */
export interface MatrixRow {
  /** A role, `system:NAME`, a name of `names`, or `everyone else`. */
  readonly subject: string
  /** The role's title, where it has one. */
  readonly title: string | undefined
  /** What the subject is. */
  readonly kind: 'site' | 'org' | 'container' | 'system' | 'others'
  /** For a container's role, the container. */
  readonly container?: string
  /** One for each action: `yes`, `no`, or the relations that are reached, as `own project; own, own org`. */
  readonly cells: readonly string[]
}

/** The matrix of one resource. */
export interface ResourceMatrix {
  /** The resource's name. */
  readonly resource: string
  /** As the document has it. */
  readonly description: string | undefined
  /** Its actions, which are the columns, in catalogue order. */
  readonly actions: readonly { readonly name: string; readonly description: string }[]
  /** In the order of the document. */
  readonly rows: readonly MatrixRow[]
}

/** Who may do what, as data: `matrixToMarkdown` and the like write it. */
export interface PolicyMatrix {
  /** The policy's name. */
  readonly policy: string
  /** As the document has it. */
  readonly description: string | undefined
  /** The deployment's options under which it holds. */
  readonly options: Values
  /** The containers of the policy, in their order; absent where it has none. */
  readonly containers?: readonly string[]
  /** What was asked for. */
  readonly about: MatrixAbout
  /** The names of rows that stand for more than a role. */
  readonly names: readonly MatrixName[]
  /** In catalogue order, without those that have no rows. */
  readonly resources: readonly ResourceMatrix[]
  /** The resources of which the role may do nothing; empty where the matrix is about more than one role. */
  readonly nothing: readonly string[]
}

/** The most cells of one matrix: more than anybody reads, and what fits in memory with its text. */
const mostShown = 2_000_000

interface AskedPermission {
  readonly row: Omit<MatrixRow, 'cells'>
  readonly named: MatrixName | undefined
  readonly subject: DecidingSubject
}

/**
 * Who may do what: every role held alone and every system subject, under the options that the policy was compiled with
 * and the defaults of settings; a setting without default gets a row for each value. A cell is about every object, in
 * whatever containers and with whatever attributes; objects have no ACL. Subjects that may do nothing to a resource have no row of their own there; `everyone else` stands for them.
 *
 * @throws RequestError `unknown_resource`, `unknown_role`, `unknown_system_subject`; CasemateError `too_many_cases`.
 */
export function matrixOf<N extends Names>(policy: Policy<N>, about: MatrixAbout = {}): PolicyMatrix {
  const compiled = compiledOf(policy)
  const { document, catalogue } = compiled
  const resources =
    about.resource === undefined
      ? [...catalogue.resources.values()]
      : [resourceNamed(compiled, about.resource)]
  const asked = rowsOf(compiled, about.role)
  requireFewCells(compiled)
  const reach = new ReachMemory()
  let shown = 0
  const matrices = resources.map((resource) => {
    const matrix = matrixFor(compiled, resource, asked, about.role !== undefined, reach)
    shown += matrix.rows.length * matrix.actions.length
    if (shown > mostShown)
      throw tooManyCases(
        'the policy',
        [],
        'cells to show, so that a resource or a role has to be named',
        mostShown
      )
    return matrix
  })
  const isShown = ({ rows }: ResourceMatrix): boolean => rows.length > 0
  const used = new Set(matrices.flatMap(({ rows }) => rows.map(({ subject }) => subject)))
  return {
    policy: document.name,
    description: document.description,
    options: Object.fromEntries(compiled.options),
    ...(catalogue.containers.length === 0 ? {} : { containers: catalogue.containers }),
    about: {
      ...(about.resource === undefined ? {} : { resource: about.resource }),
      ...(about.role === undefined ? {} : { role: about.role })
    },
    names: asked.flatMap(({ named }) => (named !== undefined && used.has(named.name) ? [named] : [])),
    resources: matrices.filter(isShown),
    nothing: matrices.filter((matrix) => !isShown(matrix)).map(({ resource }) => resource)
  }
}

function resourceNamed(compiled: CompiledPolicy, name: string): CompiledResource {
  const { resources } = compiled.catalogue
  const resource = resources.get(name)
  if (resource !== undefined) return resource
  const problems = new RequestProblems()
  problems.addUnknown('unknown_resource', ['resource'], 'resource', name, resources)
  throw problems.toError()
}

function rowsOf(compiled: CompiledPolicy, role: string | undefined): AskedPermission[] {
  const all = [...everybody(compiled)]
  const meant = role === undefined ? all : all.filter(({ subject }) => subject === role)
  if (meant.length === 0 && role !== undefined)
    throw unknownRole(role, new Set(all.map(({ subject }) => subject)))
  const taken = new Set(all.map(({ subject }) => subject))
  const places = new Map<string, Set<string>>()
  for (const { subject, role: held } of all)
    places.set(subject, (places.get(subject) ?? new Set()).add(`${held?.kind} ${held?.place}`))
  return meant.map((who): AskedPermission => {
    const { subject: name, data, settings } = who
    const isShared = (places.get(name)?.size ?? 0) > 1
    const isPlain = !isShared && Object.keys(settings).length === 0
    const named = isPlain ? undefined : nameFor(who, isShared, taken)
    const row = { subject: named?.name ?? name, ...describe(compiled, who) }
    return { row, named, subject: subjectOf(compiled, data) }
  })
}

/** A role held alone, or a system subject. */
interface Somebody {
  readonly subject: string
  readonly role: CompiledRole | undefined
  /** The values of settings without default. */
  readonly settings: Values
  readonly data: SubjectData
}

/** Every role held alone, then every system subject. */
function* everybody(compiled: CompiledPolicy): Generator<Somebody> {
  for (const role of listRoles(compiled.roles))
    for (const { data, open } of holdersOf(compiled, [role]))
      yield { subject: role.name, role, settings: open, data }
  for (const name of compiled.systemSubjects.keys())
    yield { subject: `system:${name}`, role: undefined, settings: {}, data: { system: name } }
}

function unknownRole(role: string, known: ReadonlySet<string>): Error {
  const problems = new RequestProblems()
  const code = role.startsWith('system:') ? 'unknown_system_subject' : 'unknown_role'
  problems.addUnknown(code, ['role'], 'role', role, known)
  return problems.toError()
}

/** A row name with what the role's name does not say: where it is held, under which settings. */
function nameFor({ subject, role, settings }: Somebody, isShared: boolean, taken: Set<string>): MatrixName {
  const parts = Object.entries(settings).map(([name, value]) => `${name} = ${String(value)}`)
  const { kind = 'site', place } = role ?? {}
  const isInside = kind !== 'site' && kind !== 'org'
  if (isShared) {
    const where = place === undefined ? (isInside ? `any ${kind}` : 'the site') : place
    parts.unshift(`of ${isInside && place !== undefined ? `${kind} ` : ''}${where}`)
  }
  let name = [subject, ...parts].join(', ')
  while (taken.has(name) || name === everyoneElse) name += ' *'
  taken.add(name)
  const org = kind === 'org' ? (place ?? (Object.keys(settings).length > 0 ? 'o1' : '')) : ''
  const container = isInside ? { container: { kind, id: place ?? `${kind}1` } } : {}
  return { name, role: subject, org, ...container, settings }
}

function describe(
  compiled: CompiledPolicy,
  { subject, role }: Somebody
): Pick<MatrixRow, 'title' | 'kind' | 'container'> {
  if (role === undefined) {
    const system = compiled.systemSubjects.get(subject.slice('system:'.length))
    return { title: system?.document.title, kind: 'system' }
  }
  const { document, kind } = role
  if (kind === 'site' || kind === 'org')
    return { title: document.title, kind: kind === 'site' ? 'site' : 'org' }
  return { title: document.title, kind: 'container', container: kind }
}

function matrixFor(
  compiled: CompiledPolicy,
  resource: CompiledResource,
  asked: readonly AskedPermission[],
  isAboutRole: boolean,
  reach: ReachMemory
): ResourceMatrix {
  const permissions = [...resource.actions.values()]
  const rows = asked.map(({ row, subject, named }) => ({
    named,
    row: { ...row, cells: permissions.map((permission) => reach.of(subject, permission)) }
  }))
  const holding = rows.filter(({ row }) => row.cells.some((cell) => cell !== 'no'))
  // A row under settings does not count as its role's row, so `everyone else` would include the role: all get rows.
  const isOpen =
    holding.some(({ named }) => named !== undefined) || rows.some(({ row }) => row.subject === everyoneElse)
  const shown = isOpen && !isAboutRole ? rows : holding
  const others: MatrixRow = {
    subject: everyoneElse,
    title: undefined,
    kind: 'others',
    cells: permissions.map(() => 'no')
  }
  const described = new Map(Object.entries(compiled.document.resources[resource.name]?.actions ?? {}))
  return {
    resource: resource.name,
    description: resource.description,
    actions: permissions.map(({ action }) => ({ name: action, description: described.get(action) ?? '' })),
    rows: [...shown.map(({ row }) => row), ...(isOpen || isAboutRole ? [] : [others])]
  }
}
