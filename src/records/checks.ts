// A log → a record for `suggestScopes`: what was asked and would be allowed, each check once.
import type { Names } from '../document/index.js'
import type { Policy } from '../policy/types/index.js'
import { recordChecks, type CheckRecord } from '../scopes/suggest/record.js'
import { readLogs, type LogFacts, type NamedLog } from './read-log.js'

/**
 * What the decisions of a log asked for and were allowed, for `suggestScopes` of `casemate/scopes`: those that the policy
 * allows too. With one key's lines alone it suggests that key. Its size grows with the objects that were asked about.
 */
export async function checksOfLog<N extends Names>(
  policy: Policy<N>,
  logs: readonly NamedLog[]
): Promise<LogFacts & { readonly record: CheckRecord }>
export async function checksOfLog(
  policy: Policy,
  logs: readonly NamedLog[]
): Promise<LogFacts & { readonly record: CheckRecord }> {
  const recording = recordChecks(policy)
  const facts = await readLogs(recording.policy, logs, {
    decision: ({ allowed }, subject, action, object) => {
      if (allowed) subject.can(action, object)
    },
    unanswerable: () => undefined
  })
  return { ...facts, record: recording.record() }
}
