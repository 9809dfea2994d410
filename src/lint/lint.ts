// The linter: finds what is valid in a policy but probably not intended. It looks at the document under every option
// and setting, whatever the policy was compiled with, and changes nothing.
import type { Policy } from '../policy/types/index.js'
import type { Names } from '../document/index.js'
import { requireFewCells } from '../verify/space/settings.js'
import { createLintContext } from './context.js'
import type { NamePath } from './paths.js'
import { lintRules, rules } from './registry.js'
import { sift } from './suppress.js'
import type { Finding, Remark, RuleInfo, Severity, SuppressedFinding } from './types.js'
import { compiledOf } from '../compile/compile.js'

/** What the rules found. */
export interface LintResult {
  /** Rule by rule, each in document order; those about suppressions come last. */
  readonly findings: readonly Finding[]
  /** The findings that `lint.ignore` of the document names. */
  readonly suppressed: readonly SuppressedFinding[]
  /** How many findings there are of each severity; suppressed ones are not counted. */
  readonly counts: Readonly<Record<Severity, number>>
}

/** How the linter is run. */
export interface LintSettings {
  /** Called before each rule with how many rules are done, for large policies. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * What the rules find in a policy's document. Roles of `withRoles` are not in the document and are left out, so a
 * permission that only such a role gives counts as held by nobody.
 *
 * @throws CasemateError `too_many_cases` for a policy that is too large, or whose options have too many combinations
 * that matter to one permission.
 */
export function lint<N extends Names>(policy: Policy<N>, { onProgress }: LintSettings = {}): LintResult {
  const compiled = compiledOf(policy)
  requireFewCells(compiled)
  const context = createLintContext(compiled)
  const found = rules.flatMap((rule, index) => {
    onProgress?.(index, rules.length)
    return [...rule.find(context)].map((remark) => toFinding(rule, remark, context.pathOf))
  })
  const known = new Set(lintRules.map(({ id }) => id))
  const { findings: left, suppressed, remarks } = sift(compiled.document, found, known)
  const findings = [...left, ...remarks.map(({ rule, remark }) => toFinding(rule, remark, context.pathOf))]
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length
  return {
    findings,
    suppressed,
    counts: { error: count('error'), warning: count('warning'), info: count('info') }
  }
}

function toFinding({ id, severity }: RuleInfo, { at, message }: Remark, pathOf: NamePath): Finding {
  const path = pathOf(at)
  return { rule: id, severity, path, at, message: `${path}: ${message}` }
}
