// The request that two policies answer differently. Every request that this file returns was asked of both policies
// again, from its data and under its options.
import type { CompiledPolicy } from '../compile/compile.js'
import { addRoles, findRole, shippedRoles, type RoleIndex } from '../compile/role-index.js'
import {
  compileRole,
  includedRoles,
  optionsRead,
  type RoleTable,
  type CompiledRole
} from '../compile/roles.js'
import { createUnions } from '../compile/tables.js'
import type { DecidingSubject } from '../decide/subject.js'
import type { ObjectRef, TemplateScope, OptionValue } from '../types.js'
import {
  readSubjectData,
  type RequestData,
  type RoleData,
  type SubjectData
} from '../verify/space/requests.js'
import { valueIn, type Values } from '../verify/space/settings.js'
import type { Comparing } from './role-cases.js'
import { chosenOf, valuesIn } from './choices.js'
import {
  both,
  isAllowed,
  type AskedPermission,
  type Direction,
  type OldNewSubject,
  type Side
} from './sides.js'
import { CountedProblems } from './counted-problems.js'

/** A request and the options under which it is asked. */
export interface Witness {
  readonly witness: RequestData
  readonly options: Values
}

export interface Asking {
  readonly subject: SubjectData
  readonly object: ObjectRef
  /** Keys of choices. */
  readonly options: Values
  /** The scopes of a key, where the subject has one. */
  readonly scopes?: readonly (string | TemplateScope)[]
  readonly allowList?: readonly string[]
}

/** Asks both policies a request and returns it; `undefined` if they do not answer differently. */
export function askBoth(
  comparing: Comparing,
  asked: AskedPermission,
  direction: Direction,
  { subject, object, options, scopes, allowList }: Asking
): Witness | undefined {
  const data: SubjectData = {
    ...subject,
    ...(scopes === undefined ? {} : { scopes }),
    ...(allowList === undefined ? {} : { allowList })
  }
  const subjects: OldNewSubject = both((side) => readUnder(comparing, side, data, options))
  const permission = asked.in[direction.allowing]
  if (
    permission === undefined ||
    !isAllowed(subjects[direction.allowing], permission, object) ||
    isAllowed(subjects[direction.refusing], asked.in[direction.refusing], object)
  )
    return undefined
  const given = chosenOf(options, comparing.options).flatMap(([name, { given: value }]) =>
    value === undefined ? [] : [[name, value] as const]
  )
  return {
    witness: { subject: data, action: permission.action, object },
    options: Object.fromEntries(given)
  }
}

/** The subject as a policy reads it from data, under the deployment's options; none where it is an error there. */
function readUnder(
  { policies, options, work }: Comparing,
  side: Side,
  data: SubjectData,
  chosen: Values
): DecidingSubject | undefined {
  const values = valuesIn(side, chosen, options)
  const held = 'roles' in data ? data.roles : []
  work.spend(500 + 500 * held.length, () => ({ about: 'the policies', names: [] }))
  return readSubjectData(compiledFor(policies[side], values, held), data, new CountedProblems())
}

/** The policy under other options, with only the roles that a subject holds compiled. */
function compiledFor(compiled: CompiledPolicy, values: Values, held: readonly RoleData[]): CompiledPolicy {
  if (Object.entries(values).every(([name, value]) => compiled.options.get(name) === value)) return compiled
  const found = held.flatMap((data) => {
    if (typeof data === 'string') return findRole(compiled.roles, data, undefined) ?? []
    const [kind, id] = Object.entries(data).find(([key]) => key !== 'role') ?? []
    return findRole(compiled.roles, data.role, id, kind) ?? []
  })
  // These are the only options that matter.
  const read = optionsRead(
    found.flatMap(({ document }) => [document, ...includedRoles(document, compiled.context.shipped).values()])
  )
  const options = new Map<string, OptionValue>()
  for (const name of read) {
    const value = valueIn(values, name) ?? compiled.options.get(name)
    if (value !== undefined) options.set(name, value)
  }
  const context = { ...compiled.context, options }
  const shipped = new Map<string, CompiledRole>()
  let roles: RoleIndex = shippedRoles(shipped)
  for (const { name, document, place, isCustom } of found)
    if (isCustom) roles = addRoles(roles, { [name]: document }, place, context, document.kind)
    else shipped.set(name, compileRole(name, document, ['roles', name], context))
  const roleTables = createUnions<RoleTable>(compiled.catalogue.permissions.length)
  return { ...compiled, options, context, roles, roleTables }
}
