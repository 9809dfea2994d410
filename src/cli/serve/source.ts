// What `casemate serve` answers from: a policy and its subjects, read together, so that neither is ever asked with a
// version of the other that does not fit.
import { storedSubjects, type DecisionSource } from '../../server/index.js'
import { CasemateError, RequestError } from '../../errors.js'
import { readTextFile } from '../../node/read-text.js'
import { count } from '../../output/words.js'
import type { Policy, Subject } from '../../policy/types/index.js'
import { loadCompiled } from '../io.js'
import type { PolicyRecords, Records } from './records.js'

/** The policy, and how it is asked. */
export interface PolicyOptions {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly system?: readonly string[]
  readonly subjectType?: readonly string[]
  readonly reasons?: boolean
}

/** With the file that has the subjects. */
export interface SourceOptions extends PolicyOptions {
  readonly subjects: string
}

/** One version of what is answered from. */
export interface Served {
  readonly policy: Policy
  /** What is asked; it may be another one at each request. */
  readonly source: () => DecisionSource
  /** Where subjects come from, for people. */
  readonly who: string
  /** Whether it can be asked. */
  readonly isReady: () => boolean
  /** Lines for `/metrics`. */
  readonly metrics: () => readonly string[]
  /** Ends it, when no request asks it any more. */
  readonly close: () => Promise<void>
}

/** The longest file of subjects: some millions of them. In bytes. */
const longestSubjects = 512 * 1024 * 1024

/** @throws CasemateError for a policy, a subject or a file that cannot be read. */
export async function loadSource(options: SourceOptions, records?: Records): Promise<Served> {
  const policy = await loadPolicyOf(options)
  const subjects = await loadSubjects(policy, options)
  const log = records?.of(policy)
  const source = { ...sourceOf(policy, options), subjects, ...recordOf(log) }
  return {
    policy,
    source: () => source,
    who: count(subjects.size, 'subject'),
    isReady: () => true,
    metrics: () => [
      '# HELP casemate_subjects Subjects in use.',
      '# TYPE casemate_subjects gauge',
      `casemate_subjects ${subjects.size}`
    ],
    close: async () => log?.close()
  }
}

/** The policy, with every system subject that may ask. @throws CasemateError */
export async function loadPolicyOf({ policy: path, option, system }: PolicyOptions): Promise<Policy> {
  const policy = await loadCompiled(path, option)
  for (const name of system ?? []) policy.systemSubject(name)
  return policy
}

/** What does not depend on where subjects come from. */
export function sourceOf(
  policy: Policy,
  { system: systems, reasons }: PolicyOptions
): Pick<DecisionSource, 'policy' | 'systems' | 'reasons'> {
  return { policy, systems, reasons }
}

async function loadSubjects(
  policy: Policy,
  { subjects: path, subjectType: types }: SourceOptions
): Promise<ReturnType<typeof storedSubjects>> {
  const file = await readTextFile(path, { maxBytes: longestSubjects })
  if (!file.ok)
    throw new CasemateError('invalid_settings', `${path}: ${file.message}`, { path: '--subjects' })
  try {
    return storedSubjects(policy, file.text, { types })
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    const { code, message, path: place } = error
    throw new RequestError(code, `${path}: ${message}`, { path: place })
  }
}

/** Each subject of a file is described to the log once, and not at each request. */
function recordOf(log: PolicyRecords | undefined): Pick<DecisionSource, 'record'> {
  if (log === undefined) return {}
  const recorded = new WeakMap<Subject, Subject>()
  return {
    record: (subject) => {
      const known = recorded.get(subject)
      if (known !== undefined) return known
      const made = log.of(subject)
      recorded.set(subject, made)
      return made
    }
  }
}
