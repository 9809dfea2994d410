// The texts in data from outside, as far as UTF-8 can hold them: two different ids that cannot be written down would
// become the same in a database or a log. Only own keys with a value are looked at, and no getter runs.
import { faultOfText } from '../problems/unicode.js'
import { hasFields } from '../problems/own-fields.js'
import type { Path } from '../problems/path.js'

/** What collects the problems: those of a question, or of a token request. */
interface TextProblems {
  add(code: 'invalid_request', path: Path, message: string, value: string): void
}

/** A request is at most six levels deep: a parameter of a template in one of its further ceilings. */
const deepest = 8

/** Adds `invalid_request` for each key and each text that has half of a surrogate pair. */
export function checkOutsideTexts(data: unknown, problems: TextProblems): void {
  walk(data, [], new Set(), problems)
}

function walk(value: unknown, path: (string | number)[], seen: Set<object>, problems: TextProblems): void {
  if (typeof value === 'string') {
    const fault = faultOfText(value)
    if (fault !== undefined) problems.add('invalid_request', path, fault, value)
    return
  }
  // Bytes hold no texts, and what is there twice is reported once.
  if (!hasFields(value) || ArrayBuffer.isView(value) || path.length > deepest || seen.has(value)) return
  seen.add(value)
  const isList = Array.isArray(value)
  for (const key of Object.keys(value)) {
    path.push(isList ? Number(key) : key)
    const fault = faultOfText(key)
    if (fault !== undefined) problems.add('invalid_request', path, fault, key)
    walk(Object.getOwnPropertyDescriptor(value, key)?.value, path, seen, problems)
    path.pop()
  }
}
