// An immutable map from strings that shares structure with the map it was made from: a hash trie with 32 branches per
// level. Setting one key copies the nodes on one path, whatever the size; nothing else is touched.

interface Leaf<V> {
  readonly hash: number
  /** One entry, unless the hashes of several keys collide. */
  readonly entries: readonly (readonly [key: string, value: V])[]
}

type Node<V> = Leaf<V> | readonly (Node<V> | undefined)[]

/** A persistent map; `undefined` is the empty one. */
export type PersistentMap<V> = Node<V> | undefined

const bitsPerLevel = 5
const width = 1 << bitsPerLevel

/** FNV-1a over UTF-16 code units. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

const slot = (hash: number, shift: number): number => (hash >>> shift) & (width - 1)

function isLeaf<V>(node: Node<V>): node is Leaf<V> {
  return !Array.isArray(node)
}

/** The value of a key, or `undefined`. */
export function getIn<V>(map: PersistentMap<V>, key: string): V | undefined {
  const hash = hashOf(key)
  let node = map
  for (let shift = 0; node !== undefined && !isLeaf(node); shift += bitsPerLevel)
    node = node[slot(hash, shift)]
  return node?.hash === hash ? node.entries.find((entry) => entry[0] === key)?.[1] : undefined
}

/** The map with a key set; the given map stays as it was. */
export function setIn<V>(map: PersistentMap<V>, key: string, value: V): PersistentMap<V> {
  return insert(map, { hash: hashOf(key), entries: [[key, value]] }, 0)
}

/** The map without a key; the given map, itself, where it has none of that key. */
export function removeIn<V>(map: PersistentMap<V>, key: string): PersistentMap<V> {
  return getIn(map, key) === undefined ? map : removeFrom(map, hashOf(key), key, 0)
}

function removeFrom<V>(node: PersistentMap<V>, hash: number, key: string, shift: number): PersistentMap<V> {
  if (node === undefined) return undefined
  if (isLeaf(node)) {
    const entries = node.entries.filter((entry) => entry[0] !== key)
    return entries.length === 0 ? undefined : { hash: node.hash, entries }
  }
  const copy = node.slice()
  const at = slot(hash, shift)
  copy[at] = removeFrom(node[at], hash, key, shift + bitsPerLevel)
  return copy.some((branch) => branch !== undefined) ? copy : undefined
}

function insert<V>(node: PersistentMap<V>, leaf: Leaf<V>, shift: number): Node<V> {
  if (node === undefined) return leaf
  if (isLeaf(node)) {
    if (node.hash === leaf.hash) return joinLeaves(node, leaf)
    const branch = new Array<Node<V> | undefined>(width).fill(undefined)
    branch[slot(node.hash, shift)] = node
    return insert(branch, leaf, shift)
  }
  const copy = node.slice()
  const at = slot(leaf.hash, shift)
  copy[at] = insert(node[at], leaf, shift + bitsPerLevel)
  return copy
}

function joinLeaves<V>(old: Leaf<V>, added: Leaf<V>): Leaf<V> {
  const replaced = new Set(added.entries.map((entry) => entry[0]))
  return {
    hash: old.hash,
    entries: [...old.entries.filter((entry) => !replaced.has(entry[0])), ...added.entries]
  }
}

/** Every entry, in no promised order. */
export function* entriesOf<V>(map: PersistentMap<V>): Generator<readonly [key: string, value: V]> {
  if (map === undefined) return
  if (isLeaf(map)) yield* map.entries
  else for (const node of map) yield* entriesOf(node)
}
