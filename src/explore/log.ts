// What records show of a policy: what was used, what was refused, and what nothing needed.
import type { Policy, Subject } from '../policy/types/index.js'
import { heldFrom, subjectData } from '../policy/subject-data.js'
import { readLogs, type NamedLog } from '../records/read-log.js'
import { unused, type Unused } from '../records/unused.js'
import type { ObjectRef } from '../types.js'
import type { ExploreRequest } from './request.js'

/** What records say of one permission. Numbers are of decisions, by weight. */
export interface LoggedPermission {
  /** `resource:action`. */
  readonly permission: string
  /** How often the policy allows what was asked. */
  readonly allowed: number
  /** How often it refuses it. */
  readonly refused: number
  /** The refusals by reason. */
  readonly reasons: Readonly<Record<string, number>>
  /** A question that is refused, the first one in the log; absent where none is. */
  readonly refusal?: ExploreRequest
}

/** What a page of the explorer shows of a log. */
export interface LogReport extends Pick<
  Unused,
  'decisions' | 'grants' | 'roles' | 'scopes' | 'keys' | 'isSampled' | 'dropped' | 'damaged'
> {
  /** By permission, the most refused first, then the most used. */
  readonly permissions: readonly LoggedPermission[]
  /** How often each role decided, by name; those that did not are left out. */
  readonly used: Readonly<Record<string, number>>
  /** How many decisions the policy cannot be asked again. */
  readonly unanswerable: number
  /** What is wrong with the first lines that cannot be used. */
  readonly problems: Unused['problems']
}

/** Reads logs, which are opened twice, and asks the policy again what they ask. */
export async function readLogReport(policy: Policy, open: () => readonly NamedLog[]): Promise<LogReport> {
  const permissions = new Map<string, Counts>()
  const used = new Map<string, number>()
  let unanswerable = 0
  await readLogs(policy, open(), {
    decision: ({ weight }, subject, action, object) => {
      const { allowed, reason, permission, roles } = subject.explain(action, object)
      const counts = permissions.get(permission) ?? new Counts()
      permissions.set(permission, counts)
      if (allowed) {
        counts.allowed += weight
        for (const role of new Set(roles.map((grant) => grant.role)))
          used.set(role, (used.get(role) ?? 0) + weight)
      } else {
        counts.refused += weight
        counts.reasons.set(reason, (counts.reasons.get(reason) ?? 0) + weight)
        counts.refusal ??= requestOf(subject, action, object)
      }
    },
    unanswerable: ({ weight }) => {
      unanswerable += weight
    }
  })
  const { decisions, grants, roles, scopes, keys, isSampled, dropped, damaged, problems } = await unused(
    policy,
    open()
  )
  return {
    decisions,
    permissions: [...permissions]
      .map(([permission, counts]) => counts.report(permission))
      .sort((a, b) => b.refused - a.refused || b.allowed - a.allowed),
    used: Object.fromEntries(used),
    grants,
    roles,
    scopes,
    keys,
    unanswerable,
    isSampled,
    dropped,
    damaged,
    problems
  }
}

class Counts {
  allowed = 0
  refused = 0
  refusal: ExploreRequest | undefined
  readonly reasons = new Map<string, number>()

  report(permission: string): LoggedPermission {
    const { allowed, refused, refusal } = this
    const reasons = Object.fromEntries(this.reasons)
    return { permission, allowed, refused, reasons, ...(refusal === undefined ? {} : { refusal }) }
  }
}

function requestOf(asked: Subject, action: string, object: ObjectRef): ExploreRequest {
  const { subject, within } = subjectData(asked)
  const who = 'system' in subject ? subject : { ...subject, roles: subject.roles.map(heldFrom) }
  return { subject: who, ...(within === undefined ? {} : { within }), action, object: { ...object } }
}
