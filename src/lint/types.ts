// Types of the linter's rules and findings.
import type { LintContext } from './context.js'
import type { Path } from '../problems/path.js'

/** `error`: it does not do what it says; `warning`: it is probably not intended; `info`: worth a look. */
export type Severity = 'error' | 'warning' | 'info'

/** Something that a rule says about one place of the document. */
export interface Finding {
  /** The rule's id. */
  readonly rule: string
  /** The rule's severity. */
  readonly severity: Severity
  /**
   * Where, as `roles.owner.grants.site.allow.*`: what `lint.ignore` names. An element of a list is named by what it
   * says, as `assigns[member]` or `variants[plan = free]`, so that it is the same when the list grows.
   */
  readonly path: string
  /** The keys and list positions of `path`. */
  readonly at: Path
  /** The path, what is wrong there, and the nearest valid name if there is one. */
  readonly message: string
}

/** A finding that `lint.ignore` names, with the reason given there. */
export interface SuppressedFinding extends Finding {
  /** Why it is intended. */
  readonly reason: string
}

/** A finding without its rule: where it is, and the message without the path. */
export interface Remark {
  readonly at: Path
  readonly message: string
}

/** The public part of a rule: its id, its severity and its texts. */
export interface RuleInfo {
  /** Kebab-case and unique. */
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
