// A mutant's compiled form: the policy's own, with the one part compiled again that the mutant changes. Everything else
// is shared, so that a thousand mutants cost little more than their parts.
import { compileSystemSubject, type CompiledPolicy } from '../compile/compile.js'
import { compileRole, type Ballot } from '../compile/roles.js'
import { compileScopes, type CompiledScope } from '../compile/scopes.js'
import { createUnions } from '../compile/tables.js'
import type { PolicyShape } from '../document/types.js'
import { compileAgain } from '../verify/space/settings.js'
import type { MutatedPart } from './types.js'

/** The engine with a part as a changed document has it. The document must be valid and differ in nothing else. */
export function applyPart(engine: CompiledPolicy, part: MutatedPart, document: PolicyShape): CompiledPolicy {
  if (part.of === 'document') return { ...engine, document }
  // Where objects may be is part of the catalogue, which everything else is numbered by.
  if (part.of === 'resource') return compileAgain(engine, document)
  const { catalogue, context } = engine
  const size = catalogue.permissions.length
  const mutated: CompiledPolicy = {
    ...engine,
    document,
    ballots: createUnions<Ballot>(size),
    ceilings: createUnions<CompiledScope>(size)
  }
  if (part.of === 'scope') return { ...mutated, scopes: compileScopes(document, engine.lists) }
  if (part.of === 'role') {
    const role = ownValue(document.roles, part.name)
    const compiled = compileRole(part.name, role, ['roles', part.name], context)
    const shipped = new Map(engine.roles.shipped).set(part.name, compiled)
    return { ...mutated, roles: { ...engine.roles, shipped } }
  }
  const compiled = compileSystemSubject(part.name, ownValue(document.systemSubjects, part.name), catalogue)
  return { ...mutated, systemSubjects: new Map(engine.systemSubjects).set(part.name, compiled) }
}

function ownValue<T>(record: Readonly<Record<string, T>> | undefined, name: string): T {
  const value = record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
  if (value === undefined) throw new TypeError(`a mutant of ${name}, which the document does not have`)
  return value
}
