// What can be wrong with a policy document, and how it is collected: every problem once, in the order found.
// Nothing here decides what is wrong.
import type { Problem } from '../errors.js'
import { visible } from '../output/visible.js'
import { formatPath, quoteValue, suggest } from './suggest.js'
import type { OptionValue } from './types.js'

/** Where in a document: its keys and list positions from the root. */
export type Path = readonly (string | number)[]

/** Everything that a `Problem` of a policy document can be. */
export type ProblemCode =
  // The value itself, before it is looked at as a policy.
  | 'document_too_large'
  | 'document_too_deep'
  | 'document_has_cycle'
  | 'not_plain_data'
  // Text and files.
  | 'syntax_error'
  | 'duplicate_key'
  | 'several_documents'
  | 'empty_document'
  | 'unknown_format'
  | 'unreadable_file'
  | 'no_policy_exported'
  | 'policy_code_failed'
  // Shape.
  | 'missing_key'
  | 'unknown_key'
  | 'invalid_type'
  | 'invalid_value'
  // Names.
  | 'invalid_name'
  | 'reserved_name'
  | 'duplicate_name'
  | 'duplicate_value'
  | 'unknown_resource'
  | 'unknown_action'
  | 'unknown_permission'
  | 'unknown_role'
  | 'unknown_option'
  | 'unknown_option_value'
  | 'unknown_scope'
  | 'unknown_parameter'
  | 'unknown_system_subject'
  // Grants that can never match, and others that cannot mean what they say.
  | 'dead_grant'
  | 'org_option_in_site_role'
  | 'invalid_default'
  | 'invalid_placeholder'
  | 'invalid_allow_list_entry'
  | 'allow_list_too_long'
  | 'invalid_relation'
  | 'invalid_invariant'
  | 'ambiguous_scope'
  // Custom roles.
  | 'shipped_role'
  | 'wrong_place'

/** How many candidates all suggestions for one document may look at: a document of bad names takes bounded time. */
const suggestionBudget = 100_000

/** The problems of one document, in the order found. */
export class Problems<Code extends string = ProblemCode> {
  readonly list: Problem<Code>[] = []
  #budget = suggestionBudget

  /** Adds a problem; `message` is what is wrong, without the path and the hint. */
  add(code: Code, path: Path, message: string, value?: unknown, hint?: OptionValue): void {
    const where = formatPath(path)
    this.list.push({
      code,
      path: where,
      ...(value === undefined ? {} : { value }),
      ...(hint === undefined ? {} : { hint: String(hint) }),
      message: visible(
        `${where === '' ? '' : `${where}: `}${message}${hint === undefined ? '' : `; did you mean ${quoteValue(hint)}?`}`
      )
    })
  }

  /** Adds ``unknown KIND `value``` with the nearest of the names that there are. */
  addUnknown(code: Code, path: Path, kind: string, value: string, names: Names): void {
    this.add(code, path, `unknown ${kind} ${quoteValue(value)}`, value, this.suggest(value, names))
  }

  /** Of an option's values by their text, the one with the same text (`true` for `"true"`), else with the nearest. */
  suggestValue(value: unknown, byText: ReadonlyMap<string, OptionValue>): OptionValue | undefined {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined
    const text = String(value)
    const nearest = byText.has(text) ? text : this.suggest(text, byText)
    return nearest === undefined ? undefined : byText.get(nearest)
  }

  suggest(value: string, names: Names): string | undefined {
    if (names.size > this.#budget) return undefined
    this.#budget -= names.size
    return suggest(value, names.keys())
  }
}

type Names = ReadonlySet<string> | ReadonlyMap<string, unknown>
