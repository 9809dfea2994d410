// Reads what a cell says and what a column is about. Whether it is true is checked elsewhere.
import { splitName } from '../../problems/names.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import type { CompiledPermission, CompiledResource } from '../../compile/catalogue.js'
import { listRoles } from '../../compile/role-index.js'
import type { Relation } from '../../document/relation.js'
import { everyObject, isEverything, readRelation, vocabularyOf } from '../space/relations.js'
import { indexOutside, slice, type CellText } from './cell-text.js'
import { cite, type PageProblems } from './problem.js'

/** `yes` and `no` are about the column's objects. A reach is about all objects: those it does not name are refused. */
export type Expectation =
  | { readonly kind: 'no' }
  | { readonly kind: 'yes'; readonly via: string | undefined }
  | { readonly kind: 'reach'; readonly relations: readonly Relation[]; readonly via: string | undefined }

export interface Column {
  /** As written. */
  readonly text: string
  readonly permission: CompiledPermission
  readonly relation: Relation
}

/** Reads `yes`, `no`, `yes (via ROLE)`, `own org`, `own; own, own org`; anything else is added to `problems`. */
export function readCell(
  compiled: CompiledPolicy,
  cell: CellText,
  column: Column,
  line: number,
  problems: PageProblems
): Expectation | undefined {
  const { text } = cell
  const { said, via } = splitVia(cell)
  const answer = said.toLowerCase()
  const wrong = (message: string): Expectation | undefined => {
    problems.add('invalid_cell', line, `${message}: ${cite(text)} under ${cite(column.text)}`, text)
    return undefined
  }
  if (via !== undefined && !isKnownRole(compiled, via)) {
    problems.add('unknown_role', line, `unknown role ${cite(via)} in ${cite(text)}`, via, roleNames(compiled))
    return undefined
  }
  if (answer === 'no') return via === undefined ? { kind: 'no' } : wrong('a `no` names a role')
  if (answer === 'yes') return { kind: 'yes', via }
  const vocabulary = vocabularyOf(compiled.catalogue, [column.permission.definition])
  const relations = answer.split(';').map((part) => readRelation(part, vocabulary))
  if (!relations.every((relation) => relation !== undefined))
    return wrong('neither `yes`, `no`, `yes (via ROLE)` nor relations')
  if (column.relation !== everyObject) return wrong('the cell has a relation and its column has one too')
  return { kind: 'reach', relations, via }
}

/** An answer and the role in parentheses after it; a role in code may have parentheses itself. */
function splitVia(cell: CellText): { said: string; via: string | undefined } {
  const { text } = cell
  const open = indexOutside(cell, '(')
  const inside = open < 0 || !text.endsWith(')') ? undefined : slice(cell, open + 1, text.length - 1)
  const [word] = /^via\s/i.exec(inside?.text ?? '') ?? []
  if (inside === undefined || word === undefined) return { said: text, via: undefined }
  const via = slice(inside, word.length, inside.text.length).text
  return via === '' ? { said: text, via: undefined } : { said: text.slice(0, open).trim(), via }
}

/** Reads `Create (own, own org)`, `Read (all)`, `Delete`, `workspace:read`. */
export function readColumn(
  compiled: CompiledPolicy,
  text: string,
  resource: CompiledResource | undefined,
  line: number,
  problems: PageProblems
): Column | undefined {
  const { name, relationText } = splitHeader(text)
  const relation = relationText === undefined
      ? everyObject
      : readRelation(relationText, vocabularyOf(compiled.catalogue, resource && [resource]))
  if (relation === undefined) {
    problems.add(
      'unknown_relation',
      line,
      `unknown relation ${cite(relationText ?? '')} in ${cite(text)}`,
      relationText
    )
    return undefined
  }
  const permission = findHeaded(compiled, name, resource)
  if (permission !== undefined) return { text, permission, relation: isEverything(relation) ? everyObject : relation }
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

/** The permission that a header names, alone or with its resource. */
export function findHeaded(
  compiled: CompiledPolicy,
  name: string,
  resource: CompiledResource | undefined
): CompiledPermission | undefined {
  const [type, action] = splitName(name)
  const named = type === undefined ? resource : compiled.catalogue.resources.get(actionName(type))
  return named?.actions.get(actionName(action))
}

/** An action and the relation in parentheses after it. */
export function splitHeader(text: string): { name: string; relationText: string | undefined } {
  const open = text.lastIndexOf('(')
  const inside = open < 0 ? undefined : text.slice(open + 1, -1)
  if (inside === undefined || !text.endsWith(')') || inside.includes(')'))
    return { name: text.trim(), relationText: undefined }
  return { name: text.slice(0, open).trim(), relationText: inside }
}

/** `Read personal` as the catalogue has it: `read_personal`. */
function actionName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
}

function isKnownRole(compiled: CompiledPolicy, name: string): boolean {
  return roleNames(compiled).includes(name)
}

/** Every name that a reason can give: roles of any place, and `system:NAME`. */
export function roleNames(compiled: CompiledPolicy): string[] {
  return [
    ...new Set(listRoles(compiled.roles).map(({ name }) => name)),
    ...[...compiled.systemSubjects.keys()].map((name) => `system:${name}`)
  ]
}
