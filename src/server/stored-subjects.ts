// A store of subjects from text: one subject of `docs/semantics.md` a line. All of it is read under one policy, or none of
// it: a store never has a part of what it should have.
import type { Names } from '../document/index.js'
import { RequestError } from '../errors.js'
import { parseSubject } from '../policy/parse.js'
import type { Policy, Subject } from '../policy/types/index.js'
import { quoteValue } from '../problems/quote.js'
import { parseJson } from '../text/json.js'
import type { Store } from './types.js'

/** A store of subjects that were read from text. */
export interface SubjectStore extends Required<Store> {
  /** How many there are. */
  readonly size: number
}

/** What entities the subjects of a store are. */
export interface StoredSubjectsSettings {
  /** The types of AuthZEN subjects that are looked up. Default: `user` alone. */
  readonly types?: readonly string[] | undefined
}

/**
 * Reads the lines of an NDJSON file into a store that also lists its subjects, by id. Blank lines are skipped.
 *
 * @throws RequestError with the number of the first line that is no subject of the policy, or whose id was there before.
 */
export function storedSubjects<N extends Names>(
  policy: Policy<N>,
  text: string,
  settings?: StoredSubjectsSettings
): SubjectStore
export function storedSubjects(
  policy: Policy,
  text: string,
  { types = ['user'] }: StoredSubjectsSettings = {}
): SubjectStore {
  const subjects = readLines(policy, text)
  const ids = [...subjects.keys()].sort()
  const isType = new Set(types)
  return {
    size: subjects.size,
    find: ({ type, id }) => (isType.has(type) ? subjects.get(id) : undefined),
    list: (type, after) =>
      isType.has(type) ? ids.slice(after === undefined ? 0 : placeAfter(ids, after)) : []
  }
}

function readLines(policy: Policy, text: string): ReadonlyMap<string, Subject> {
  const subjects = new Map<string, Subject>()
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue
    const subject = readLine(policy, line, index + 1)
    if (subjects.has(subject.id))
      throw faultOf(index + 1, `the subject ${quoteValue(subject.id)} is there twice`)
    subjects.set(subject.id, subject)
  }
  return subjects
}

function readLine(policy: Policy, line: string, number: number): Subject {
  const json = parseJson(line)
  if (!json.ok) throw faultOf(number, json.message)
  const parsed = parseSubject(policy, json.value)
  if (parsed.ok) return parsed.value
  throw faultOf(number, parsed.problems[0]?.message ?? 'not a subject')
}

function faultOf(line: number, message: string): RequestError {
  return new RequestError('invalid_request', `line ${line}: ${message}`, { path: `[${line - 1}]` })
}

/** Where the ids begin that come after one. */
function placeAfter(ids: readonly string[], after: string): number {
  let [low, high] = [0, ids.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ids[middle] ?? '') <= after) low = middle + 1
    else high = middle
  }
  return low
}
