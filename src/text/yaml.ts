// YAML → one composed document in YAML 1.2, found out step by step, so that a text that is too deep, all wrong or of more
// pieces than it may have is given up before anything recurses into it or holds all of it.
import type * as Yaml from 'yaml'
import type { CST, Document, ParseOptions, SchemaOptions } from 'yaml'
import type { TextProblem } from './problem.js'
import { readNode } from './yaml-nodes.js'
import { foreignWords, quoteValue } from '../problems/quote.js'

/** A text that is wrong in more places is wrong as a whole. */
const mostSyntaxErrors = 10

/** What a text may cost. */
export interface YamlLimits {
  readonly maxDepth: number
  /** Pieces of a text: each key, value, comma, space and line break is one, and takes some 400 bytes to read. */
  readonly maxTokens: number
}

/** How a text is read that is no policy. */
export interface YamlSettings extends ParseOptions, SchemaOptions {
  /** Whether directives may be there, and tags that nobody knows. */
  readonly isLenient?: boolean
}

/**
 * Reads a YAML text of one document (YAML 1.2, core schema). What is wrong with it goes to `problems`, and the value
 * is then of no use. `undefined` for a text without content.
 */
export async function readYaml(text: string, limits: YamlLimits, problems: TextProblem[]): Promise<unknown> {
  const yaml = await import('yaml')
  const document = composeYaml(yaml, text, limits, problems)
  if (document === undefined || problems.length > 0) return undefined
  return readNode(document.contents, { yaml, problems, anchors: new Map(), path: [] })
}

/**
 * The one document of a text, in the words of the library that reads it; `undefined` where there is none, and of no use
 * where there are problems. Whoever reads it looks for keys that are there twice.
 */
export function composeYaml(
  yaml: typeof Yaml,
  text: string,
  limits: YamlLimits,
  problems: TextProblem[],
  { isLenient = false, ...options }: YamlSettings = {}
): Document.Parsed | undefined {
  // Duplicate keys are looked for by the caller, once per key; the library would compare every key with every other.
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
    // The library takes what is thrown for one more error of each collection around it.
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
 * Has the composer say at once what it finds wrong, and not at the end of the text: what is all wrong has a million
 * errors, each with a stack. It offers no other way to stop it than to throw in the function that it reports to.
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

/** The tokens of a text until it is wrong in too many places, too deep or of too many pieces. */
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
    // Above the open collections there are the document and the scalar that is being read.
    if (parser.stack.length > maxDepth + 2) {
      const message = `nested deeper than ${maxDepth} levels`
      problems.push({ code: 'document_too_deep', message, offset: parser.offset })
      return
    }
  }
  yield* parser.end()
}
