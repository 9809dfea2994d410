// YAML 1.2 → one composed document. It reads step by step and gives up on a text that is too deep, has too many errors
// or too many pieces, before anything recurses into it or holds all of it.
import type * as Yaml from 'yaml'
import type { CST, Document, ParseOptions, SchemaOptions } from 'yaml'
import type { TextProblem } from './problem.js'
import { readNode } from './yaml-nodes.js'
import { foreignWords, quoteValue } from '../problems/quote.js'

/** Reading stops after this many syntax errors. */
const mostSyntaxErrors = 10

/** Limits on a text. */
export interface YamlLimits {
  readonly maxDepth: number
  /** The most pieces: each key, value, comma, space and line break is one, and takes about 400 bytes to read. */
  readonly maxTokens: number
}

/** How a text other than a policy is read. */
export interface YamlSettings extends ParseOptions, SchemaOptions {
  /** Whether directives and unknown tags are allowed. */
  readonly isLenient?: boolean
}

/**
 * Reads a YAML text of one document (YAML 1.2, core schema). Adds what is wrong to `problems`; the
 * value must then not be used. `undefined` for a text without content.
 */
export async function readYaml(text: string, limits: YamlLimits, problems: TextProblem[]): Promise<unknown> {
  const yaml = await import('yaml')
  const document = composeYaml(yaml, text, limits, problems)
  if (document === undefined || problems.length > 0) return undefined
  return readNode(document.contents, { yaml, problems, anchors: new Map(), path: [] })
}

/**
 * The one document of a text, as the YAML library represents it; `undefined` where there is none. Must not be used
 * where there are problems. Duplicate keys are not checked here; the caller does that.
 */
export function composeYaml(
  yaml: typeof Yaml,
  text: string,
  limits: YamlLimits,
  problems: TextProblem[],
  { isLenient = false, ...options }: YamlSettings = {}
): Document.Parsed | undefined {
  // The caller looks for duplicate keys in one pass; the library would compare every key with every other.
  const composer = new yaml.Composer({
    ...options,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false
  })
  const found: TextProblem[] = []
  const enough = new Error('enough is wrong with this text')
  reportTo(composer, (offset, message, isWarning) => {
    if (isWarning && isLenient) return
    // The library may catch this and report it as an error of each enclosing collection, so it is thrown again.
    if (found.length >= mostSyntaxErrors) throw enough
    found.push({ code: 'syntax_error', message: foreignWords(message), offset })
    if (found.length >= mostSyntaxErrors) throw enough
  })
  const pieces = tokens(yaml, text, { ...limits, isLenient }, problems)
  let first: Document.Parsed | undefined
  try {
    for (const document of composer.compose(pieces, false, text.length)) {
      if (first !== undefined) {
        problems.push({
          code: 'several_documents',
          message: 'more than one YAML document in a file',
          offset: document.range[0]
        })
        break
      }
      first = document
      for (const { message, pos } of document.errors.slice(0, mostSyntaxErrors))
        found.push({ code: 'syntax_error', message: foreignWords(message), offset: pos[0] })
    }
  } catch (error) {
    if (error !== enough) throw error
  }
  problems.push(...found.sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0)))
  return first
}

type ErrorSource = number | readonly [number, ...number[]] | { readonly offset: number }

/**
 * Makes the composer report each error at once and not at the end of the text: a text that is all wrong has a million
 * errors, each with a stack. The only way to stop the composer is to throw in the function that it reports to.
 */
function reportTo(
  composer: Yaml.Composer,
  report: (offset: number, message: string, isWarning: boolean) => void
): void {
  const onError = (source: ErrorSource, _code: string, message: string, isWarning = false): void => {
    const offset = typeof source === 'number' ? source : 'offset' in source ? source.offset : source[0]
    report(offset, message, isWarning)
  }
  Object.defineProperty(composer, 'onError', { value: onError })
}

/** The tokens of a text, until it has too many errors, too deep nesting or too many pieces. */
function* tokens(
  yaml: typeof Yaml,
  text: string,
  { maxDepth, maxTokens, isLenient }: YamlLimits & { readonly isLenient: boolean },
  problems: TextProblem[]
): Generator<CST.Token, void> {
  const parser = new yaml.Parser()
  let errors = 0
  let count = 0
  for (const lexeme of new yaml.Lexer().lex(text)) {
    if (++count > maxTokens) {
      const message = `more than ${maxTokens} keys, values, commas, spaces and other pieces`
      problems.push({ code: 'document_too_large', message, offset: parser.offset })
      return
    }
    for (const token of parser.next(lexeme)) {
      if (token.type === 'directive' && !isLenient) {
        problems.push({
          code: 'syntax_error',
          message: 'YAML directives are not supported',
          offset: token.offset
        })
        return
      }
      if (token.type === 'error') {
        const { message, source, offset } = token
        problems.push({ code: 'syntax_error', message: `${message}: ${quoteValue(source)}`, offset })
        if (++errors >= mostSyntaxErrors) return
      } else yield token
    }
    // Besides the open collections the stack has the document and the scalar that is being read.
    if (parser.stack.length > maxDepth + 2) {
      const message = `nested deeper than ${maxDepth} levels`
      problems.push({ code: 'document_too_deep', message, offset: parser.offset })
      return
    }
  }
  yield* parser.end()
}
