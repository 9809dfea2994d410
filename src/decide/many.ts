// Many questions at once. One bad element throws and is named; the others are not answered then.
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

/** Questions by a name of the caller's choice. */
export type Questions<K extends string = string> = Readonly<
  Record<K, { readonly action: string | Permission; readonly object: ObjectRef }>
>

/** What answers one question. */
interface Decider {
  can(action: string | Permission, object: ObjectRef): boolean
}

/** The rows whose object the subject may act on, in their order. A row is its own object unless `toObject` says. */
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
  let at = 0
  for (const row of rows) {
    // Outside of `located`: an error of the caller's own code reaches the caller as it is.
    const object = toObject(row)
    if (located(['rows', at], () => subject.can(action, object))) kept.push(row)
    at++
  }
  return kept
}

/** An action that no resource has is no question, also where there are no rows to ask about. */
function requireAction({ compiled }: SubjectState, action: unknown): void {
  const problems = new RequestProblems()
  const { columns } = compiled.catalogue.grid
  if (typeof action === 'string') {
    if (!columns.has(action)) problems.addUnknown('unknown_action', ['action'], 'action', action, columns)
  } else if (knownPermission(compiled, action) === undefined)
    problems.addShape(['action'], 'an action', action)
  problems.throwFirst()
}

/** One answer a name, in a record of the caller's own. */
export function canEach<K extends string>(subject: Decider, questions: Questions<K>): Record<K, boolean>
export function canEach(subject: Decider, questions: Questions): Record<string, boolean> {
  if (!isRecord(questions)) throw shapeError(['questions'], 'a record of questions', questions)
  // `fromEntries` defines keys, so that `__proto__` is one like any other.
  return Object.fromEntries(
    Object.entries<unknown>(questions).map(([name, question]) => {
      if (!isRecord(question)) throw shapeError([name], 'a question, `{ action, object }`', question)
      const { action, object } = readEntry(question)
      return [name, located([name], () => subject.can(action, object))]
    })
  )
}

/** Both are read by `can`, which refuses what they must not be. */
function readEntry(question: Readonly<Record<string, unknown>>): Questions[string] {
  return { action: ownField(question, 'action'), object: ownField(question, 'object') } as Questions[string]
}

/** The actions that the subject may do on an object, in catalogue order. */
export function actionsOn(subject: Decider, state: SubjectState, object: ObjectRef): string[] {
  const type = hasFields(object) ? rowField(object, 'type') : undefined
  const resource = typeof type === 'string' ? state.compiled.catalogue.resources.get(type) : undefined
  // An object of no known type has no actions to ask about: asking about any one names what is wrong with it.
  if (resource === undefined) return [explain(state, '', object).action]
  return [...resource.actions.keys()].filter((action) => subject.can(action, object))
}

/** A row that is its own object; `can` refuses what is not one. */
function asObject(row: unknown): ObjectRef {
  return row as ObjectRef
}

/** An answer; a `RequestError` has the element that it is about before its path, and any other error stays as it is. */
function located<T>(path: readonly (string | number)[], ask: () => T): T {
  try {
    return ask()
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
