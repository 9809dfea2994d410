// What a rule of the linter is, and what it finds. Nothing here runs.
import type { LintContext } from './context.js'
import type { Path } from '../problems/path.js'

/** `error`: it does not do what it says; `warning`: it is likely not meant; `info`: worth a look. */
export type Severity = 'error' | 'warning' | 'info'

/** Something that a rule says about one place of the document. */
export interface Finding {
  /** The rule's id. */
  readonly rule: string
  /** The rule's severity. */
  readonly severity: Severity
  /** Where, as `roles.owner.grants.site.allow.*`: what `lint.ignore` names. */
  readonly path: string
  /** The keys and list positions of `path`. */
  readonly at: Path
  /** Path, what is wrong with it, and the nearest that would not be, where there is one. */
  readonly message: string
}

/** A finding that `lint.ignore` names, with the reason given there. */
export interface SuppressedFinding extends Finding {
  /** Why it is meant to be so. */
  readonly reason: string
}

/** A finding before it has its rule: where, and what is said about it without the path. */
export interface Remark {
  readonly at: Path
  readonly message: string
}

/** A rule as others see it: what it is called and how grave it is. */
export interface RuleInfo {
  /** Kebab-case, and never another rule's. */
  readonly id: string
  /** How much its findings matter: `error`, `warning` or `info`. */
  readonly severity: Severity
  /** In one sentence, what it finds. */
  readonly summary: string
  /** What to do about it. */
  readonly help: string
}

/** One rule, with what it finds. */
export interface Rule extends RuleInfo {
  find(context: LintContext): Iterable<Remark>
}
