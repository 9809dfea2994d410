// YAML → a value: plain records, lists and scalars in one document. What makes two readers see two policies is
// refused: duplicate keys, merge keys, tags, several documents. Aliases stay shared references, so that anchors
// that multiply cost nothing here; whoever copies the value counts them.
import type * as Yaml from 'yaml'
import type { CST, Document, Node, YAMLMap } from 'yaml'
import { quoteValue } from '../document/index.js'
import type { TextProblem } from './text-problem.js'

/** A text that is wrong in more places is wrong as a whole. */
const mostSyntaxErrors = 10

interface Reading {
  readonly yaml: typeof Yaml
  readonly problems: TextProblem[]
  readonly anchors: Map<string, unknown>
}

/**
 * Reads a YAML text of one document (YAML 1.2, core schema). What is wrong with it goes to `problems`, and the value
 * is then of no use. `undefined` for a text without content.
 */
export async function readYaml(text: string, maxDepth: number, problems: TextProblem[]): Promise<unknown> {
  const yaml = await import('yaml')
  const document = composeOne(yaml, text, maxDepth, problems)
  if (document === undefined || problems.length > 0) return undefined
  return readNode(document.contents, { yaml, problems, anchors: new Map() })
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
    stringKeys: true,
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
      problems.push({ code: 'syntax_error', message, offset: pos[0] })
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

function readNode(node: Node | null | undefined, reading: Reading): unknown {
  const { yaml, problems, anchors } = reading
  if (!node) return null
  const offset = node.range?.[0]
  if (yaml.isAlias(node)) {
    if (anchors.has(node.source)) return anchors.get(node.source)
    problems.push({
      code: 'syntax_error',
      message: `no anchor ${quoteValue(node.source)} before this`,
      offset
    })
    return undefined
  }
  if (node.tag !== undefined) {
    problems.push({
      code: 'syntax_error',
      message: `YAML tags are not supported: ${quoteValue(node.tag)}`,
      offset
    })
  }
  if (yaml.isMap<Node, Node | null>(node)) return readMap(node, reading)
  if (yaml.isSeq<Node | null>(node)) {
    const list: unknown[] = []
    // An anchor stands for the list from its beginning: an alias inside makes a cycle, which the copy refuses.
    if (node.anchor !== undefined) anchors.set(node.anchor, list)
    for (const item of node.items) list.push(readNode(item, reading))
    return list
  }
  const value = yaml.isScalar(node) ? node.value : undefined
  if (yaml.isScalar(node) && node.anchor !== undefined) anchors.set(node.anchor, value)
  return value
}

function readMap(map: YAMLMap<Node, Node | null>, reading: Reading): unknown {
  const { problems, anchors } = reading
  const record = {}
  if (map.anchor !== undefined) anchors.set(map.anchor, record)
  const keys = new Set<string>()
  for (const { key, value } of map.items) {
    const name = readKey(key, reading)
    if (name === undefined) continue
    if (keys.has(name)) {
      const message = `the key ${quoteValue(name)} is there twice`
      problems.push({ code: 'duplicate_key', message, offset: key.range?.[0], value: name })
    }
    keys.add(name)
    // Defined, not assigned: `__proto__` is a key like any other.
    const property = { value: readNode(value, reading), enumerable: true, configurable: true, writable: true }
    Object.defineProperty(record, name, property)
  }
  return record
}

function readKey(key: Node, { yaml, problems }: Reading): string | undefined {
  const offset = key.range?.[0]
  if (!yaml.isScalar(key) || typeof key.value !== 'string') {
    problems.push({ code: 'syntax_error', message: 'a key must be a text', offset })
    return undefined
  }
  if (key.value === '<<' && key.type === 'PLAIN') {
    problems.push({
      code: 'syntax_error',
      message: 'merge keys (`<<`) are not supported; write the keys out',
      offset
    })
  }
  return key.value
}
