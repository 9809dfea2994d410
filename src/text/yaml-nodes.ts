// The nodes of a YAML document → plain records, lists and scalars. It refuses what YAML readers disagree about:
// duplicate keys, merge keys, tags and halves of surrogate pairs. Aliases become shared references, so that anchors
// that multiply cost nothing here; whoever copies the value counts them.
import type * as Yaml from 'yaml'
import type { Node, YAMLMap, YAMLSeq } from 'yaml'
import { setOwn } from './json.js'
import { mostProblems, type TextProblem } from './problem.js'
import { formatPath } from '../problems/path.js'
import { quoteValue } from '../problems/quote.js'
import { faultOfText } from '../problems/unicode.js'
import type { ProblemCode } from '../errors.js'

/** The state of reading one document. */
export interface Reading {
  readonly yaml: typeof Yaml
  readonly problems: TextProblem[]
  /** The latest value of each anchor. */
  readonly anchors: Map<string, unknown>
  /** The keys and positions on the way to the node that is read. */
  readonly path: (string | number)[]
}

/** The value of a node; `undefined` for what is refused. Duplicate keys are found here, not by the YAML library. */
export function readNode(node: Node | null | undefined, reading: Reading): unknown {
  const { yaml, anchors } = reading
  if (!node) return null
  if (yaml.isAlias(node)) {
    if (!anchors.has(node.source)) report(reading, node, `no anchor ${quoteValue(node.source)} before this`)
    return anchors.get(node.source)
  }
  if (node.tag !== undefined) report(reading, node, `YAML tags are not supported: ${quoteValue(node.tag)}`)
  if (yaml.isMap<Node | null, Node | null>(node)) return readMap(node, reading)
  if (yaml.isSeq<Node | null>(node)) return readList(node, reading)
  if (!yaml.isScalar(node)) return undefined
  checkText(reading, node, node.value)
  if (node.anchor !== undefined) anchors.set(node.anchor, node.value)
  return node.value
}

function readList(node: YAMLSeq<Node | null>, reading: Reading): unknown[] {
  const list: unknown[] = []
  // Set before the items are read: an alias inside the list makes a cycle, which the copy refuses.
  if (node.anchor !== undefined) reading.anchors.set(node.anchor, list)
  for (const item of node.items) {
    if (isOver(reading)) break
    reading.path.push(list.length)
    list.push(readNode(item, reading))
    reading.path.pop()
  }
  return list
}

function readMap(node: YAMLMap<Node | null, Node | null>, reading: Reading): object {
  const record: Record<string, unknown> = {}
  if (node.anchor !== undefined) reading.anchors.set(node.anchor, record)
  for (const { key, value } of node.items) {
    if (isOver(reading)) break
    const name = readKey(key, node, reading)
    if (name === undefined) continue
    reading.path.push(name)
    if (Object.hasOwn(record, name)) {
      report(reading, key ?? node, `the key ${quoteValue(name)} is there twice`, 'duplicate_key', name)
    }
    checkText(reading, key ?? node, name)
    setOwn(record, name, readNode(value, reading))
    reading.path.pop()
  }
  return record
}

/** A key is the text as written, also where it would be a number or a boolean as a value (`1`, `true`). */
function readKey(key: Node | null, map: Node, reading: Reading): string | undefined {
  const text = reading.yaml.isScalar(key)
    ? typeof key.value === 'string'
      ? key.value
      : key.source
    : undefined
  if (text === undefined) report(reading, key ?? map, 'a key must be a text')
  else if (text === '<<' && reading.yaml.isScalar(key) && key.type === 'PLAIN') {
    report(reading, key, 'merge keys (`<<`) are not supported; write the keys out')
  }
  return text
}

/** Reports half of a surrogate pair, such as `"\ud800"` alone, in a value or a key. */
function checkText(reading: Reading, node: Node, value: unknown): void {
  const fault = typeof value === 'string' ? faultOfText(value) : undefined
  if (fault !== undefined) report(reading, node, fault, 'syntax_error', value)
}

function isOver({ problems }: Reading): boolean {
  return problems.length >= mostProblems
}

function report(
  { problems, path }: Reading,
  { range }: Node,
  message: string,
  code: ProblemCode = 'syntax_error',
  value?: unknown
): void {
  problems.push({ code, path: formatPath(path), message, offset: range?.[0], value })
}
