// Finds line and column of a path in the text of a policy. JSON is read as YAML, of which it is a subset. The text must
// have been read as a policy before: this only finds positions and reports no problems.
import type { Pair, YAMLMap } from 'yaml'
import { defaultMaxBytes, defaultMaxDepth } from '../document/index.js'
import { lineStarts, positionIn, type TextPosition } from '../text/problem.js'
import { composeYaml } from '../text/yaml.js'

/**
 * Finds the key or the list item at a path; `undefined` if there is none. What an alias stands for is found at the
 * alias.
 */
export async function positionsIn(
  text: string
): Promise<(at: readonly (string | number)[]) => TextPosition | undefined> {
  const yaml = await import('yaml')
  const limits = { maxDepth: defaultMaxDepth, maxTokens: defaultMaxBytes }
  const contents = composeYaml(yaml, text, limits, [])?.contents
  const starts = lineStarts(text)
  const pairsOf = new Map<YAMLMap, ReadonlyMap<unknown, Pair>>()
  /** The pairs of a record by their keys; each record is indexed once. */
  const pairsIn = (map: YAMLMap): ReadonlyMap<unknown, Pair> => {
    const pairs =
      pairsOf.get(map) ??
      new Map(map.items.flatMap((pair) => (yaml.isScalar(pair.key) ? [[textOf(pair.key), pair]] : [])))
    pairsOf.set(map, pairs)
    return pairs
  }
  return (at) => {
    let node: unknown = contents
    let found: unknown = contents
    for (const segment of at) {
      if (yaml.isMap(node)) {
        const pair = pairsIn(node).get(segment)
        node = pair?.value
        found = pair?.key
      } else if (yaml.isSeq(node) && typeof segment === 'number') {
        node = node.items[segment]
        found = node
      } else if (!yaml.isAlias(node)) return undefined
    }
    const range = yaml.isNode(found) ? found.range : undefined
    return range === undefined || range === null ? undefined : positionIn(starts, range[0])
  }
}

/** A key is the text as written, as when a policy is read. */
function textOf({ value, source }: { readonly value: unknown; readonly source?: string }): unknown {
  return typeof value === 'string' ? value : source
}
