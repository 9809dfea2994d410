// What the page asks its worker, and what the worker answers. Everything is plain data, so that it can be sent.
import type { ExploreData, ExploreDiff, LogReport } from '../../../explore/index.js'
import type { Matrix, MatrixQuestion } from '../../../explore/matrix.js'
import type { TextFormat } from '../../../node/parse-text.js'
import type { SuiteFile } from '../../../verify/index.js'
import type { Offer } from '../../lsp/complete.js'
import type { Remark } from '../../lsp/diagnose.js'
import type { LogFile, OlderPolicy } from '../edit-state.js'

/** A text, and how it is read. */
export interface Draft {
  readonly text: string
  readonly format: TextFormat
  readonly file: string
  readonly options: Readonly<Record<string, string>>
}

/** A statement that does not hold, or a file that is wrong. */
export interface Failure {
  /** File and line, as far as they are known. */
  readonly where: string
  readonly says: string
  readonly why: string
  /** The question that shows it, and its options, as the page's address has them. */
  readonly asked: { readonly q: string; readonly o: string } | undefined
}

/** What the files of statements and the invariants say of a policy. */
export interface Statements {
  readonly summary: string
  readonly failures: readonly Failure[]
}

/** Each question with its answer. */
export interface Questions {
  /** What is wrong with a draft, and what the explorer shows of it if it is a policy. */
  readonly read: {
    readonly ask: Draft
    readonly answer: { readonly remarks: readonly Remark[]; readonly data: ExploreData | undefined }
  }
  /** What can stand at an offset. */
  readonly complete: {
    readonly ask: Draft & { readonly offset: number }
    readonly answer: readonly Offer[]
  }
  /** A matrix of what is shown. */
  readonly matrix: {
    readonly ask: Pick<ExploreData, 'document' | 'options'> & { readonly question: MatrixQuestion }
    readonly answer: Matrix
  }
  /** The differences to what is saved and to an older policy, and whether statements hold; of a draft that is a policy. */
  readonly prove: {
    readonly ask: Draft & {
      readonly saved: string
      readonly older: OlderPolicy | undefined
      readonly tests: readonly SuiteFile[]
    }
    readonly answer: {
      readonly unsaved: ExploreDiff | undefined
      readonly diff: ExploreDiff | undefined
      readonly statements: Statements
    }
  }
  /** What logs show of a draft that is a policy. */
  readonly log: {
    readonly ask: Draft & { readonly logs: readonly LogFile[] }
    readonly answer: LogReport
  }
}

/** The kinds of questions. */
export type Kind = keyof Questions

/** A question on its way. */
export type Message = { [K in Kind]: { readonly kind: K; readonly ask: Questions[K]['ask'] } }[Kind]

/** An answer on its way, or the message of what failed. */
export type Reply =
  | { readonly ok: true; readonly answer: Questions[Kind]['answer'] }
  | { readonly ok: false; readonly message: string }
