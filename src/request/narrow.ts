// Adds a ceiling to a subject, as for the session of an API key. It only narrows, whatever ceilings there are already.
import { readCeiling, ReadyCeiling, type Ceiling } from './ceiling.js'
import { RequestProblems, shapeError } from '../problems/request-problems.js'
import type { CeilingInput } from '../types.js'
import type { SubjectState } from './state.js'
import { isPlainObject, isRecord } from '../problems/plain.js'
import type { Path } from '../problems/path.js'
import type { CompiledPolicy } from '../compile/compile.js'

const path = ['ceiling']
const someKeys = '`scopes`, `allowList`, `onlyOrgs` or several of them'
const ceilingKeys = new Set(['scopes', 'allowList', 'onlyOrgs'])

/**
 * The subject with one more ceiling.
 *
 * @throws RequestError `invalid_request` for a ceiling with none of the keys, with an unknown one, or with `null` or
 * `undefined` in place of a list; the codes of scopes, templates and allow lists for what they hold.
 */
export function narrow(state: SubjectState, given: CeilingInput): SubjectState {
  if (!isRecord(given)) throw shapeError(['ceiling'], 'a ceiling, `{ scopes, allowList }`', given)
  const ceiling = ReadyCeiling.of(given, state.compiled) ?? readGiven(state, given)
  const { compiled, id, system, site, orgs, containers, groups, ceilings } = state
  return { compiled, id, system, site, orgs, containers, groups, ceilings: [...ceilings, ceiling] }
}

/** The further ceilings of a request from outside, in the order in which they are laid on the subject. */
export function readWithin(
  compiled: CompiledPolicy,
  given: unknown,
  path: Path,
  problems: RequestProblems
): readonly Ceiling[] {
  if (!Array.isArray(given)) {
    problems.addShape(path, 'a list of ceilings', given)
    return []
  }
  return given.flatMap((one: unknown, i) => {
    if (isPlainObject(one)) return readOne(compiled, one, [...path, i], problems) ?? []
    problems.addShape([...path, i], 'a ceiling, `{ scopes, allowList, onlyOrgs }`', one)
    return []
  })
}

/** Reads one ceiling; one with none of the keys is a problem of data from outside, and `undefined`. */
function readOne(
  compiled: CompiledPolicy,
  given: Readonly<Record<string, unknown>>,
  path: Path,
  problems: RequestProblems
): Ceiling | undefined {
  for (const key of Object.keys(given))
    if (!ceilingKeys.has(key)) problems.addUnknownKey(path, key, ceilingKeys)
  problems.addInherited(path, given, ceilingKeys)
  const ceiling = readCeiling(given, path, compiled, problems)
  if (ceiling === undefined) problems.addShape(path, someKeys, given)
  return ceiling
}

function readGiven(state: SubjectState, given: Readonly<Record<string, unknown>>): Ceiling {
  const problems = new RequestProblems()
  const ceiling = readOne(state.compiled, given, path, problems)
  problems.throwFirst()
  if (ceiling === undefined) throw new TypeError('a ceiling without problems was not read')
  return ceiling
}
