// A subject as given → its state. Adds everything that is wrong to `problems`; the result must then not be used. This
// one function reads subjects in process and from outside; from outside, unknown keys of roles are problems too.
import { readCeiling } from './ceiling.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { findRole } from '../compile/role-index.js'
import type { RoleTable, CompiledRole } from '../compile/roles.js'
import type { Union } from '../compile/tables.js'
import { ownFields } from '../problems/own-fields.js'
import { type RequestProblems } from '../problems/request-problems.js'
import { noCeilings, noGroups, noOrgs, type SubjectState } from './state.js'
import { quoteValue } from '../problems/quote.js'
import { isPlainObject, isRecord } from '../problems/plain.js'
import type { OptionValue } from '../types.js'
import type { Path } from '../problems/path.js'

type Settings = ReadonlyMap<string, ReadonlyMap<string, OptionValue>>

const subjectKeys = new Set(['id', 'roles', 'groups', 'orgOptions', 'scopes', 'allowList'])
const roleKeys = new Set(['role', 'org'])

export interface ReadMode {
  /** The path of the subject in a request. */
  readonly path: Path
  /** Whether it is data from outside. Then no key may be `null`, `undefined` or unknown, at any depth. */
  readonly isOutside: boolean
}

export function readSubject(
  compiled: CompiledPolicy,
  given: unknown,
  mode: ReadMode,
  problems: RequestProblems
): SubjectState | undefined {
  const { path } = mode
  if (!isRecord(given)) {
    problems.addShape(path, 'a subject', given)
    return undefined
  }
  for (const key of Object.keys(given))
    if (!subjectKeys.has(key)) problems.addUnknownKey(path, key, subjectKeys)
  const own = ownFields(given, subjectKeys)
  if (own !== given) problems.addInherited(path, given, subjectKeys)
  const id = readId(own['id'], path, problems)
  const settings = readSettings(compiled, field(own, 'orgOptions', mode), path, problems)
  const { site, orgs } = readRoles(compiled, field(own, 'roles', mode), settings, mode, problems)
  const groups = readGroups(field(own, 'groups', mode), path, problems)
  const ceiling = readCeiling(own, path, compiled, problems)
  const ceilings = ceiling === undefined ? noCeilings : [ceiling]
  return { compiled, id, system: undefined, site, orgs, groups, ceilings }
}

/** The value of a key. In data from outside a key with `undefined` counts as `null`, which is a problem. */
function field(subject: Readonly<Record<string, unknown>>, key: string, mode: ReadMode): unknown {
  const value = subject[key]
  return value === undefined && mode.isOutside && Object.hasOwn(subject, key) ? null : value
}

function readId(id: unknown, path: Path, problems: RequestProblems): string {
  if (typeof id === 'string' && id !== '') return id
  if (id === undefined || id === null || id === '')
    problems.add('empty_subject_id', [...path, 'id'], 'missing subject id', id)
  else problems.addShape([...path, 'id'], 'an id', id)
  return ''
}

function readGroups(groups: unknown, path: Path, problems: RequestProblems): ReadonlySet<string> {
  if (groups === undefined) return noGroups
  if (!Array.isArray(groups)) {
    problems.addShape([...path, 'groups'], 'a list of groups', groups)
    return noGroups
  }
  if (groups.length === 0) return noGroups
  const read = new Set<string>()
  // By index: a hole is a group that is missing, and a problem.
  for (let i = 0; i < groups.length; i++) {
    const group: unknown = groups[i]
    if (typeof group === 'string') read.add(group)
    else problems.addShape([...path, 'groups', i], 'a group', group)
  }
  return read
}

function readSettings(
  compiled: CompiledPolicy,
  given: unknown,
  path: Path,
  problems: RequestProblems
): Settings | undefined {
  if (given === undefined) return undefined
  const at = [...path, 'orgOptions']
  const settings = new Map<string, ReadonlyMap<string, OptionValue>>()
  if (!isPlainObject(given)) problems.addShape(at, 'a record from organization to settings', given)
  else
    for (const org of Object.keys(given)) {
      const values = given[org]
      if (isPlainObject(values)) settings.set(org, readValues(compiled, values, [...at, org], problems))
      else problems.addShape([...at, org], 'a record of settings', values)
    }
  return settings
}

function readValues(
  compiled: CompiledPolicy,
  given: Readonly<Record<string, unknown>>,
  path: Path,
  problems: RequestProblems
): ReadonlyMap<string, OptionValue> {
  const { orgOptions } = compiled.context
  const values = new Map<string, OptionValue>()
  for (const name of Object.keys(given)) {
    const option = orgOptions.get(name)
    const value = option?.values.find((declared) => declared === given[name])
    if (option === undefined)
      problems.addUnknown('unknown_option', [...path, name], 'option', name, orgOptions)
    else if (given[name] === undefined) continue
    else if (value === undefined) problems.addInvalidOption([...path, name], option, given[name])
    else values.set(name, value)
  }
  return values
}

function readRoles(
  compiled: CompiledPolicy,
  given: unknown,
  settings: Settings | undefined,
  mode: ReadMode,
  problems: RequestProblems
): Pick<SubjectState, 'site' | 'orgs'> {
  const { empty, unite } = compiled.roleTables
  let site = empty
  let alone = empty
  let last = ''
  let same: RoleTable | undefined
  if (given === undefined) return { site, orgs: noOrgs }
  if (!Array.isArray(given)) {
    problems.addShape([...mode.path, 'roles'], 'a list of roles', given)
    return { site, orgs: noOrgs }
  }
  const orgs = new Map<string, Union<RoleTable>>()
  for (let i = 0; i < given.length; i++) {
    const entry: unknown = given[i]
    const held = typeof entry === 'string' ? undefined : readHeld(entry, i, mode, problems)
    const name = typeof entry === 'string' ? entry : roleName(held, entry, i, mode, problems)
    if (name === undefined) continue
    const org = roleOrg(held, i, mode, problems)
    // Many subjects hold the same role in many organizations, so the table found for the last one is reused.
    const isRepeated = same !== undefined && org !== undefined && name === last
    const roleTable = isRepeated ? same : findRoleTable(compiled, name, org, settings, mode.path, i, problems)
    if (roleTable === undefined) continue
    if (roleTable !== same) {
      last = name
      same = settings === undefined && isAlikeEverywhere(compiled, name, roleTable) ? roleTable : undefined
    }
    if (org === undefined || roleTable.reachesSite) site = compiled.roleTables.gather(site, roleTable)
    if (org === undefined) continue
    const before = orgs.get(org)
    if (before === undefined && alone.members[0] !== roleTable) alone = unite(empty, roleTable)
    orgs.set(org, before === undefined ? alone : compiled.roleTables.gather(before, roleTable))
  }
  return { site, orgs: orgs.size === 0 ? noOrgs : orgs }
}

/** Whether this table is the same in every organization: that of a shipped organization role without settings. */
function isAlikeEverywhere(compiled: CompiledPolicy, name: string, roleTable: RoleTable): boolean {
  const role = compiled.roles.shipped.get(name)
  return role?.kind === 'org' && role.byDefault === roleTable
}

/** The own keys of a role given as a record; `undefined` if it is not a record. */
function readHeld(
  entry: unknown,
  i: number,
  mode: ReadMode,
  problems: RequestProblems
): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(entry)) return undefined
  const held = ownFields(entry, roleKeys)
  if (held !== entry) problems.addInherited([...mode.path, 'roles', i], entry, roleKeys)
  return held
}

function roleName(
  held: Readonly<Record<string, unknown>> | undefined,
  entry: unknown,
  i: number,
  mode: ReadMode,
  problems: RequestProblems
): string | undefined {
  const role = held?.['role']
  if (!isRecord(entry) || typeof role !== 'string') {
    problems.addShape([...mode.path, 'roles', i], 'a role, or `{ role, org }`', entry)
    return undefined
  }
  if (mode.isOutside)
    for (const key of Object.keys(entry))
      if (!roleKeys.has(key)) problems.addUnknownKey([...mode.path, 'roles', i], key, roleKeys)
  return role
}

function roleOrg(
  held: Readonly<Record<string, unknown>> | undefined,
  i: number,
  mode: ReadMode,
  problems: RequestProblems
): string | undefined {
  const org = held?.['org']
  if (typeof org === 'string') return org === '' ? undefined : org
  if (org !== undefined && org !== null)
    problems.addShape([...mode.path, 'roles', i, 'org'], 'an organization', org)
  return undefined
}

function findRoleTable(
  compiled: CompiledPolicy,
  name: string,
  org: string | undefined,
  settings: Settings | undefined,
  path: Path,
  i: number,
  problems: RequestProblems
): RoleTable | undefined {
  const role = findRole(compiled.roles, name, org)
  if (role === undefined) {
    problems.addUnknown('unknown_role', [...path, 'roles', i], 'role', name, compiled.roles.shipped)
    return undefined
  }
  if (role.kind === 'org' && org === undefined) {
    problems.add(
      'role_needs_org',
      [...path, 'roles', i],
      `${quoteValue(name)} is an organization role; give \`{ role, org }\``,
      name
    )
    return undefined
  }
  if (role.kind === 'site' && org !== undefined) {
    problems.add('role_takes_no_org', [...path, 'roles', i], `${quoteValue(name)} is a site role`, name)
    return undefined
  }
  const given = org === undefined ? undefined : settings?.get(org)
  if (given === undefined && role.byDefault !== undefined) return role.byDefault
  return roleTableUnder(compiled, role, given, [...path, 'roles', i], problems)
}

function roleTableUnder(
  compiled: CompiledPolicy,
  role: CompiledRole,
  given: ReadonlyMap<string, OptionValue> | undefined,
  path: Path,
  problems: RequestProblems
): RoleTable | undefined {
  const values: OptionValue[] = []
  for (const option of role.reads) {
    const value = given?.get(option) ?? compiled.context.orgOptions.get(option)?.default
    if (value !== undefined) values.push(value)
    else
      problems.add(
        'missing_option',
        path,
        `role ${quoteValue(role.name)} reads the option ${quoteValue(option)}`,
        option
      )
  }
  return values.length === role.reads.length ? role.under(values) : undefined
}
