// Finds line and column in the text of a policy: of a path as lists of keys, and of the path that a problem names. JSON
// is read as YAML, of which it is a subset. This only finds positions and reports no problems.
import type * as Yaml from 'yaml'
import type { Document, Pair, YAMLMap } from 'yaml'
import { defaultMaxBytes, defaultMaxDepth } from '../document/index.js'
import { formatPath, type Path } from '../problems/path.js'
import { lineStarts, positionIn, type TextPosition } from '../text/problem.js'
import { composeYaml } from '../text/yaml.js'

/** What stands at a path of a text: where it begins, and the offsets of what names it (a key or a list item). */
export interface TextPlace extends TextPosition {
  readonly start: number
  readonly end: number
}

/** The positions of one text. */
export interface Positions {
  /**
   * Finds the key or the list item at a path; `undefined` if there is none. What an alias stands for is found at the
   * alias.
   */
  find(at: Path): TextPlace | undefined
  /**
   * Finds what the path of a problem names, or the nearest thing around it that is there: a missing key has the position
   * of its record. `undefined` for a text without content, and for the empty path.
   */
  nearest(path: string): TextPlace | undefined
}

/** Finds positions in a text that is YAML or JSON. */
export async function positionsIn(text: string): Promise<Positions> {
  const yaml = await import('yaml')
  const limits = { maxDepth: defaultMaxDepth, maxTokens: defaultMaxBytes }
  return positionsOf(yaml, text, composeYaml(yaml, text, limits, []))
}

/** Finds positions in a text whose document has been composed. */
export function positionsOf(
  yaml: typeof Yaml,
  text: string,
  document: Document.Parsed | undefined
): Positions {
  const contents: unknown = document?.contents
  const starts = lineStarts(text)
  const byKey = indexed(yaml, (key) => key)
  const byShown = indexed(yaml, (key) => formatPath([key]))
  const placeOf = (node: unknown): TextPlace | undefined => {
    const range = yaml.isNode(node) ? node.range : undefined
    return range === undefined || range === null
      ? undefined
      : { ...positionIn(starts, range[0]), start: range[0], end: range[1] }
  }
  const walk = (segments: Iterable<Step>): { readonly found: unknown; readonly isWhole: boolean } => {
    let node: unknown = contents
    let found: unknown
    for (const { key, shown, index } of segments) {
      let next: unknown
      if (yaml.isMap(node)) {
        const pair = key === undefined ? byShown(node).get(shown ?? '') : byKey(node).get(key)
        next = pair?.key
        node = pair?.value
      } else if (yaml.isSeq(node) && index !== undefined) {
        next = node.items[index]
        node = next
      } else if (yaml.isAlias(node)) continue
      if (next === undefined || next === null) return { found, isWhole: false }
      found = next
    }
    return { found, isWhole: true }
  }
  return {
    find(at) {
      const steps = at.map((one): Step => (typeof one === 'number' ? { index: one } : { key: one }))
      const { found, isWhole } = walk(steps)
      return isWhole ? placeOf(at.length === 0 ? contents : found) : undefined
    },
    nearest: (path) => placeOf(walk(stepsOf(path)).found)
  }
}

/** One step of a path: a key, a key as a message shows it, or a position in a list. */
interface Step {
  readonly key?: string
  readonly shown?: string
  readonly index?: number
}

/** The steps of a path that `formatPath` wrote. */
function stepsOf(path: string): Step[] {
  return [...path.matchAll(/\[(\d+)\]|\["(?:[^"\\]|\\.)*"\]|[^.[\]]+/gs)].map(([shown, index]) =>
    index === undefined ? { shown } : { index: Number(index) }
  )
}

type Pairs = ReadonlyMap<string, Pair | undefined>

/** The pairs of a record by what `nameOf` makes of their keys; each record is indexed once. */
function indexed(yaml: typeof Yaml, nameOf: (key: string) => string): (map: YAMLMap) => Pairs {
  const known = new Map<YAMLMap, Pairs>()
  return (map) => {
    const before = known.get(map)
    if (before !== undefined) return before
    const pairs = new Map<string, Pair | undefined>()
    for (const pair of map.items) {
      const key = yaml.isScalar(pair.key) ? textOf(pair.key) : undefined
      if (key === undefined) continue
      const name = nameOf(key)
      // A message cuts long keys: where two look the same there, neither is pointed at.
      pairs.set(name, pairs.has(name) && name !== key ? undefined : pair)
    }
    known.set(map, pairs)
    return pairs
  }
}

/** A key is the text as written, as when a policy is read. */
export function textOf({
  value,
  source
}: {
  readonly value: unknown
  readonly source?: string
}): string | undefined {
  return typeof value === 'string' ? value : source
}
