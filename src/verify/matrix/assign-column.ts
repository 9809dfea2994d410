// Columns headed `Assign ROLE` or `Assign ROLE (own org)`: who may give a role, and where. Without a relation every
// place is meant in which the role can be held; with one, the organizations or containers that it names.
import type { CompiledPolicy } from '../../compile/compile.js'
import { listRoles } from '../../compile/role-index.js'
import type { CompiledRole } from '../../compile/roles.js'
import type { Relation } from '../../document/relation.js'
import { slice, touchesCode, type CellText } from './cell-text.js'

export interface AssignColumn {
  /** As written. */
  readonly text: string
  /** The role's name. */
  readonly role: string
  /** The roles of that name: several where places have custom roles of one name. */
  readonly roles: readonly CompiledRole[]
  /** Where; its owner part is `any`. */
  readonly relation: Relation
}

/** What a header that begins with `Assign` names; `undefined` for one that does not. Without roles the name is unknown. */
export function readGiving(
  compiled: CompiledPolicy,
  cell: CellText
): { role: string; roles: readonly CompiledRole[]; relationText: string | undefined } | undefined {
  const [word] = /^assign\s+/i.exec(cell.text) ?? []
  if (word === undefined) return undefined
  const rest = slice(cell, word.length, cell.text.length)
  const all = listRoles(compiled.roles)
  const named = (role: string): readonly CompiledRole[] => all.filter(({ name }) => name === role)
  const whole = named(rest.text)
  const open = lastOutside(rest, '(')
  if (whole.length > 0 || open < 0 || !rest.text.endsWith(')'))
    return { role: rest.text, roles: whole, relationText: undefined }
  const role = slice(rest, 0, open).text
  return { role, roles: named(role), relationText: rest.text.slice(open + 1, -1) }
}

function lastOutside(cell: CellText, sign: string): number {
  let at = cell.text.lastIndexOf(sign)
  while (at >= 0 && touchesCode(cell, at, at + sign.length))
    at = at === 0 ? -1 : cell.text.lastIndexOf(sign, at - 1)
  return at
}

/** Why a relation does not say where one of these roles is held; `undefined` where it does. */
export function placeFault(roles: readonly CompiledRole[], relation: Relation): string | undefined {
  const { owner, org, containers, attributes, isShared } = relation
  if (owner !== 'any' || isShared || Object.keys(attributes).length > 0)
    return 'a role is held in a place, and only places can be named'
  const kinds = new Set(roles.map(({ kind }) => kind))
  const isInside = [...kinds].some((kind) => kind !== 'site' && kind !== 'org')
  if (org !== 'any' && !isInside && !kinds.has('org')) return 'the role is held in no organization'
  if (org === 'none' && !isInside) return 'the role is held in an organization'
  for (const [kind, place] of Object.entries(containers)) {
    if (!kinds.has(kind)) return `the role is held in no ${kind}`
    if (place === 'none') return `the role is held in a ${kind}`
  }
  return undefined
}
