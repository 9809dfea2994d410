// `lint.ignore`: suppresses findings that are intended, each with a reason. A suppression without a finding is a
// finding itself, because it would hide the next mistake at that place.
import { Problems } from '../problems/problems.js'
import type { PolicyData } from '../document/types.js'
import type { Finding, Remark, RuleInfo, SuppressedFinding } from './types.js'
import { quoteValue } from '../problems/quote.js'

export const unknownRule: RuleInfo = {
  id: 'unknown-rule',
  severity: 'error',
  summary: 'A suppression of a rule that there is not.',
  help: 'Name one of the rules.'
}

export const unusedSuppression: RuleInfo = {
  id: 'unused-suppression',
  severity: 'warning',
  summary: 'A suppression of a finding that is not there.',
  help: 'Take it out, or name the path that the finding has.'
}

export interface Sifted {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  /** What is wrong with the suppressions themselves. */
  readonly remarks: readonly { readonly rule: RuleInfo; readonly remark: Remark }[]
}

/** Separates suppressed findings from the others: those that `lint.ignore` names by rule and whole path. */
export function sift({ lint }: PolicyData, findings: readonly Finding[], known: ReadonlySet<string>): Sifted {
  const ignore = lint?.ignore ?? []
  const reasons = new Map<string, string>()
  for (const { rule, path, reason } of ignore) {
    const key = keyOf(rule, path)
    if (!reasons.has(key)) reasons.set(key, reason)
  }
  const suppressed: SuppressedFinding[] = []
  const left: Finding[] = []
  for (const finding of findings) {
    const reason = reasons.get(keyOf(finding.rule, finding.path))
    if (reason === undefined) left.push(finding)
    else suppressed.push({ ...finding, reason })
  }
  const used = new Set(suppressed.map(({ rule, path }) => keyOf(rule, path)))
  const unsuppressed = new Map<string, Set<string>>()
  for (const { rule, path } of left)
    unsuppressed.set(rule, (unsuppressed.get(rule) ?? new Set<string>()).add(path))
  // One collector, so that searching for nearest names stays within its budget.
  const problems = new Problems()
  const remarks = ignore.flatMap(({ rule, path }, index) => {
    const at = ['lint', 'ignore', index]
    if (!known.has(rule))
      return [
        {
          rule: unknownRule,
          remark: {
            at: [...at, 'rule'],
            message: `unknown rule ${quoteValue(rule)}${hint(problems.suggest(rule, known))}`
          }
        }
      ]
    if (used.has(keyOf(rule, path))) return []
    const paths = unsuppressed.get(rule) ?? new Set<string>()
    const message = `${quoteValue(rule)} finds nothing at ${quoteValue(path)}${hint(problems.suggest(path, paths))}`
    return [{ rule: unusedSuppression, remark: { at, message } }]
  })
  return { findings: left, suppressed, remarks }
}

function keyOf(rule: string, path: string): string {
  return JSON.stringify([rule, path])
}

function hint(nearest: string | undefined): string {
  return nearest === undefined ? '' : `; did you mean ${quoteValue(nearest)}?`
}
