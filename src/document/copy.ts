// Copies an unknown value: a deep-frozen copy of plain data, or the problems that keep it from being plain data. The
// limits bound time and memory, whatever the value refers to and however often.
import type { Problems } from '../problems/problems.js'
import { quoteValue } from '../problems/quote.js'
import type { Path } from '../problems/path.js'
import { faultOfText } from '../problems/unicode.js'

/** Limits on a document; exceeding one is a problem, found before anything else is checked. */
export interface DocumentLimits {
  /** Size in bytes of a text; of a value, its nodes plus the characters of its keys and texts. Default: 1 MiB. */
  readonly maxBytes?: number | undefined
  /** Levels of nesting, the document itself being the first. Default: 64. */
  readonly maxDepth?: number | undefined
}

/** Far above any real policy: one of 200 resources, 2,000 permissions and 100 roles takes a tenth. */
export const defaultMaxBytes: number = 1024 * 1024
/** A value of a condition in a variant is 12 levels deep. */
export const defaultMaxDepth = 64

interface Copying {
  readonly maxDepth: number
  readonly problems: Problems
  readonly parents: Set<object>
  readonly path: (string | number)[]
  left: number
  isStopped: boolean
}

/**
 * A deep-frozen copy of the own enumerable properties of plain records and lists; `__proto__` stays an ordinary key.
 * Adds what JSON cannot express to `problems` and leaves it out, and texts and keys that UTF-8 cannot hold. A value that is too large or too deep is one problem,
 * and the copy ends there. A property whose value is `undefined` counts as missing.
 */
export function copyPlainData(input: unknown, limits: DocumentLimits, problems: Problems): unknown {
  return copyValue(input, {
    maxDepth: limits.maxDepth ?? defaultMaxDepth,
    problems,
    parents: new Set(),
    path: [],
    left: limits.maxBytes ?? defaultMaxBytes,
    isStopped: false
  })
}

function copyValue(value: unknown, state: Copying): unknown {
  if (!spend(state, typeof value === 'string' ? value.length + 1 : 1)) return undefined
  if (typeof value === 'string') checkText(state, value)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value !== 'object') {
    refuse(state, value)
    return undefined
  }
  if (state.parents.has(value)) {
    state.problems.add('document_has_cycle', state.path, 'a value that contains itself')
    return undefined
  }
  if (state.parents.size >= state.maxDepth) {
    stop(state, 'document_too_deep', state.path, `nested deeper than ${state.maxDepth} levels`)
    return undefined
  }
  state.parents.add(value)
  const copy = Array.isArray(value) ? copyList(value, state) : copyRecord(value, state)
  state.parents.delete(value)
  return copy
}

function copyList(list: readonly unknown[], state: Copying): readonly unknown[] {
  const copy: unknown[] = []
  for (let index = 0; index < list.length && !state.isStopped; index++) {
    state.path.push(index)
    const isHole = !Object.hasOwn(list, index)
    if (isHole) state.problems.add('not_plain_data', state.path, 'a list with holes is not plain data')
    else copy.push(copyValue(list[index], state))
    state.path.pop()
    // Report one hole only: there can be four billion.
    if (isHole) break
  }
  return Object.freeze(copy)
}

function copyRecord(record: object, state: Copying): unknown {
  const prototype: unknown = Object.getPrototypeOf(record)
  if (prototype !== null && !isObjectPrototype(prototype)) {
    refuse(state, record)
    return undefined
  }
  const copy = {}
  for (const key of Object.keys(record)) {
    if (state.isStopped || !spend(state, key.length)) break
    const property = Object.getOwnPropertyDescriptor(record, key)
    if (property === undefined || ('value' in property && property.value === undefined)) continue
    state.path.push(key)
    checkText(state, key)
    let value: unknown
    if ('value' in property) value = copyValue(property.value, state)
    else refuse(state, 'a getter')
    Object.defineProperty(copy, key, { value, enumerable: true })
    state.path.pop()
  }
  for (const symbol of Object.getOwnPropertySymbols(record)) {
    if (Object.prototype.propertyIsEnumerable.call(record, symbol)) refuse(state, symbol)
  }
  return Object.freeze(copy)
}

/** Whether this is `Object.prototype`, of any realm: a document may come from another window or a test sandbox. */
function isObjectPrototype(prototype: unknown): boolean {
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'hasOwnProperty')
  )
}

function spend(state: Copying, cost: number): boolean {
  if (state.isStopped) return false
  state.left -= cost
  if (state.left >= 0) return true
  stop(state, 'document_too_large', [], 'the document is larger than the limit')
  return false
}

function stop(
  state: Copying,
  code: 'document_too_large' | 'document_too_deep',
  path: Path,
  message: string
): void {
  state.isStopped = true
  state.problems.add(code, path, message)
}

/** Adds half of a surrogate pair, in a value or a key: written as UTF-8, two such names become the same. */
function checkText({ problems, path }: Copying, text: string): void {
  const fault = faultOfText(text)
  if (fault !== undefined) problems.add('not_plain_data', path, fault, text)
}

function refuse(state: Copying, value: unknown): void {
  state.problems.add('not_plain_data', state.path, `${quoteValue(value)} is not plain data`, value)
}
