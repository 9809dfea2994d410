// The list of all rules, in the order of their findings. A new rule is added here and nowhere else.
import { overAssigningRole } from './assigning.js'
import { emptyRole, emptySet } from './empty.js'
import { pointlessDeny, shadowedGrant, unreachableGrant } from './levels.js'
import { similarName } from './names.js'
import { emptyScope, unheldPermission } from './nobody.js'
import { duplicateRole } from './roles.js'
import { unknownRule, unusedSuppression } from './suppress.js'
import type { Rule, RuleInfo } from './types.js'
import { emptyWildcard, futureWildcard } from './wildcards.js'

export const rules: readonly Rule[] = [
  unreachableGrant,
  pointlessDeny,
  shadowedGrant,
  futureWildcard,
  emptyWildcard,
  emptySet,
  emptyRole,
  duplicateRole,
  overAssigningRole,
  unheldPermission,
  emptyScope,
  similarName
]

/** The rules about `lint.ignore` itself, which check it against the other findings. They cannot be suppressed. */
export const suppressionRules: readonly RuleInfo[] = [unknownRule, unusedSuppression]

/** Every rule that a finding can have. */
export const lintRules: readonly RuleInfo[] = Object.freeze(
  [...rules, ...suppressionRules].map(({ id, severity, summary, help }) =>
    Object.freeze({ id, severity, summary, help })
  )
)
