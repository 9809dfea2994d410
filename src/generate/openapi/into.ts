// Puts the component schemas into an existing OpenAPI document and keeps every other byte: comments, order, quotes and
// blank lines. JSON is also valid YAML and read as such, so there is one way to find and replace a part.
import * as yaml from 'yaml'
import { isAlias, isMap, isNode, isScalar, isSeq, visit, type Pair, type YAMLMap } from 'yaml'
import { defaultMaxBytes, defaultMaxDepth } from '../../document/copy.js'
import { readJson } from '../../text/json.js'
import { lineStarts, positionIn, type TextProblem } from '../../text/problem.js'
import { composeYaml } from '../../text/yaml.js'
import type { Json } from './schemas.js'
import { applyEdits, confirmSplice, unfit, type Edit, type DocumentFormat } from './splice.js'
import { layoutIn, type Layout } from './layout.js'
import { quoteValue } from '../../problems/quote.js'

/**
 * Puts schemas under `components.schemas`: one that is there is replaced where it stands, one that is not comes last.
 * What the document lacks on the way there is added.
 *
 * @throws CasemateError `not_expressible` for a text that is not one document with a record at its root, or one in
 * which the schemas cannot be replaced without a change to the rest.
 */
export function putSchemas(
  text: string,
  format: DocumentFormat,
  schemas: Readonly<Record<string, Json>>
): string {
  // The reader takes a byte order mark off, and its positions are those of the rest.
  if (text.startsWith('\uFEFF')) return `\uFEFF${putSchemas(text.slice(1), format, schemas)}`
  const { root, value } = read(text, format)
  const layout = layoutIn(text, format)
  const edits = new Edits(text, layout)
  const parents = ['components', 'schemas']
  let at = root
  for (const [index, name] of parents.entries()) {
    const rest = parents.slice(index + 1).reduceRight<Json>((inner, key) => ({ [key]: inner }), schemas)
    const pair = pairOf(at, name)
    if (pair === undefined) edits.append(at, [[name, rest]])
    else if (isMap(pair.value) && pair.value.items.length > 0) {
      at = pair.value
      continue
    } else if (isEmpty(pair.value)) edits.replace(at, pair, rest)
    else throw unfit(`\`${name}\` is not a record of its own`)
    return finish(edits)
  }
  const added = Object.entries(schemas).filter(([name, schema]) => {
    const pair = pairOf(at, name)
    if (pair !== undefined) edits.replace(at, pair, schema)
    return pair === undefined
  })
  if (added.length > 0) edits.append(at, added)
  return finish(edits)

  function finish({ list }: Edits): string {
    const result = applyEdits(text, list)
    confirmSplice(value, read(result, format).value, schemas)
    return result
  }
}

interface Reading {
  readonly root: YAMLMap
  readonly value: unknown
}

/** The longest document, in UTF-16 code units; a longer one would take minutes. */
const longestDocument = 4 * defaultMaxBytes
const limits = { maxDepth: 2 * defaultMaxDepth, maxTokens: longestDocument }

function read(text: string, format: DocumentFormat): Reading {
  if (text.length > longestDocument) throw unfit(`it is longer than ${longestDocument} characters`)
  const problems: TextProblem[] = []
  const value = format === 'json' ? readJson(text, limits.maxDepth, problems) : undefined
  const document =
    problems.length > 0
      ? undefined
      : composeYaml(yaml, text, limits, problems, {
          keepSourceTokens: true,
          stringKeys: true,
          isLenient: true
        })
  if (document !== undefined && problems.length === 0) findDuplicates(document.contents, problems)
  const [problem] = problems
  if (problem !== undefined) throw unfit(problemText(text, problem))
  if (!isMap(document?.contents)) throw unfit('it is not a record')
  try {
    return { root: document.contents, value: format === 'json' ? value : document.toJS() }
  } catch (error) {
    throw unfit(error instanceof Error ? error.message : String(error))
  }
}

/** A problem with its line and column, as in the problems of a policy. */
function problemText(text: string, { message, offset }: TextProblem): string {
  if (offset === undefined) return message
  const { line, column } = positionIn(lineStarts(text), offset)
  return `${message} (line ${line}, column ${column})`
}

/** Adds a problem for the first duplicate key of a record: readers differ about which of the two counts. */
function findDuplicates(node: unknown, problems: TextProblem[]): void {
  visit(isNode(node) ? node : null, {
    Map(_, { items }) {
      const names = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (names.has(key.value)) {
          const message = `the key ${quoteValue(key.value)} is there twice`
          problems.push({ code: 'duplicate_key', message, offset: key.range?.[0] })
          return visit.BREAK
        }
        names.add(key.value)
      }
      return undefined
    }
  })
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name)
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || (isScalar(value) && value.value === null) || (isMap(value) && value.items.length === 0)
  )
}

/** The edits of one text, each in the layout of the record that it is in. */
class Edits {
  readonly list: Edit[] = []
  readonly #text: string
  readonly #layout: Layout

  constructor(text: string, layout: Layout) {
    this.#text = text
    this.#layout = layout
  }

  replace(map: YAMLMap, { key, value }: Pair, schema: Json): void {
    const keyStart = startOf(key)
    const afterColon = this.#text.indexOf(':', endOf(key)) + 1
    const [start, end] = isNode(value) ? [startOf(value), this.#trim(endOf(value))] : [afterColon, afterColon]
    if (map.flow === true) {
      this.list.push({ start, end, text: this.#layout.flow(keyStart, schema) })
    } else if (isMap(value) && value.flow !== true && value.items.length > 0) {
      this.list.push({ start, end, text: this.#layout.block(this.#column(start), schema) })
    } else {
      // A value on one line becomes a block on the lines under its key.
      const from = Math.max(afterColon, this.#trim(start))
      const column = this.#column(keyStart) + this.#layout.step
      this.list.push({ start: from, end, text: this.#layout.onNewLine(column, schema) })
    }
  }

  append(map: YAMLMap, entries: readonly (readonly [string, Json])[]): void {
    const last = map.items.at(-1)
    const column = last === undefined ? 0 : this.#column(startOf(last.key))
    if (map.flow === true) {
      const brace = endOf(map) - 1
      const end = last === undefined ? startOf(map) + 1 : this.#trim(brace)
      const first = last === undefined ? undefined : startOf(last.key)
      this.list.push({ start: end, end, text: this.#layout.flowEntries(first, entries, last !== undefined) })
      return
    }
    const record = Object.fromEntries(entries)
    const end = last === undefined ? startOf(map) : this.#endOfEntry(endOf(last.value ?? last.key), column)
    this.list.push({ start: end, end, text: this.#layout.onNewLine(column, record) })
  }

  /** The end of a value's last line, including comments below it that are indented deeper than its key. */
  #endOfEntry(end: number, column: number): number {
    let at = this.#endOfLine(this.#trim(end))
    for (;;) {
      const next = /^\r?\n( *)#[^\r\n]*/.exec(this.#text.slice(at))
      if (next === null || (next[1] ?? '').length <= column) return at
      at += next[0].length
    }
  }

  #endOfLine(at: number): number {
    const found = this.#text.slice(at).search(/\r?\n/)
    return found < 0 ? this.#text.length : at + found
  }

  /** The place without the white space before it. */
  #trim(at: number): number {
    return this.#text.slice(0, at).trimEnd().length
  }

  #column(at: number): number {
    return at - (this.#text.lastIndexOf('\n', at - 1) + 1)
  }
}

function startOf(node: unknown): number {
  if (isNode(node) && node.range) return node.range[0]
  throw unfit('a part of it has no place')
}

/** Where a value ends; the parser's own end would include comments after it. */
function endOf(node: unknown): number {
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true
  const last: unknown = isBlock ? node.items.at(-1) : undefined
  if (last !== undefined) {
    if (!isMap(node)) return endOf(last)
    const { key, value } = last as Pair
    return endOf(value ?? key)
  }
  if ((isNode(node) || isAlias(node)) && node.range) return node.range[1]
  throw unfit('a part of it has no place')
}
