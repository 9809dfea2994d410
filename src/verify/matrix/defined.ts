// Reads tables that define subjects: a name, its roles, and optionally organizations, scopes and settings. A table
// whose second column is headed `Roles` is one.
import type { CompiledPolicy } from '../../compile/compile.js'
import { listRoles } from '../../compile/role-index.js'
import type { OptionDocument } from '../../document/types.js'
import type { TemplateScope, OptionValue } from '../../types.js'
import type { Values } from '../space/settings.js'
import { fillExample } from '../space/templates.js'
import { indexOutside, noText, slice, split, splitList, type CellText } from './cell-text.js'
import type { PageTable, Row } from './page.js'
import { cite, type PageProblems } from './problem.js'

export interface DefinedSubject {
  readonly name: string
  readonly line: number
  /** The name of the system subject that it is; it then has no roles. */
  readonly system: string | undefined
  readonly roles: readonly string[]
  readonly orgs: readonly string[]
  /** For each container of the policy, where its roles are held. */
  readonly containers: ReadonlyMap<string, readonly string[]>
  readonly scopes: readonly (string | TemplateScope)[]
  readonly options: Values
  readonly orgSettings: Values
  /** Its single role or `system:NAME`, if it has no scopes and no settings. */
  readonly plainName: string | undefined
}

const columns = new Map([
  ['role', 'roles'],
  ['roles', 'roles'],
  ['organization', 'orgs'],
  ['organizations', 'orgs'],
  ['scope', 'scopes'],
  ['scopes', 'scopes'],
  ['settings', 'settings']
] as const)

/** What a column of such a table gives. A container's is headed by its name, with or without an `s`. */
type Field = 'roles' | 'orgs' | 'scopes' | 'settings' | `in ${string}`

function fieldsOf({ catalogue }: CompiledPolicy): ReadonlyMap<string, Field> {
  const inside = catalogue.containers.flatMap((kind): [string, Field][] => {
    const name = kind.toLowerCase()
    return [
      [name, `in ${kind}`],
      [`${name}s`, `in ${kind}`]
    ]
  })
  return new Map<string, Field>([...inside, ...columns])
}

export function isSubjectTable({ header }: PageTable): boolean {
  return /^roles?$/i.test(header.cells[1]?.text ?? '')
}

/** The subjects of a table; one that is wrong is added to `problems` and left out. */
export function readSubjectTable(
  compiled: CompiledPolicy,
  { header, rows }: PageTable,
  problems: PageProblems
): DefinedSubject[] {
  const known = fieldsOf(compiled)
  const fields = header.cells.slice(1).map(({ text }): Field | undefined => {
    const field = known.get(text.toLowerCase())
    if (field === undefined)
      problems.add(
        'unknown_column',
        header.line,
        `unknown column ${cite(text)} of a table of subjects`,
        text,
        known.keys()
      )
    return field
  })
  return rows.flatMap((row) => readSubject(compiled, row, fields, problems) ?? [])
}

function readSubject(
  compiled: CompiledPolicy,
  row: Row,
  fields: readonly (Field | undefined)[],
  problems: PageProblems
): DefinedSubject | undefined {
  const [{ text: name } = noText, ...cells] = row.cells
  const cell = (field: Field): CellText => cells[fields.indexOf(field)] ?? noText
  const { text: roleText } = cell('roles')
  if (name === '') {
    problems.add('invalid_subject', row.line, 'a subject without a name')
    return undefined
  }
  const known = new Set(listRoles(compiled.roles).map((role) => role.name))
  const isRole = known.has(roleText)
  const parts = textsOf(split(cell('roles'), /,/))
  if (isRole && parts.length > 1 && parts.every((part) => known.has(part))) {
    const message = `${cite(roleText)} is a role and could be several; write it as code`
    problems.add('invalid_subject', row.line, message)
    return undefined
  }
  const system = !isRole && roleText.startsWith('system:') ? roleText.slice('system:'.length) : undefined
  const roles = system !== undefined ? [] : isRole ? [roleText] : parts
  const orgs = textsOf(split(cell('orgs'), /,/))
  const containers = new Map(
    compiled.catalogue.containers.map((kind) => [kind, textsOf(split(cell(`in ${kind}`), /,/))] as const)
  )
  const scopes = readScopes(compiled, cell('scopes'), row.line, problems)
  const settings = readSettings(compiled, cell('settings'), row.line, problems)
  if (scopes === undefined || settings === undefined) return undefined
  if (!areKnown(compiled, roles, known, system, row.line, problems)) return undefined
  const isPlain =
    scopes.length === 0 && Object.keys({ ...settings.options, ...settings.orgSettings }).length === 0
  const isSomewhere = orgs.length > 0 || [...containers.values()].some((ids) => ids.length > 0)
  if (system !== undefined && !(isPlain && !isSomewhere)) {
    problems.add('invalid_subject', row.line, 'a system subject with an organization, scope or settings')
    return undefined
  }
  const only = roles.length === 1 ? roles[0] : undefined
  const plainName = !isPlain ? undefined : system === undefined ? only : `system:${system}`
  return { name, line: row.line, system, roles, orgs, containers, scopes, ...settings, plainName }
}

function areKnown(
  compiled: CompiledPolicy,
  roles: readonly string[],
  known: ReadonlySet<string>,
  system: string | undefined,
  line: number,
  problems: PageProblems
): boolean {
  const unknown = roles.filter((role) => !known.has(role))
  for (const role of unknown) problems.add('unknown_role', line, `unknown role ${cite(role)}`, role, known)
  if (system === undefined || compiled.systemSubjects.has(system)) return unknown.length === 0
  const names = compiled.systemSubjects.keys()
  problems.add('unknown_subject', line, `unknown system subject ${cite(system)}`, system, names)
  return false
}

/** Scope names and templates, as `workspace_agent (blockUserData)`: in parentheses the flags and optional ids given. */
function readScopes(
  compiled: CompiledPolicy,
  cell: CellText,
  line: number,
  problems: PageProblems
): (string | TemplateScope)[] | undefined {
  if (cell.text === '') return []
  if (compiled.scopes.find(cell.text) !== undefined) return [cell.text]
  const scopes: (string | TemplateScope)[] = []
  for (const piece of splitList(cell)) {
    const part = piece.text
    const { name, inside } = splitTemplate(piece)
    const template = compiled.scopes.templates.get(name)
    if (template === undefined) {
      if (compiled.scopes.find(part) === undefined) {
        const known = [...compiled.scopes.templates.keys(), ...compiled.scopes.names()]
        problems.add('invalid_subject', line, `unknown scope ${cite(part)}`, name, known)
        return undefined
      }
      scopes.push(part)
      continue
    }
    const given = inside === undefined ? [] : textsOf(split(inside, /,/))
    const free = Object.entries(template.document.params).flatMap(([key, need]) =>
      need === 'required' ? [] : [key]
    )
    const unknown = given.find((key) => !free.includes(key))
    if (unknown !== undefined) {
      const message = `${cite(unknown)} is no flag or optional parameter of ${cite(name)}`
      problems.add('invalid_subject', line, message, unknown, free)
      return undefined
    }
    scopes.push(fillExample(compiled, template, new Set(given)))
  }
  return scopes
}

/** A template's name and what stands in parentheses after it. */
function splitTemplate(cell: CellText): { name: string; inside: CellText | undefined } {
  const open = indexOutside(cell, '(')
  if (open < 0 || !cell.text.endsWith(')')) return { name: cell.text, inside: undefined }
  return { name: slice(cell, 0, open).text, inside: slice(cell, open + 1, cell.text.length - 1) }
}

/** `option = value`, joined by commas: options of the deployment and settings of the organization. */
function readSettings(
  compiled: CompiledPolicy,
  cell: CellText,
  line: number,
  problems: PageProblems
): { options: Values; orgSettings: Values } | undefined {
  const deployment = new Map(Object.entries(compiled.document.options ?? {}))
  const { orgOptions } = compiled.context
  const options: [string, OptionValue][] = []
  const orgSettings: [string, OptionValue][] = []
  for (const part of split(cell, /[,;]/)) {
    if (part.text === '') continue
    const [{ text: name } = noText, { text: said } = noText] = split(part, /=/, 2)
    const option = deployment.get(name) ?? orgOptions.get(name)
    const value = option === undefined ? undefined : valueNamed(option, said)
    if (value !== undefined) (deployment.has(name) ? options : orgSettings).push([name, value])
    else {
      const names =
        option === undefined ? [...deployment.keys(), ...orgOptions.keys()] : option.values.map(String)
      const message =
        option === undefined ? `unknown option ${cite(name)}` : `${cite(name)} has no value ${cite(said)}`
      problems.add('invalid_subject', line, message, option === undefined ? name : said, names)
      return undefined
    }
  }
  return { options: Object.fromEntries(options), orgSettings: Object.fromEntries(orgSettings) }
}

function valueNamed({ values }: OptionDocument, text: string): OptionValue | undefined {
  return values.find((value) => String(value) === text)
}

function textsOf(parts: readonly CellText[]): string[] {
  return parts.flatMap(({ text }) => (text === '' ? [] : [text]))
}
