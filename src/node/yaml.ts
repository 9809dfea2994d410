// YAML → a value: one document in YAML 1.2, found out step by step, so that a text that is too deep or all wrong is
// given up before anything recurses into it.
import type * as Yaml from 'yaml'
import type { CST, Document } from 'yaml'
import { foreignWords } from '../document/index.js'
import type { TextProblem } from './text-problem.js'
import { readNode } from './yaml-nodes.js'

/** A text that is wrong in more places is wrong as a whole. */
const mostSyntaxErrors = 10

/**
 * Reads a YAML text of one document (YAML 1.2, core schema). What is wrong with it goes to `problems`, and the value
 * is then of no use. `undefined` for a text without content.
 */
export async function readYaml(text: string, maxDepth: number, problems: TextProblem[]): Promise<unknown> {
  const yaml = await import('yaml')
  const document = composeOne(yaml, text, maxDepth, problems)
  if (document === undefined || problems.length > 0) return undefined
  return readNode(document.contents, { yaml, problems, anchors: new Map(), path: [] })
}

function composeOne(
  yaml: typeof Yaml,
  text: string,
  maxDepth: number,
  problems: TextProblem[]
): Document.Parsed | undefined {
  // Duplicate keys are looked for here, once per key; the library would compare every key with every other.
  const composer = new yaml.Composer({
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false
  })
  let first: Document.Parsed | undefined
  for (const document of composer.compose(tokens(yaml, text, maxDepth, problems), false, text.length)) {
    if (first !== undefined) {
      problems.push({
        code: 'several_documents',
        message: 'more than one YAML document in a file',
        offset: document.range[0]
      })
      break
    }
    first = document
    for (const { message, pos } of [...document.errors, ...document.warnings].slice(0, mostSyntaxErrors)) {
      problems.push({ code: 'syntax_error', message: foreignWords(message), offset: pos[0] })
    }
  }
  return first
}

/** The tokens of a text until it is wrong in too many places, or too deep: what reads them further recurses. */
function* tokens(
  yaml: typeof Yaml,
  text: string,
  maxDepth: number,
  problems: TextProblem[]
): Generator<CST.Token, void> {
  const parser = new yaml.Parser()
  let errors = 0
  for (const lexeme of new yaml.Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'directive') {
        problems.push({
          code: 'syntax_error',
          message: 'YAML directives are not supported',
          offset: token.offset
        })
        return
      }
      if (token.type === 'error' && ++errors > mostSyntaxErrors) return
      yield token
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
