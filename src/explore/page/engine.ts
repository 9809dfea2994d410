// The policy that the page asks. Decisions come from `casemate/runtime`, reading the same compiled file that
// `casemate compile` writes; the compiled form beside it is what the proofs of the page are about.
import { compileDocument, type CompiledPolicy } from '../../compile/compile.js'
import { DecidingSubject } from '../../decide/subject.js'
import { isCasemateError } from '../../errors.js'
import { missingTo } from '../../missing/missing.js'
import type { Missing } from '../../missing/types.js'
import { fileOf } from '../../policy/to-compiled.js'
import { narrow } from '../../request/narrow.js'
import { subjectState, systemSubjectState } from '../../request/ask.js'
import { stateOf } from '../../request/state.js'
import { fromCompiled } from '../../runtime/from-compiled.js'
import type { RuntimePolicy, RuntimeSubject } from '../../runtime/types.js'
import type { Decision } from '../../types.js'
import type { Values } from '../../verify/space/settings.js'
import type { ExploreData } from '../data.js'
import type { ExploreRequest } from '../request.js'

/** The policy under some options. */
export interface Engine {
  readonly policy: RuntimePolicy
  readonly compiled: CompiledPolicy
}

/** What the policy says to a question, or what is wrong with the question. */
export type Answer =
  | { readonly ok: true; readonly decision: Decision }
  | { readonly ok: false; readonly code: string; readonly message: string }

/** A policy for each choice of options that was looked at. */
export function createEngines({ document, options }: ExploreData): (chosen: Values) => Engine {
  const known = new Map<string, Engine>()
  return (chosen) => {
    const all = { ...options, ...chosen }
    const key = JSON.stringify(all)
    const found = known.get(key) ?? createEngine(document, all)
    known.set(key, found)
    return found
  }
}

function createEngine(document: ExploreData['document'], options: Values): Engine {
  const compiled = compileDocument(document, options)
  return { policy: fromCompiled(fileOf(compiled)), compiled }
}

/** Asks a question that may be malformed in any way. */
export function ask({ policy }: Engine, { subject, within = [], action, object }: ExploreRequest): Answer {
  try {
    let asked: RuntimeSubject =
      'system' in subject ? policy.systemSubject(subject.system) : policy.subject(subject)
    for (const ceiling of within) asked = asked.within(ceiling)
    return { ok: true, decision: asked.explain(action, object) }
  } catch (error) {
    return refusalOf(error)
  }
}

/**
 * The subject of a question, for proofs about it.
 *
 * @throws RequestError for one that the policy does not know.
 */
export function subjectFor(
  compiled: CompiledPolicy,
  { subject, within = [] }: Pick<ExploreRequest, 'subject' | 'within'>
): DecidingSubject {
  let state =
    'system' in subject ? systemSubjectState(compiled, subject.system) : subjectState(compiled, subject)
  for (const ceiling of within) state = narrow(state, ceiling)
  return new DecidingSubject(state)
}

/** The smallest changes that would allow a question that is well formed; `undefined` where none would. */
export function missingFor({ compiled }: Engine, request: ExploreRequest): Missing | undefined {
  return missingTo(stateOf(subjectFor(compiled, request)), request.action, request.object)
}

/** What a wrong question is answered; anything else is a fault of ours, and thrown. */
function refusalOf(error: unknown): Answer {
  if (!isCasemateError(error)) throw error
  return { ok: false, code: error.code, message: error.message }
}
