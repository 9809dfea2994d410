// Many questions at once. One bad element throws and is named; the others are not answered then.
import type { Permission } from '../compile/catalogue.js'
import { formatPath } from '../document/suggest.js'
import { RequestError } from '../errors.js'
import { hasFields, isRecord, shapeError } from '../request-problems.js'
import type { ObjectRef } from '../types.js'
import { explain } from './explain.js'
import type { SubjectState } from './state.js'

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
  action: string | Permission,
  rows: readonly T[],
  toObject: (row: T) => ObjectRef = asObject
): T[] {
  const isList: boolean = Array.isArray(rows)
  if (!isList) throw shapeError(['rows'], 'a list of rows', rows)
  const kept: T[] = []
  let at = 0
  try {
    for (const row of rows) {
      if (subject.can(action, toObject(row))) kept.push(row)
      at++
    }
  } catch (error) {
    throw located(error, ['rows', at])
  }
  return kept
}

/** One answer a name, in a record without prototype. */
export function canEach<K extends string>(subject: Decider, questions: Questions<K>): Record<K, boolean> {
  if (!isRecord(questions)) throw shapeError(['questions'], 'a record of questions', questions)
  const answers: Record<string, boolean> = Object.create(null) as Record<string, boolean>
  for (const [name, question] of Object.entries<Questions[string]>(questions)) {
    if (!isRecord(question)) throw shapeError([name], 'a question, `{ action, object }`', question)
    try {
      answers[name] = subject.can(question.action, question.object)
    } catch (error) {
      throw located(error, [name])
    }
  }
  return answers
}

/** The actions that the subject may do on an object, in catalogue order. */
export function actionsOn(subject: Decider, state: SubjectState, object: ObjectRef): string[] {
  const resource = hasFields(object) ? state.engine.catalogue.resources.get(object.type) : undefined
  // An object of no known type has no actions to ask about: asking about any one names what is wrong with it.
  if (resource === undefined) return [explain(state, '', object).action]
  return [...resource.actions.keys()].filter((action) => subject.can(action, object))
}

/** A row that is its own object; `can` refuses what is not one. */
function asObject(row: unknown): ObjectRef {
  return row as ObjectRef
}

/** The error with the element it is about before its path; what casemate did not throw stays as it is. */
function located(error: unknown, path: readonly (string | number)[]): unknown {
  if (!(error instanceof RequestError)) return error
  const where = formatPath(path)
  return new RequestError(error.code, `${where}.${error.message}`, {
    path: `${where}.${error.path}`,
    value: error.value,
    hint: error.hint
  })
}
