// What the page that edits a policy gets from the command, and what it sends back.
import type { PolicyDocument } from '../../document/index.js'
import type { ExploreData } from '../../explore/index.js'
import type { TextFormat } from '../../node/parse-text.js'
import type { SuiteFile } from '../../verify/index.js'

/** The policy's file and what belongs to it, as they are now. */
export interface EditState {
  /** The name of the file, for people. */
  readonly file: string
  /** Its text as it is, a byte order mark included. */
  readonly text: string
  /** Names this text; saving says which text was changed. */
  readonly version: string
  /** `code` is shown, and not changed here. */
  readonly format: TextFormat | 'code'
  /** The deployment's options of the command line, as texts. */
  readonly options: Readonly<Record<string, string>>
  /** The files of statements beside the policy. */
  readonly tests: readonly SuiteFile[]
  /** An older policy, for the difference to it. */
  readonly older?: OlderPolicy
  /** Logs, in the order of their numbers; the text of one is at `logAddress`. */
  readonly logs: readonly LogFile[]
  /** Of code, which the page does not run: what it shows. */
  readonly data?: ExploreData
}

/** A policy to compare with. */
export interface OlderPolicy {
  readonly name: string
  readonly document: PolicyDocument
}

/** A log, which may grow. */
export interface LogFile {
  readonly name: string
  /** Another one once something was written. */
  readonly version: string
}

/** Where the page gets the text of a log, by its number. */
export function logAddress(number: number): string {
  return `log/${number}`
}

/** The answer to a text that is to be saved. */
export type Saved =
  | { readonly ok: true; readonly version: string }
  /** Nothing was written. */
  | { readonly ok: false; readonly problems: readonly string[] }

/** The header that names the text which was changed. */
export const versionHeader = 'if-match'
