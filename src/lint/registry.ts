// The list of all rules, in the order of their findings. A new rule is added here and nowhere else.
import { overAssigningRole } from './assigning.js'
import { emptyRole, emptySet } from './empty.js'
import { pointlessDeny, shadowedGrant, unreachableGrant } from './levels.js'
import { similarName } from './names.js'
import { emptyScope, unheldPermission } from './nobody.js'
import { closedAcl } from './closed.js'
import { idleCondition } from './conditions.js'
import { heldByWildcard } from './held-by-wildcard.js'
import { idleInclude } from './includes.js'
import { overruledDeny } from './overruled.js'
import { unscopedPermission } from './public-scopes.js'
import { duplicateRole } from './roles.js'
import { positionalSuppression, unknownRule, unusedSuppression } from './suppress.js'
import { crossTenantRole } from './tenants.js'
import type { Rule, RuleInfo } from './types.js'
import { undoneVariant } from './variants.js'
import { emptyWildcard, futureWildcard } from './wildcards.js'

export const rules: readonly Rule[] = [
  unreachableGrant,
  pointlessDeny,
  shadowedGrant,
  overruledDeny,
  idleCondition,
  idleInclude,
  undoneVariant,
  crossTenantRole,
  futureWildcard,
  emptyWildcard,
  emptySet,
  emptyRole,
  duplicateRole,
  overAssigningRole,
  unheldPermission,
  closedAcl,
  heldByWildcard,
  unscopedPermission,
  emptyScope,
  similarName
]

/** The rules about `lint.ignore` itself, which check it against the other findings. They cannot be suppressed. */
export const suppressionRules: readonly RuleInfo[] = [unknownRule, unusedSuppression, positionalSuppression]

/** Every rule that a finding can have. */
export const lintRules: readonly RuleInfo[] = Object.freeze(
  [...rules, ...suppressionRules].map(({ id, severity, summary, help }) =>
    Object.freeze({ id, severity, summary, help })
  )
)
