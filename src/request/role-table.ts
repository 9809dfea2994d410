// A role as a subject names it → its table there, or what is wrong with where it is held.
import type { CompiledPolicy } from '../compile/compile.js'
import { findRole } from '../compile/role-index.js'
import type { CompiledRole, RoleTable } from '../compile/roles.js'
import type { RequestErrorCode } from '../errors.js'
import type { Path } from '../problems/path.js'
import { quoteValue } from '../problems/quote.js'
import type { RequestProblems } from '../problems/request-problems.js'
import type { OptionValue } from '../types.js'

/** The settings of organizations, by organization. */
export type Settings = ReadonlyMap<string, ReadonlyMap<string, OptionValue>>

/** A role as a subject names it, with the places in which it says that it is held. */
interface Named {
  readonly name: string
  readonly org: string | undefined
  readonly inside: ReadonlyMap<string, string> | undefined
}

/** What the role number `i` of a subject grants and denies. */
export function findRoleTable(
  compiled: CompiledPolicy,
  name: string,
  org: string | undefined,
  settings: Settings | undefined,
  subjectPath: Path,
  i: number,
  problems: RequestProblems,
  inside?: Named['inside']
): RoleTable | undefined {
  // Nearly every role is a shipped one in its place, so for that one nothing is made.
  const shipped = inside === undefined ? compiled.roles.shipped.get(name) : undefined
  if (shipped?.byDefault !== undefined && shipped.kind === (org === undefined ? 'site' : 'org'))
    if (org === undefined || settings?.get(org) === undefined) return shipped.byDefault
  return tableOfNamed(compiled, { name, org, inside }, settings, [...subjectPath, 'roles', i], problems)
}

function tableOfNamed(
  compiled: CompiledPolicy,
  named: Named,
  settings: Settings | undefined,
  path: Path,
  problems: RequestProblems
): RoleTable | undefined {
  const role = findNamed(compiled, named)
  if (role === undefined) {
    problems.addUnknown('unknown_role', path, 'role', named.name, compiled.roles.shipped)
    return undefined
  }
  const problem = placeProblem(role, named)
  if (problem !== undefined) {
    problems.add(problem.code, path, `${quoteValue(named.name)} ${problem.message}`, named.name)
    return undefined
  }
  const given = named.org === undefined ? undefined : settings?.get(named.org)
  if (given === undefined && role.byDefault !== undefined) return role.byDefault
  return roleTableUnder(compiled, role, given, path, problems)
}

/** A shipped role, else one of the place that is named, else one of the site. */
function findNamed(
  { roles }: CompiledPolicy,
  { name, org, inside = noPlaces }: Named
): CompiledRole | undefined {
  for (const [kind, place] of inside) {
    const role = findRole(roles, name, place, kind)
    if (role?.kind === kind) return role
  }
  return findRole(roles, name, org)
}

const noPlaces: ReadonlyMap<string, string> = new Map()

interface PlaceProblem {
  readonly code: RequestErrorCode
  readonly message: string
}

/** What is wrong with where a role is held. */
function placeProblem({ kind }: CompiledRole, { org, inside = noPlaces }: Named): PlaceProblem | undefined {
  if (kind === 'org' && org === undefined)
    return { code: 'role_needs_org', message: 'is an organization role; give `{ role, org }`' }
  const isContainers = kind !== 'org' && kind !== 'site'
  if (isContainers && !inside.has(kind))
    return {
      code: 'role_needs_container',
      message: `is a ${kind} role; give \`{ role, ${kind} }\``
    }
  if (kind !== 'org' && org !== undefined)
    return {
      code: 'role_takes_no_org',
      message: kind === 'site' ? 'is a site role' : `is a ${kind} role; give \`{ role, ${kind} }\``
    }
  const other = [...inside.keys()].find((one) => one !== kind)
  if (other === undefined) return undefined
  return {
    code: 'role_takes_no_container',
    message: isContainers
      ? `is a ${kind} role and is held in no ${other}`
      : `is ${kind === 'site' ? 'a site' : 'an organization'} role and is held in no ${other}`
  }
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
