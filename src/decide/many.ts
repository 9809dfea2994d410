// Many questions at once. One malformed element throws an error that names it, and there are no answers.
import type { Permission } from '../compile/catalogue.js'
import { RequestError } from '../errors.js'
import { hasFields, ownField, rowField } from '../problems/own-fields.js'
import { RequestProblems, shapeError } from '../problems/request-problems.js'
import type { ObjectRef } from '../types.js'
import { explain } from './explain.js'
import { knownPermission } from '../request/question.js'
import type { SubjectState } from '../request/state.js'
import { formatPath } from '../problems/path.js'
import { isRecord } from '../problems/plain.js'

/** Questions by names that the caller chooses. */
export type Questions<K extends string = string> = Readonly<
  Record<K, { readonly action: string | Permission; readonly object: ObjectRef }>
>

/** Answers one question. */
interface Decider {
  can(action: string | Permission, object: ObjectRef): boolean
}

/**
 * The rows whose object the subject may act on, in their order. A row is itself the object, unless `toObject` is given.
 */
export function filterRows<T>(
  subject: Decider,
  state: SubjectState,
  action: string | Permission,
  rows: readonly T[],
  toObject: (row: T) => ObjectRef = asObject
): T[] {
  const isList: boolean = Array.isArray(rows)
  if (!isList) throw shapeError(['rows'], 'a list of rows', rows)
  if (rows.length === 0) requireAction(state, action)
  const kept: T[] = []
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as T
    // Outside of `canAt`, so that an error of the caller's own code reaches the caller unchanged.
    const object = toObject(row)
    if (canAt(subject, action, object, 'rows', at)) kept.push(row)
  }
  return kept
}

/** Throws for an action that no resource has, also where there are no rows to ask about. */
function requireAction({ compiled }: SubjectState, action: unknown): void {
  const problems = new RequestProblems()
  const { columns } = compiled.catalogue.grid
  if (typeof action === 'string') {
    if (!columns.has(action)) problems.addUnknown('unknown_action', ['action'], 'action', action, columns)
  } else if (knownPermission(compiled, action) === undefined)
    problems.addShape(['action'], 'an action', action)
  problems.throwFirst()
}

/** One answer per name, in a new record. */
export function canEach<K extends string>(subject: Decider, questions: Questions<K>): Record<K, boolean>
export function canEach(subject: Decider, questions: Questions): Record<string, boolean> {
  if (!isRecord(questions)) throw shapeError(['questions'], 'a record of questions', questions)
  // `fromEntries` defines keys, so it keeps `__proto__`.
  return Object.fromEntries(
    Object.entries<unknown>(questions).map(([name, question]) => {
      if (!isRecord(question)) throw shapeError([name], 'a question, `{ action, object }`', question)
      const { action, object } = readEntry(question)
      return [name, canAt(subject, action, object, name)]
    })
  )
}

/** Reads both without a check: `can` refuses wrong values. */
function readEntry(question: Readonly<Record<string, unknown>>): Questions[string] {
  return { action: ownField(question, 'action'), object: ownField(question, 'object') } as Questions[string]
}

/** The actions that the subject may do on an object, in catalogue order. */
export function actionsOn(subject: Decider, state: SubjectState, object: ObjectRef): string[] {
  const type = hasFields(object) ? rowField(object, 'type') : undefined
  const resource = typeof type === 'string' ? state.compiled.catalogue.resources.get(type) : undefined
  // Without a known type there are no actions; this call throws the error for the object.
  if (resource === undefined) return [explain(state, '', object).action]
  return [...resource.actions.keys()].filter((action) => subject.can(action, object))
}

/** The row itself as the object; `can` refuses it if it is not one. */
function asObject(row: unknown): ObjectRef {
  return row as ObjectRef
}

/** Answers; puts the path of the element before the path of a `RequestError`. Other errors pass unchanged. */
function canAt(
  subject: Decider,
  action: string | Permission,
  object: ObjectRef,
  ...path: readonly (string | number)[]
): boolean {
  try {
    return subject.can(action, object)
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    const where = formatPath(path)
    throw new RequestError(error.code, `${where}.${error.message}`, {
      path: `${where}.${error.path}`,
      value: error.value,
      hint: error.hint
    })
  }
}
