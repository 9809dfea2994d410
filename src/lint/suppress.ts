// `lint.ignore`: suppresses findings that are intended, each with a reason. A suppression without a finding is a
// finding itself, because it would hide the next mistake at that place.
import { Problems } from '../problems/problems.js'
import type { LintDocument, PolicyData } from '../document/types.js'
import { formatPath, type Path } from '../problems/path.js'
import type { Finding, Remark, RuleInfo, SuppressedFinding } from './types.js'
import { quoteValue } from '../problems/quote.js'

type LintException = NonNullable<LintDocument['ignore']>[number]

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

export const positionalSuppression: RuleInfo = {
  id: 'positional-suppression',
  severity: 'warning',
  summary:
    'A suppression that names an element of a list by its position, which changes when the list grows.',
  help: 'Write the path that the finding has, which names the element by what it says.'
}

export interface Sifted {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  /** What is wrong with the suppressions themselves. */
  readonly remarks: readonly { readonly rule: RuleInfo; readonly remark: Remark }[]
}

/**
 * Separates suppressed findings from the others: those that `lint.ignore` names by rule and whole path. A path with
 * positions, as it was written before findings named elements by what they say, still counts, and is a remark.
 */
export function sift({ lint }: PolicyData, findings: readonly Finding[], known: ReadonlySet<string>): Sifted {
  const ignore = lint?.ignore ?? []
  const reasons = new Map<string, string>()
  for (const { rule, path, reason } of ignore) {
    const key = keyOf(rule, path)
    if (!reasons.has(key)) reasons.set(key, reason)
  }
  const suppressed: SuppressedFinding[] = []
  const left: Finding[] = []
  /** The suppressions that suppress something, with the path of the first finding. */
  const used = new Map<string, string>()
  for (const finding of findings) {
    const { rule, path, at } = finding
    const key = [path, formatPath(at)].map((one) => keyOf(rule, one)).find((one) => reasons.has(one))
    const reason = key === undefined ? undefined : reasons.get(key)
    if (key === undefined || reason === undefined) left.push(finding)
    else {
      suppressed.push({ ...finding, reason })
      if (!used.has(key)) used.set(key, path)
    }
  }
  const unsuppressed = new Map<string, Set<string>>()
  for (const { rule, path } of left)
    unsuppressed.set(rule, (unsuppressed.get(rule) ?? new Set<string>()).add(path))
  // One collector, so that searching for nearest names stays within its budget.
  const problems = new Problems()
  const remarkOn = ({ rule, path }: LintException, at: Path): Sifted['remarks'][number] | undefined => {
    if (!known.has(rule)) {
      const message = `unknown rule ${quoteValue(rule)}${hint(problems.suggest(rule, known))}`
      return { rule: unknownRule, remark: { at: [...at, 'rule'], message } }
    }
    const found = used.get(keyOf(rule, path))
    if (found === path) return undefined
    if (found !== undefined) {
      const message = `it names an element of a list by its position; write \`${found}\``
      return { rule: positionalSuppression, remark: { at: [...at, 'path'], message } }
    }
    const paths = unsuppressed.get(rule) ?? new Set<string>()
    const message = `${quoteValue(rule)} finds nothing at ${quoteValue(path)}${hint(problems.suggest(path, paths))}`
    return { rule: unusedSuppression, remark: { at, message } }
  }
  const remarks = ignore.flatMap((one, index) => remarkOn(one, ['lint', 'ignore', index]) ?? [])
  return { findings: left, suppressed, remarks }
}

function keyOf(rule: string, path: string): string {
  return JSON.stringify([rule, path])
}

function hint(nearest: string | undefined): string {
  return nearest === undefined ? '' : `; did you mean ${quoteValue(nearest)}?`
}
