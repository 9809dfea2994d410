// Adds a ceiling to a subject, as for the session of an API key. It only narrows, whatever ceilings there are already.
import { readCeiling, ReadyCeiling, type Ceiling } from './ceiling.js'
import { RequestProblems, shapeError } from '../problems/request-problems.js'
import type { CeilingInput } from '../types.js'
import type { SubjectState } from './state.js'
import { isRecord } from '../problems/plain.js'

const path = ['ceiling']
const ceilingKeys = new Set(['scopes', 'allowList'])

/**
 * The subject with one more ceiling.
 *
 * @throws RequestError `invalid_request` for a ceiling with neither key, with an unknown one, or with `null` or
 * `undefined` in place of a list; the codes of scopes, templates and allow lists for what they hold.
 */
export function narrow(state: SubjectState, given: CeilingInput): SubjectState {
  if (!isRecord(given)) throw shapeError(['ceiling'], 'a ceiling, `{ scopes, allowList }`', given)
  const ceiling = ReadyCeiling.of(given, state.compiled) ?? readGiven(state, given)
  const { compiled, id, system, site, orgs, groups, ceilings } = state
  return { compiled, id, system, site, orgs, groups, ceilings: [...ceilings, ceiling] }
}

function readGiven(state: SubjectState, given: Readonly<Record<string, unknown>>): Ceiling {
  const problems = new RequestProblems()
  for (const key of Object.keys(given))
    if (!ceilingKeys.has(key)) problems.addUnknownKey(path, key, ceilingKeys)
  problems.addInherited(path, given, ceilingKeys)
  const ceiling = readCeiling(given, path, state.compiled, problems)
  problems.throwFirst()
  if (ceiling === undefined) throw shapeError(['ceiling'], '`scopes`, `allowList` or both', given)
  return ceiling
}
