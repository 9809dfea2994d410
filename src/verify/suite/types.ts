// The types of a policy's tests and their results. Statements from every kind of file have the same shape, so
// reporters, filters and mutation tests do not depend on file formats.
import type { CheckedCell } from '../matrix/types.js'
import type { MatrixSubject } from '../matrix/subjects.js'
import type { Counterexample } from '../space/requests.js'
import type { InvariantDocument } from '../../document/types.js'
import type { Expected } from './expectations.js'
import type { Level } from '../../types.js'

/** A file of statements: a page of matrices (`.md`) or expectations (`.ndjson`, `.jsonl`, `.json`). */
export interface SuiteFile {
  /** Its name in results; the ending says how it is read. */
  readonly name: string
  /** What is in it. */
  readonly text: string
  /** Whether a file without statements is left out; by default it is a problem. */
  readonly isOptional?: boolean | undefined
}

/** One thing that the tests say of the policy. */
export interface Statement {
  /** A cell of a matrix, a line of expectations, or an invariant. */
  readonly kind: 'cell' | 'expectation' | 'invariant'
  /** The file's name; `undefined` for an invariant, which stands in the policy. */
  readonly file: string | undefined
  /** From 1; `undefined` for an invariant. */
  readonly line: number | undefined
  /** The heading above a matrix; empty elsewhere. */
  readonly heading: string
  /** What it says, in one line. */
  readonly name: string
  /** What it is about, as `resource:action`; an expectation of an error may be about nothing that exists. */
  readonly permissions: readonly string[]
  /** The subjects that it names: the row's text, roles, `system:NAME`. */
  readonly subjects: readonly string[]
  /** Whether it holds. */
  readonly ok: boolean
  /** True for an invariant that covers no subject and object: it says nothing, and does not count as holding. */
  readonly isEmpty?: boolean
  /** Why it does not hold; `undefined` where it does. */
  readonly message: string | undefined
  /** The request that shows it, where there is one. */
  readonly counterexample: Counterexample | undefined
}

/** A problem of a file itself. With a problem the run is not ok. */
export interface SuiteProblem {
  /** The file's name. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** `unknown_format`, `invalid_expectation`, `no_expectations`, or a `MatrixProblemCode`. */
  readonly code: string
  /** What is wrong, for people. */
  readonly message: string
}

/** Which statements to keep: those that match everything given here. */
export interface SuiteFilter {
  /** A row of a matrix, a role, `system:NAME`. */
  readonly subject?: string | undefined
  /** A resource. */
  readonly resource?: string | undefined
  /** An action. */
  readonly action?: string | undefined
}

/** How the tests are run. */
export interface SuiteOptions {
  /** Which statements; by default all. */
  readonly filter?: SuiteFilter | undefined
  /** Whether to measure what the statements that hold have looked at. */
  readonly coverage?: boolean | undefined
  /** Called after each file with how many are checked, of how many; the invariants count as one more. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** The result of the tests of a policy. */
export interface SuiteResult {
  /** Whether there is a statement, every one holds and no file has a problem. */
  readonly ok: boolean
  /** In the order of the files, then the invariants. */
  readonly statements: readonly Statement[]
  /** How many statements hold. */
  readonly passed: number
  /** How many do not. */
  readonly failed: number
  /** Of all files, whatever the filter. */
  readonly problems: readonly SuiteProblem[]
  /** Optional files that state nothing. */
  readonly leftOut: readonly string[]
  /** What the statements that hold have looked at; `undefined` where it was not asked for. */
  readonly coverage: Coverage | undefined
}

/** What a statement was read from: enough to check it again, against another policy of the same names. */
export type Source =
  | {
      readonly kind: 'cell'
      readonly cell: CheckedCell
      readonly expectation: NonNullable<CheckedCell['expectation']>
      readonly subjects: readonly MatrixSubject[]
    }
  | { readonly kind: 'expectation'; readonly expected: Expected }
  | { readonly kind: 'invariant'; readonly invariant: InvariantDocument; readonly isEmpty: boolean }

/** A statement with its source. */
export interface Sourced {
  readonly statement: Statement
  readonly source: Source
}

/**
 * How much of what the policy decides is tested. A cell is a subject, a permission, a level and an outcome; where the
 * policy lets anybody assign roles, also a subject, a role and whether it may give it.
 */
export interface Coverage {
  /** How many there are. */
  readonly cells: number
  /** How many some statement looked at. */
  readonly covered: number
  /** From 0 to 100; 100 where there is no cell. */
  readonly percent: number
  /** By subject, permission in catalogue order, and level. */
  readonly uncovered: readonly CoverageCell[]
}

/** What was decided. */
export type Outcome = 'allowed' | 'refused'

/** Something that the policy decides and a statement may look at. */
export interface CoverageCell {
  /** A role's name, with the organization of a custom one, or `system:NAME`. */
  readonly subject: string
  /** The narrowest level that applies to the objects: `org` is those of the organization that others own. */
  readonly level: Level
  /** `resource:action`; or `assign ROLE` for whether it may be given, at the level of its kind. */
  readonly permission: string
  /** The attributes of the objects, as `status = draft`; of those that the policy does not tell apart, one. */
  readonly where?: string
  /** What the policy decides there. */
  readonly outcome: Outcome
}
