// A policy's text → the checked document: size first, then syntax, then the document's own problems.
// Reading stops at the limits.
import { defaultMaxBytes, defaultMaxDepth, parsePolicy } from '../document/index.js'
import type { DocumentLimits, PolicyDocument } from '../document/index.js'
import { placedError } from './placed.js'
import { positionsIn } from './positions.js'
import { loneSurrogateIn, notUtf8 } from '../problems/unicode.js'
import { readJson } from '../text/json.js'
import { textError, type TextProblem } from '../text/problem.js'
import { readYaml } from '../text/yaml.js'

/** The data formats of a policy. */
export type TextFormat = 'json' | 'yaml'

/** Limits, and a name for messages. */
export interface ParseTextOptions extends DocumentLimits {
  /** What messages call the text: its file. Default: `policy`. */
  readonly name?: string | undefined
}

/**
 * Parses the text of a policy. Throws a `PolicyError` with every problem, each at its `NAME:LINE:COLUMN`: those of the
 * text or, if it has none, those of the document. What is missing is at the record that it is missing from. Besides bad syntax it refuses an empty text, one over the size limit, too
 * deep nesting, duplicate keys, and halves of surrogate pairs; in YAML also tags, directives, merge keys, a second
 * document, and more pieces (keys, values, commas, spaces and others) than `maxBytes`.
 */
export async function parsePolicyText(
  text: string,
  format: TextFormat,
  options: ParseTextOptions = {}
): Promise<PolicyDocument> {
  const { name = 'policy', maxBytes = defaultMaxBytes, maxDepth = defaultMaxDepth } = options
  const problems: TextProblem[] = []
  if (new TextEncoder().encode(text).length > maxBytes) throw tooLarge(name, maxBytes)
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  const broken = loneSurrogateIn(source)
  if (broken >= 0) throw textError(name, source, [{ code: 'syntax_error', message: notUtf8, offset: broken }])
  const isEmpty = source.trim() === ''
  const value = isEmpty
    ? undefined
    : format === 'json'
      ? readJson(source, maxDepth, problems)
      : await readYaml(source, { maxDepth, maxTokens: maxBytes }, problems)
  if (isEmpty || (format === 'yaml' && (value ?? null) === null && problems.length === 0)) {
    problems.push({ code: 'empty_document', message: 'the document is empty' })
  }
  if (problems.length > 0) throw textError(name, source, problems)
  try {
    return parsePolicy(value, { maxBytes, maxDepth })
  } catch (error) {
    throw placedError(error, name, await positionsIn(source))
  }
}

/** The error for a text or file of too many bytes. */
export function tooLarge(name: string, maxBytes: number): Error {
  return textError(name, '', [{ code: 'document_too_large', message: `larger than ${maxBytes} bytes` }])
}
