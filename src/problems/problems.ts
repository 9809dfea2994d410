// Collects problems in the order found. Nothing here decides what is wrong.
import type { Problem, ProblemCode } from '../errors.js'
import { visible } from '../output/visible.js'
import { suggest } from './suggest.js'
import { formatPath, type Path } from './path.js'
import { quoteValue } from './quote.js'
import type { OptionValue } from '../types.js'

/**
 * How many candidates all suggestions for one document may compare, so that a document of bad names takes bounded time.
 */
const suggestionBudget = 100_000

/** The problems of one document or request, in the order found. */
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

  /** Adds ``unknown KIND `value``` with the nearest known name. */
  addUnknown(code: Code, path: Path, kind: string, value: string, names: Names): void {
    this.add(code, path, `unknown ${kind} ${quoteValue(value)}`, value, this.suggest(value, names))
  }

  /** The value of an option that has the same text (`true` for `"true"`), else the nearest one. */
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
