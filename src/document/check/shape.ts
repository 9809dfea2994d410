// Checks a document against the schema and turns each zod issue into a problem of ours.
import type { core, ZodType } from 'zod'
import { originalKey, renameProtoKeys } from '../proto-keys.js'
import { fieldOf } from '../read.js'
import { knownKeys } from '../schema.js'
import type { Problems } from '../../problems/problems.js'
import { formatPath, type Path } from '../../problems/path.js'
import { quoteValue } from '../../problems/quote.js'

type Issue = core.$ZodIssue

/** Whether a document has the right shape. Adds its problems, except at paths that already have one. */
export function checkShape<T>(schema: ZodType<T>, document: unknown, problems: Problems): document is T {
  const { error } = schema.safeParse(renameProtoKeys(document))
  const reported = new Set(problems.list.map(({ path }) => path))
  const isReported = (path: Path): boolean => reported.size > 0 && reported.has(formatPath(path))
  for (const issue of error?.issues ?? []) addIssue(issue, [], document, problems, isReported)
  return error === undefined
}

function addIssue(
  issue: Issue,
  base: Path,
  document: unknown,
  problems: Problems,
  isReported: (path: Path) => boolean
): void {
  const path = [...base, ...issue.path.map(toSegment)]
  if (isReported(path)) return
  const value = valueAt(document, path)
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.message)
    for (const key of issue.keys.map(originalKey)) {
      problems.addUnknown('unknown_key', [...path, key], 'key', key, known)
    }
  } else if (issue.code === 'invalid_union') {
    const inside = nearestBranch(issue.errors)
    if (inside === undefined) addWrongType(issue.message, value, path, problems)
    else for (const nested of inside) addIssue(nested, path, document, problems, isReported)
  } else if (issue.code === 'invalid_type') {
    addWrongType(`expected ${kinds.get(issue.expected) ?? issue.expected}`, value, path, problems)
  } else if (issue.code === 'invalid_value') addWrongValue(issue.values, value, path, problems)
  else problems.add('invalid_value', path, issue.message, value)
}

/**
 * What a branch found inside a value of its type: of the branch with the fewest faults, the first of equals. `undefined`
 * where no branch accepts the type of the value.
 */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  let nearest: readonly Issue[] | undefined
  for (const branch of branches) {
    const isNearer = nearest === undefined || branch.length < nearest.length
    if (isNearer && branch.every(isInside)) nearest = branch
  }
  return nearest
}

function isInside(issue: Issue): boolean {
  return issue.path.length > 0 || issue.code === 'unrecognized_keys'
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['object', 'a record'],
  ['record', 'a record'],
  ['array', 'a list'],
  ['string', 'a text'],
  ['boolean', 'true or false']
])

function addWrongType(message: string, value: unknown, path: Path, problems: Problems): void {
  if (value === undefined && path.length > 0) {
    problems.add('missing_key', path, `missing key; ${message}`)
  } else problems.add('invalid_type', path, `${message}, not ${quoteValue(value)}`, value)
}

function addWrongValue(valid: readonly unknown[], value: unknown, path: Path, problems: Problems): void {
  const message = `expected ${valid.length > 1 ? 'one of ' : ''}${valid.map(quoteValue).join(', ')}`
  if (value === undefined) {
    addWrongType(message, value, path, problems)
    return
  }
  const hint = typeof value === 'string' ? problems.suggest(value, new Set(valid.map(String))) : undefined
  problems.add('invalid_value', path, `${message}, not ${quoteValue(value)}`, value, hint)
}

function toSegment(segment: PropertyKey): string | number {
  return typeof segment === 'string'
    ? originalKey(segment)
    : typeof segment === 'number'
      ? segment
      : String(segment)
}

function valueAt(document: unknown, path: Path): unknown {
  let value = document
  for (const segment of path) {
    value =
      Array.isArray(value) && typeof segment === 'number' ? value[segment] : fieldOf(value, String(segment))
  }
  return value
}
