// Reads what a column is about: an action on the objects of a relation, or giving a role. In a table that is the other
// way round it is the first cell of a row.
import type { CompiledPermission, CompiledResource } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { readRelationText, type Relation, type RelationFault } from '../../document/relation.js'
import { splitName } from '../../problems/names.js'
import { everyObject, isEverything, vocabularyOf } from '../space/relations.js'
import { placeFault, readGiving, type AssignColumn } from './assign-column.js'
import type { CellText } from './cell-text.js'
import { cite, type PageProblems } from './problem.js'

export type { AssignColumn } from './assign-column.js'

/** An action on the objects of a relation. */
export interface Column {
  /** As written. */
  readonly text: string
  readonly permission: CompiledPermission
  readonly relation: Relation
}

/** Whatever a column can be about. */
export type AskedColumn = Column | AssignColumn

/** Reads `Create (own, own org)`, `Read (all)`, `Delete`, `workspace:read`, `Assign editor (own project)`. */
export function readColumn(
  compiled: CompiledPolicy,
  cell: CellText,
  resource: CompiledResource | undefined,
  line: number,
  problems: PageProblems
): AskedColumn | undefined {
  const { text } = cell
  const { name, relationText } = splitHeader(text)
  const permission = findHeaded(compiled, name, resource)
  const giving = permission === undefined ? readGiving(compiled, cell) : undefined
  if (giving !== undefined && (giving.roles.length > 0 || !hasLike(resource, name)))
    return readAssign(compiled, text, giving, line, problems)
  const definition = permission?.definition ?? resource
  const relation = readWritten(compiled, relationText, definition && [definition])
  if ('kind' in relation) {
    addFault(relation, relationText ?? '', text, line, problems)
    return undefined
  }
  if (permission !== undefined) return { text, permission, relation }
  if (resource === undefined)
    problems.add(
      'unknown_resource',
      line,
      `no heading above names the resource of ${cite(text)} in backticks`
    )
  else {
    const known = resource.actions.keys()
    const message = `unknown action ${cite(name)} of ${cite(resource.name)}`
    problems.add('unknown_action', line, message, actionName(name), known)
  }
  return undefined
}

function readAssign(
  compiled: CompiledPolicy,
  text: string,
  { role, roles, relationText }: NonNullable<ReturnType<typeof readGiving>>,
  line: number,
  problems: PageProblems
): AssignColumn | undefined {
  if (roles.length === 0) {
    const message = `unknown role ${cite(role)} in ${cite(text)}`
    problems.add('unknown_role', line, message, role, compiled.roles.shipped.keys())
    return undefined
  }
  const relation = readWritten(compiled, relationText, [])
  if ('kind' in relation) {
    addFault(relation, relationText ?? '', text, line, problems)
    return undefined
  }
  const fault = placeFault(roles, relation)
  if (fault === undefined) return { text, role, roles, relation }
  problems.add(
    'unknown_relation',
    line,
    `${cite(relationText ?? '')} in ${cite(text)}: ${fault}`,
    relationText
  )
  return undefined
}

/** A relation; where none is written, or one that narrows nothing, always the same one. */
function readWritten(
  { catalogue }: CompiledPolicy,
  text: string | undefined,
  resources: readonly CompiledResource[] | undefined
): Relation | RelationFault {
  if (text === undefined) return everyObject
  const read = readRelationText(text, vocabularyOf(catalogue, resources), { anyCase: true })
  return !('kind' in read) && isEverything(read) ? everyObject : read
}

function addFault(
  fault: RelationFault,
  relationText: string,
  text: string,
  line: number,
  problems: PageProblems
): void {
  if (fault.kind === 'form')
    problems.add(
      'unknown_relation',
      line,
      `unknown relation ${cite(relationText)} in ${cite(text)}`,
      relationText
    )
  else problems.add('unknown_relation', line, `${faultText(fault)} in ${cite(text)}`, fault.name, fault.known)
}

/** What is wrong with a name in a relation. */
export function faultText(fault: Exclude<RelationFault, { kind: 'form' }>): string {
  if (fault.kind === 'value') return `attribute ${cite(fault.attribute)} has no value ${cite(fault.name)}`
  return `unknown ${fault.kind} ${cite(fault.name)}`
}

/** The permission that a header names, alone or with its resource. */
export function findHeaded(
  compiled: CompiledPolicy,
  name: string,
  resource: CompiledResource | undefined
): CompiledPermission | undefined {
  const [type, action] = splitName(name)
  const named = type === undefined ? resource : findNamed(compiled.catalogue.resources, type)
  return named && findNamed(named.actions, action)
}

/** Exactly the name, else the only one that people write so: `Read personal` is `read_personal` or `readPersonal`. */
function findNamed<T>(all: ReadonlyMap<string, T>, text: string): T | undefined {
  const exact = all.get(text.trim()) ?? all.get(actionName(text))
  if (exact !== undefined) return exact
  const plain = plainName(text)
  const [found, ...others] = [...all].filter(([name]) => plainName(name) === plain)
  return others.length === 0 ? found?.[1] : undefined
}

/** Whether an action of the resource begins as this does, so that a wrong name is one of an action. */
function hasLike(resource: CompiledResource | undefined, name: string): boolean {
  const [word = ''] = actionName(name).split('_')
  return [...(resource?.actions.keys() ?? [])].some((action) => action.toLowerCase().startsWith(word))
}

/** An action and the relation in parentheses after it. */
export function splitHeader(text: string): { name: string; relationText: string | undefined } {
  const open = text.lastIndexOf('(')
  const inside = open < 0 ? undefined : text.slice(open + 1, -1)
  if (inside === undefined || !text.endsWith(')') || inside.includes(')'))
    return { name: text.trim(), relationText: undefined }
  return { name: text.slice(0, open).trim(), relationText: inside }
}

/** `Read personal` as most catalogues have it: `read_personal`. */
function actionName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
}

function plainName(text: string): string {
  return text.toLowerCase().replace(/[\s_-]+/g, '')
}
