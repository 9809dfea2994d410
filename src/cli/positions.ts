// Where in the text of a policy something stands. JSON is read as the YAML that it also is. For a text that has
// already been read as a policy; it finds places and never says what is wrong.
import type { Node } from 'yaml'

export interface TextPosition {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/**
 * Finds the key, or the item of a list, to which keys and positions lead. `undefined` where they lead nowhere; what
 * an alias stands for is found where the alias is.
 */
export async function positionsIn(
  text: string
): Promise<(at: readonly (string | number)[]) => TextPosition | undefined> {
  const yaml = await import('yaml')
  const lines = new yaml.LineCounter()
  const { contents } = yaml.parseDocument<Node>(text, {
    lineCounter: lines,
    uniqueKeys: false,
    logLevel: 'silent'
  })
  return (at) => {
    let node: unknown = contents
    let found: unknown = contents
    for (const segment of at) {
      if (yaml.isMap(node)) {
        const pair = node.items.find(({ key }) => yaml.isScalar(key) && textOf(key) === segment)
        node = pair?.value
        found = pair?.key
      } else if (yaml.isSeq(node) && typeof segment === 'number') {
        node = node.items[segment]
        found = node
      } else if (!yaml.isAlias(node)) return undefined
    }
    const range = yaml.isNode(found) ? found.range : undefined
    if (range === undefined || range === null) return undefined
    const { line, col } = lines.linePos(range[0])
    return { line, column: col }
  }
}

/** A key is the text that stands there, as when a policy is read. */
function textOf({ value, source }: { readonly value: unknown; readonly source?: string }): unknown {
  return typeof value === 'string' ? value : source
}
