// Reads subjects, system subjects and permissions that a caller gives in process, and throws the first problem.
import type { CompiledPermission, Permission } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { RequestProblems } from '../problems/request-problems.js'
import { readSubject } from './subject.js'
import { systemState, type SubjectState } from './state.js'

/** @throws RequestError for what is wrong with the subject, shape first. */
export function subjectState(compiled: CompiledPolicy, input: unknown): SubjectState {
  const problems = new RequestProblems()
  const state = readSubject(compiled, input, { path: [], isOutside: false }, problems)
  problems.throwFirst()
  if (state === undefined) throw new TypeError('a subject without problems was not read')
  return state
}

/** @throws RequestError `unknown_system_subject`; `invalid_request` where the name is not a text. */
export function systemSubjectState(compiled: CompiledPolicy, name: unknown): SubjectState {
  const problems = new RequestProblems()
  const state = readSystemSubject(compiled, name, [], problems)
  problems.throwFirst()
  if (state === undefined) throw new TypeError('a system subject without problems was not read')
  return state
}

export function readSystemSubject(
  compiled: CompiledPolicy,
  name: unknown,
  path: readonly (string | number)[],
  problems: RequestProblems
): SubjectState | undefined {
  if (typeof name !== 'string') {
    problems.addShape(path, 'the name of a system subject', name)
    return undefined
  }
  const system = compiled.systemSubjects.get(name)
  if (system !== undefined) return systemState(compiled, system)
  problems.addUnknown('unknown_system_subject', path, 'system subject', name, compiled.systemSubjects)
  return undefined
}

/**
 * A permission as callers get it.
 *
 * @throws RequestError like `findPermission`.
 */
export function resolvePermission(compiled: CompiledPolicy, action: unknown, type: unknown): Permission {
  const permission = findPermission(compiled, action, type)
  return compiled.catalogue.given[permission.index] ?? permission
}

/** @throws RequestError `unknown_resource`, `unknown_action`; `invalid_request` where a name is not a text. */
export function findPermission(compiled: CompiledPolicy, action: unknown, type: unknown): CompiledPermission {
  const { resources } = compiled.catalogue
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
