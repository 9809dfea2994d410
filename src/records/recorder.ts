// Makes a recorder from its settings, each checked once.
import { compiledOf } from '../compile/compile.js'
import type { Names } from '../document/index.js'
import { provenStateOf } from '../policy/internals.js'
import type { Policy, Subject } from '../policy/types/index.js'
import { ownField } from '../problems/own-fields.js'
import { isRecord } from '../problems/plain.js'
import { quoteValue } from '../problems/quote.js'
import { shapeError } from '../problems/request-problems.js'
import { settingsError } from '../problems/settings-error.js'
import { suggest } from '../problems/suggest.js'
import { lineStart } from './heads.js'
import { policyHash } from './keys.js'
import { createMask, noMask } from './mask.js'
import { idsNamedBy } from './named-ids.js'
import { Notes } from './notes.js'
import { RecordingSubject } from './recording-subject.js'
import type { Recorder, RecorderSettings } from './types.js'

/** The share of allowed decisions that are written by default. */
const usualShare = 0.01
/** The shortest key of a mask, in bytes or characters: shorter ones can be guessed. */
const shortestKey = 16

const settingNames = ['policy', 'write', 'allowed', 'mask', 'clock', 'traceId', 'onProblem']

/**
 * A recorder: `recorder.of(subject)` answers as the subject does, and writes each decision as one line of JSON. A line is
 * a request as data with its answer, the time, the hash of the policy, and how many decisions it stands for. Refusals are
 * always written; of what is allowed a random sample is, and all of it is counted, by permission. Who a subject is and
 * what a custom role says is written once, under its hash.
 *
 * Lines are handed to the sink in batches, outside of decisions. At most 16 MiB of them wait: what comes while a sink is
 * too slow, what a sink fails to take, and a line of more than 1 MiB is dropped, and the log says how many were.
 *
 * @throws CasemateError `invalid_settings`.
 */
export function createRecorder<N extends Names>(settings: RecorderSettings<N>): Recorder<N>
export function createRecorder(settings: RecorderSettings): Recorder {
  if (!isRecord(settings))
    throw settingsError('settings', 'expected settings, not ' + quoteValue(settings), settings)
  for (const key of Object.keys(settings))
    if (!settingNames.includes(key))
      throw settingsError(key, 'there is no such setting', key, suggest(key, settingNames))
  const {
    policy,
    write,
    allowed = usualShare,
    mask,
    clock = Date.now,
    traceId,
    onProblem = ignore
  } = settings
  for (const [name, given] of Object.entries({ write, clock, traceId: traceId ?? ignore, onProblem }))
    if (typeof given !== 'function')
      throw settingsError(name, `expected a function, not ${quoteValue(given)}`, given)
  if (typeof allowed !== 'number' || !(allowed >= 0 && allowed <= 1))
    throw settingsError('allowed', `expected a share from 0 to 1, not ${quoteValue(allowed)}`, allowed)
  const compiled = compiledOf(policy)
  const key = mask === undefined ? undefined : readKey(mask)
  const hash = policyHash(policy)
  const options = JSON.stringify(policy.options)
  const about = `"name":${JSON.stringify(policy.name)},"options":${options},"allowed":${allowed},"masked":${String(key !== undefined)}`
  const kept = key === undefined ? '' : `,"kept":${JSON.stringify(idsNamedBy(compiled))}`
  const notes = new Notes({
    compiled,
    policy: { key: hash, line: `${lineStart}"policy","key":"${hash}",${about}${kept}}` },
    write,
    allowed,
    mask: key === undefined ? noMask : createMask(compiled, key),
    clock,
    traceId,
    onProblem
  })
  // The same one for the same subject, so that it is described once.
  const known = new WeakMap<Subject, Subject>()
  return Object.freeze({
    of: (subject: Subject) => {
      const found = known.get(subject)
      if (found !== undefined) return found
      const made = recorded(policy, subject, notes)
      known.set(subject, made)
      return made
    },
    counts: () => notes.counts(),
    flush: () => notes.flush(),
    close: () => notes.close()
  })
}

function recorded(policy: Policy, subject: Subject, notes: Notes): Subject {
  const state = provenStateOf(policy, subject)
  if (state?.compiled.catalogue !== compiledOf(policy).catalogue)
    throw shapeError(['subject'], 'a subject of the policy of this recorder', subject)
  return RecordingSubject.isOf(subject, notes) ? subject : new RecordingSubject(state, notes)
}

function readKey(mask: unknown): string | Uint8Array {
  const key = isRecord(mask) ? ownField(mask, 'key') : undefined
  if ((typeof key === 'string' || key instanceof Uint8Array) && key.length >= shortestKey) return key
  // The value is left out: it is a secret, or was meant to be one.
  throw settingsError('mask.key', `expected a secret of at least ${shortestKey} characters`, undefined)
}

function ignore(): undefined {
  return undefined
}
