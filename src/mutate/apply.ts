// Compiles a mutant: only the part that it changes is compiled again, and what includes it. Everything else is shared
// with the policy, so that thousands of mutants are cheap.
import { compileSystemSubject, type CompiledPolicy } from '../compile/compile.js'
import { OverlaidMap } from '../compile/overlaid-map.js'
import { addRoles, listRoles, type RoleIndex } from '../compile/role-index.js'
import { compileRole, includedRoles, type CompiledRole, type RoleTable } from '../compile/roles.js'
import { compileChangedScopes } from '../compile/changed-scopes.js'
import type { CompiledScope } from '../compile/scopes.js'
import { createUnions } from '../compile/tables.js'
import type { PolicyData } from '../document/types.js'
import { compileAgain } from '../verify/space/settings.js'
import type { MutatedPart } from './types.js'

/** The roles that include others: listed once for all mutants of a policy. */
export function includingRoles({ roles }: CompiledPolicy): readonly CompiledRole[] {
  return listRoles(roles).filter(({ document }) => document.includes !== undefined)
}

/**
 * The compiled policy with a part as a changed document has it. The document must be valid and differ in nothing else.
 * `including` has the policy's roles that include others.
 */
export function applyPart(
  compiled: CompiledPolicy,
  part: MutatedPart,
  document: PolicyData,
  including: readonly CompiledRole[] = includingRoles(compiled)
): CompiledPolicy {
  if (part.kind === 'document') return { ...compiled, document }
  // Where objects may be is part of the catalogue, which everything else is numbered by.
  // What a default changes is in the tables of every role that reads the setting.
  if (part.kind === 'resource' || part.kind === 'setting') return compileAgain(compiled, document)
  const { catalogue, context } = compiled
  const size = catalogue.permissions.length
  const mutated: CompiledPolicy = {
    ...compiled,
    document,
    roleTables: createUnions<RoleTable>(size),
    ceilings: createUnions<CompiledScope>(size)
  }
  if (part.kind === 'scope') return { ...mutated, scopes: compileChangedScopes(document, compiled) }
  if (part.kind === 'role') {
    const changed = { ...context, shipped: document.roles ?? {} }
    const role = ownValue(document.roles, part.name)
    const made = new Map([[part.name, compileRole(part.name, role, ['roles', part.name], changed)]])
    let roles: RoleIndex = { ...compiled.roles, shipped: new OverlaidMap(compiled.roles.shipped, made) }
    // Roles that include it have its votes.
    for (const { name, document: other, isCustom, place, kind } of including) {
      if (!includedRoles(other, changed.shipped).has(part.name)) continue
      if (isCustom) roles = addRoles(roles, { [name]: other }, place, changed, kind)
      else made.set(name, compileRole(name, other, ['roles', name], changed))
    }
    return { ...mutated, context: changed, roles }
  }
  const made = compileSystemSubject(part.name, ownValue(document.systemSubjects, part.name), catalogue)
  return { ...mutated, systemSubjects: new Map(compiled.systemSubjects).set(part.name, made) }
}

function ownValue<T>(record: Readonly<Record<string, T>> | undefined, name: string): T {
  const value = record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
  if (value === undefined) throw new TypeError(`a mutant of ${name}, which the document does not have`)
  return value
}
