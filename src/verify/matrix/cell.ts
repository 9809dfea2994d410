// Reads what a cell says. Whether it is true is checked elsewhere.
import type { CompiledPolicy } from '../../compile/compile.js'
import { listRoles } from '../../compile/role-index.js'
import { readRelationText, type Relation, type RelationFault } from '../../document/relation.js'
import { everyObject, vocabularyOf } from '../space/relations.js'
import { placeFault } from './assign-column.js'
import { indexOutside, slice, split, type CellText } from './cell-text.js'
import { faultText, type AskedColumn } from './column.js'
import { cite, type PageProblems } from './problem.js'

/** `yes` and `no` are about the column's objects. A reach is about all objects: those it does not name are refused. */
export type Expectation =
  | { readonly kind: 'no' }
  | { readonly kind: 'yes'; readonly via: string | undefined }
  | { readonly kind: 'reach'; readonly relations: readonly Relation[]; readonly via: string | undefined }

/** Reads `yes`, `no`, `yes (via ROLE)`, `own org`, `own; own, own org`; anything else is added to `problems`. */
export function readCell(
  compiled: CompiledPolicy,
  cell: CellText,
  column: AskedColumn,
  line: number,
  problems: PageProblems
): Expectation | undefined {
  const { text } = cell
  const { said, via } = splitVia(cell)
  const answer = said.text.toLowerCase()
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
  const read = split(said, /;/).map((part) => readReached(compiled, part.text, column))
  const relations = read.flatMap((one) => ('kind' in one ? [] : [one]))
  if (relations.length < read.length) {
    const named = read.flatMap((one) => ('kind' in one && one.kind !== 'form' ? [one] : []))[0]
    if (named === undefined) return wrong('neither `yes`, `no`, `yes (via ROLE)` nor relations')
    const message = `${faultText(named)} in ${cite(text)} under ${cite(column.text)}`
    problems.add('unknown_relation', line, message, named.name, named.known)
    return undefined
  }
  if (column.relation !== everyObject) return wrong('the cell has a relation and its column has one too')
  if (relations.some(({ isShared }) => isShared))
    return wrong('`shared` narrows a column; the objects of a cell without it have no ACL')
  const fault =
    'role' in column ? relations.flatMap((one) => placeFault(column.roles, one) ?? [])[0] : undefined
  return fault === undefined ? { kind: 'reach', relations, via } : wrong(fault)
}

function readReached(compiled: CompiledPolicy, text: string, column: AskedColumn): Relation | RelationFault {
  const resources = 'role' in column ? [] : [column.permission.definition]
  return readRelationText(text, vocabularyOf(compiled.catalogue, resources), { anyCase: true })
}

/** An answer and the role in parentheses after it; a role in code may have parentheses itself. */
function splitVia(cell: CellText): { said: CellText; via: string | undefined } {
  const { text } = cell
  const open = indexOutside(cell, '(')
  const inside = open < 0 || !text.endsWith(')') ? undefined : slice(cell, open + 1, text.length - 1)
  const [word] = /^via\s/i.exec(inside?.text ?? '') ?? []
  if (inside === undefined || word === undefined) return { said: cell, via: undefined }
  const via = slice(inside, word.length, inside.text.length).text
  return via === '' ? { said: cell, via: undefined } : { said: slice(cell, 0, open), via }
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
