// From what a caller gives to what decisions read, throwing the first problem: subjects, system subjects, permissions.
import type { CompiledPermission, Permission } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { RequestProblems } from '../problems/request-problems.js'
import { readSubject } from './subject.js'
import { systemState, type SubjectState } from './state.js'

/** @throws RequestError for what is wrong with the subject, shape first. */
export function subjectState(engine: CompiledPolicy, input: unknown): SubjectState {
  const problems = new RequestProblems()
  const state = readSubject(engine, input, { path: [], isOutside: false }, problems)
  problems.throwFirst()
  if (state === undefined) throw new TypeError('a subject without problems was not read')
  return state
}

/** @throws RequestError `unknown_system_subject`; `invalid_request` where the name is no text. */
export function systemSubjectState(engine: CompiledPolicy, name: unknown): SubjectState {
  const problems = new RequestProblems()
  const state = readSystemSubject(engine, name, [], problems)
  problems.throwFirst()
  if (state === undefined) throw new TypeError('a system subject without problems was not read')
  return state
}

export function readSystemSubject(
  engine: CompiledPolicy,
  name: unknown,
  path: readonly (string | number)[],
  problems: RequestProblems
): SubjectState | undefined {
  if (typeof name !== 'string') {
    problems.addShape(path, 'the name of a system subject', name)
    return undefined
  }
  const system = engine.systemSubjects.get(name)
  if (system !== undefined) return systemState(engine, system)
  problems.addUnknown('unknown_system_subject', path, 'system subject', name, engine.systemSubjects)
  return undefined
}

/**
 * A permission as callers hold it.
 *
 * @throws RequestError like `findPermission`.
 */
export function resolvePermission(engine: CompiledPolicy, action: unknown, type: unknown): Permission {
  const permission = findPermission(engine, action, type)
  return engine.catalogue.given[permission.index] ?? permission
}

/** @throws RequestError `unknown_resource`, `unknown_action`; `invalid_request` where a name is no text. */
export function findPermission(engine: CompiledPolicy, action: unknown, type: unknown): CompiledPermission {
  const { resources } = engine.catalogue
  const problems = new RequestProblems()
  if (typeof type !== 'string') problems.addShape(['type'], 'the name of a resource', type)
  if (typeof action !== 'string') problems.addShape(['action'], 'the name of an action', action)
  if (typeof type === 'string' && typeof action === 'string') {
    const resource = resources.get(type)
    const permission = resource?.actions.get(action)
    if (permission !== undefined) return permission
    if (resource === undefined) problems.addUnknown('unknown_resource', ['type'], 'resource', type, resources)
    else problems.addUnknownAction(['action'], action, resource)
  }
  throw problems.toError()
}
