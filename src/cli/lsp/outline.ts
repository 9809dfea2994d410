// The text of a policy, right or wrong, → the names in it and what is said of them. It reads as far as the text can be
// read: while somebody types, a document is seldom whole. Aliases are not followed, so the work is that of the text.
import type * as Yaml from 'yaml'
import type { Document } from 'yaml'
import { defaultMaxBytes, defaultMaxDepth } from '../../document/index.js'
import { textOf } from '../../node/positions.js'
import { formatPath, type Path } from '../../problems/path.js'
import { composeYaml } from '../../text/yaml.js'
import { occurrencesAt, type Occurrence, type Written } from './occurrences.js'

/** A scalar of the document: a key or a value. */
export interface Scalar extends Written {
  readonly path: Path
  readonly isKey: boolean
  readonly isQuoted: boolean
}

/** What is known of a text. */
export interface Outline {
  /** Whether this is a policy, as far as its keys say. */
  readonly isPolicy: boolean
  readonly scalars: readonly Scalar[]
  /** In the order of the text. */
  readonly names: readonly Occurrence[]
  /** The text at a path, as `formatPath` writes it. */
  readonly texts: ReadonlyMap<string, string>
  readonly document: Document.Parsed | undefined
}

/** Reads a text. One over the size of a policy has no names. */
export function outlineOf(yaml: typeof Yaml, text: string): Outline {
  const document = text.length > defaultMaxBytes ? undefined : compose(yaml, text)
  const scalars: Scalar[] = []
  collect(yaml, text, document?.contents, [], scalars)
  const scopes = new Set(
    scalars.flatMap(({ path, isKey, value }) =>
      isKey && path.length === 2 && path[0] === 'scopes' ? [value] : []
    )
  )
  const names = scalars.flatMap((one) => occurrencesAt(one.path, one.isKey, one, scopes))
  return {
    isPolicy: hasParts(scalars),
    scalars,
    names: names.sort((a, b) => a.start - b.start),
    texts: new Map(scalars.flatMap(({ path, isKey, value }) => (isKey ? [] : [[formatPath(path), value]]))),
    document
  }
}

function compose(yaml: typeof Yaml, text: string): Document.Parsed | undefined {
  const limits = { maxDepth: defaultMaxDepth, maxTokens: defaultMaxBytes }
  return composeYaml(yaml, text, limits, [], { isLenient: true })
}

/** Other files of YAML and JSON have a key `resources` too, but none with `actions` in what stands under it. */
function hasParts(scalars: readonly Scalar[]): boolean {
  return scalars.some(
    ({ path, isKey, value }) =>
      isKey &&
      ((path.length === 3 && path[0] === 'resources' && value === 'actions') ||
        (path.length === 1 && value === 'systemSubjects'))
  )
}

function collect(
  yaml: typeof Yaml,
  text: string,
  node: unknown,
  path: (string | number)[],
  found: Scalar[]
): void {
  if (yaml.isMap(node)) {
    for (const { key, value } of node.items) {
      const name = yaml.isScalar(key) ? textOf(key) : undefined
      if (name === undefined) continue
      path.push(name)
      found.push(...scalarOf(yaml, text, key, path, true))
      collect(yaml, text, value, path, found)
      path.pop()
    }
  } else if (yaml.isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      path.push(index)
      collect(yaml, text, item, path, found)
      path.pop()
    }
  } else found.push(...scalarOf(yaml, text, node, path, false))
}

function scalarOf(yaml: typeof Yaml, text: string, node: unknown, path: Path, isKey: boolean): Scalar[] {
  if (!yaml.isScalar(node)) return []
  const { range } = node
  const value = textOf(node)
  if (range === undefined || range === null || value === undefined) return []
  const isQuoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE'
  const start = range[0] + (isQuoted ? 1 : 0)
  const end = isQuoted ? Math.max(start, range[1] - 1) : range[1]
  return [{ path: [...path], isKey, value, start, end, isQuoted, isPlain: text.slice(start, end) === value }]
}
