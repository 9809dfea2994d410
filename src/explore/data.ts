// Everything that a page of the explorer holds, computed here once: the policy itself, and the proofs that a page cannot
// make because they need another policy, a log or the document's text. What a page asks by itself, it asks the policy.
import { describeNewAccess, type PolicyDiff } from '../diff/index.js'
import type { PolicyData } from '../document/types.js'
import { lint, lintRules, type LintFinding, type LintRule } from '../lint/index.js'
import type { Policy } from '../policy/types/index.js'
import type { OptionValue } from '../types.js'
import { grantPaths, type GrantPath } from './grant-paths.js'
import type { LogReport } from './log.js'

/** Where something stands in the file of a policy. */
export interface FilePosition {
  /** The first line is 1. */
  readonly line: number
}

/** A finding of the linter, with its line where the policy is a file with lines. */
export interface PlacedFinding extends Omit<LintFinding, 'at'> {
  /** The line in the file. */
  readonly line?: number
}

/** What differs from an older policy. */
export interface ExploreDiff extends Pick<
  PolicyDiff,
  'gained' | 'lost' | 'widened' | 'narrowed' | 'renamed' | 'removedDenies' | 'changes'
> {
  /** What the older policy is called: its file. */
  readonly against: string
  /** One sentence for each way in which somebody reaches more. */
  readonly newAccess: readonly string[]
}

/** What a page of the explorer shows. Plain data, for JSON. */
export interface ExploreData {
  /** The policy's document, with its texts. */
  readonly document: PolicyData
  /** The deployment's options that it was compiled with. */
  readonly options: Readonly<Record<string, OptionValue>>
  /** The name of the file, for people. */
  readonly file?: string
  /** The lines of grants in the file, by path as decisions have it; empty for a policy that is code. */
  readonly lines: Readonly<Record<string, number>>
  /** What the linter says. */
  readonly findings: readonly PlacedFinding[]
  /** The rules that the findings name. */
  readonly rules: readonly LintRule[]
  /** Absent where there is no older policy. */
  readonly diff?: ExploreDiff | undefined
  /** While a policy is edited, what differs from the saved file; absent where nothing was typed. */
  readonly unsaved?: ExploreDiff | undefined
  /** Absent where there are no records. */
  readonly log?: LogReport | undefined
}

/** What stands beside the policy. */
export interface ExploreProofs {
  /** The name of the policy's file. */
  readonly file?: string | undefined
  /** Finds a path of the document in the file; absent for a policy that is code. */
  readonly locate?: ((at: readonly (string | number)[]) => FilePosition | undefined) | undefined
  /** The difference to an older policy, and what that is called. */
  readonly diff?: { readonly against: string; readonly difference: PolicyDiff } | undefined
  /** What records used. */
  readonly log?: LogReport | undefined
  /** What the linter says, where it was asked already. */
  readonly findings?: readonly LintFinding[] | undefined
}

/**
 * What a page of the explorer shows of a policy. Custom roles are not in it.
 *
 * @throws CasemateError `too_many_cases` like `lint`.
 */
export function exploreData(policy: Policy, proofs: ExploreProofs = {}): ExploreData {
  const { file, locate = () => undefined, diff, log, findings = lint(policy).findings } = proofs
  const named = new Set(findings.map(({ rule }) => rule))
  return {
    document: policy.document,
    options: policy.options,
    ...(file === undefined ? {} : { file }),
    lines: linesOf(grantPaths(policy.document), locate),
    findings: findings.map(({ at, ...finding }) => ({ ...finding, ...locate(at) })),
    rules: lintRules.filter(({ id }) => named.has(id)),
    ...(diff === undefined ? {} : { diff: shownDiff(diff.against, diff.difference) }),
    ...(log === undefined ? {} : { log })
  }
}

/** A difference as the page shows it. */
export function shownDiff(against: string, difference: PolicyDiff): ExploreDiff {
  return { ...difference, against, newAccess: describeNewAccess(difference) }
}

function linesOf(
  paths: Iterable<GrantPath>,
  locate: NonNullable<ExploreProofs['locate']>
): Record<string, number> {
  const lines: [string, number][] = []
  for (const { path, at } of paths) {
    const found = locate(at)
    if (found !== undefined) lines.push([path, found.line])
  }
  return Object.fromEntries(lines)
}
