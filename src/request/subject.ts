// A subject as given → its state. Adds everything that is wrong to `problems`; the result must then not be used. This
// one function reads subjects in process and from outside; from outside, unknown keys of roles are problems too.
import { readCeiling } from './ceiling.js'
import { readRoles, type ReadMode } from './held-roles.js'
import type { Settings } from './role-table.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { ownFields } from '../problems/own-fields.js'
import { type RequestProblems } from '../problems/request-problems.js'
import { noCeilings, noGroups, type SubjectState } from './state.js'
import { isPlainObject, isRecord } from '../problems/plain.js'
import type { OptionValue } from '../types.js'
import type { Path } from '../problems/path.js'

const subjectKeys = new Set(['id', 'roles', 'groups', 'orgOptions', 'scopes', 'allowList', 'onlyOrgs'])

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
  const { site, orgs, containers } = readRoles(compiled, field(own, 'roles', mode), settings, mode, problems)
  const groups = readGroups(field(own, 'groups', mode), path, problems)
  const ceiling = readCeiling(own, path, compiled, problems)
  const ceilings = ceiling === undefined ? noCeilings : [ceiling]
  return { compiled, id, system: undefined, site, orgs, containers, groups, ceilings }
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
