// Where in the text of a policy something stands. JSON is read as the YAML that it also is. For a text that has
// already been read as a policy; it finds places and never says what is wrong.
import type { Pair, YAMLMap } from 'yaml'
import { defaultMaxBytes, defaultMaxDepth } from '../document/index.js'
import { lineStarts, positionIn, type TextPosition } from '../text/problem.js'
import { composeYaml } from '../text/yaml.js'

/**
 * Finds the key, or the item of a list, to which keys and positions lead. `undefined` where they lead nowhere; what
 * an alias stands for is found where the alias is.
 */
export async function positionsIn(
  text: string
): Promise<(at: readonly (string | number)[]) => TextPosition | undefined> {
  const yaml = await import('yaml')
  const limits = { maxDepth: defaultMaxDepth, maxTokens: defaultMaxBytes }
  const contents = composeYaml(yaml, text, limits, [])?.contents
  const starts = lineStarts(text)
  const pairsOf = new Map<YAMLMap, ReadonlyMap<unknown, Pair>>()
  /** The pairs of a record by their keys, each record looked through once. */
  const pairsIn = (map: YAMLMap): ReadonlyMap<unknown, Pair> => {
    const known =
      pairsOf.get(map) ??
      new Map(map.items.flatMap((pair) => (yaml.isScalar(pair.key) ? [[textOf(pair.key), pair]] : [])))
    pairsOf.set(map, known)
    return known
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

/** A key is the text that stands there, as when a policy is read. */
function textOf({ value, source }: { readonly value: unknown; readonly source?: string }): unknown {
  return typeof value === 'string' ? value : source
}
