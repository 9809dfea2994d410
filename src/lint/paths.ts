// How findings name their places. A path shall stay the same when a list grows, because `lint.ignore` names findings by
// it: so an element of a list is named by what it says (`assigns[member]`, `variants[plan = free]`) and not by its
// position. Only of elements that say the same the later ones are counted.
import { whereText } from '../compile/permission-set.js'
import type { PolicyData, Where } from '../document/types.js'
import { formatPath, type Path } from '../problems/path.js'
import { isRecord } from '../problems/plain.js'
import { cut, printable } from '../problems/quote.js'

/** Names a place of a document. */
export type NamePath = (at: Path) => string

/** What needs no quotes between brackets. A name of digits alone does: without them it would be a position. */
const plain = /^(?!\d+$)[\w$*.:/=,|() -]+$/

/** As for keys. */
const longest = 120

/** Names the places of one document; labels of a list are made once. */
export function pathsIn(document: PolicyData): NamePath {
  const cached = new WeakMap<readonly unknown[], readonly (string | undefined)[]>()
  const labelsOf = (list: readonly unknown[]): readonly (string | undefined)[] => {
    const found = cached.get(list) ?? labelsIn(list)
    cached.set(list, found)
    return found
  }
  return (at) => {
    let path = ''
    let value: unknown = document
    for (const segment of at) {
      if (Array.isArray(value) && typeof segment === 'number') {
        const label = labelsOf(value)[segment]
        path += label ?? `[${segment}]`
        value = value[segment]
      } else {
        const part = formatPath([segment])
        path += path === '' || part.startsWith('[') ? part : `.${part}`
        value = isRecord(value) && Object.hasOwn(value, segment) ? value[segment] : undefined
      }
    }
    return path
  }
}

/** Each element in brackets; `undefined` for one that says nothing by which it could be known. */
function labelsIn(list: readonly unknown[]): readonly (string | undefined)[] {
  const counts = new Map<string, number>()
  return list.map((element) => {
    const text = textOf(element)
    if (text === undefined) return undefined
    const label = plain.test(text) ? cut(text, longest) : quoted(text)
    const count = (counts.get(label) ?? 0) + 1
    counts.set(label, count)
    return count === 1 ? `[${label}]` : `[${label} #${count}]`
  })
}

/** As a key that needs quotes. */
function quoted(text: string): string {
  return `"${printable(text.replaceAll('\\', '\\\\'), longest).replaceAll('"', '\\"')}"`
}

/** A name as it is; a variant by its condition; actions under a condition as a reason writes them. */
function textOf(element: unknown): string | undefined {
  if (typeof element === 'string') return element
  if (!isRecord(element)) return undefined
  const { when, where, actions, name } = element
  if (isRecord(when)) return conditionText(when)
  if (isRecord(where)) return `${[actions].flat().join(', ')} where ${whereText(where as Where)}`
  return typeof name === 'string' ? name : undefined
}

function conditionText(when: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(when).map(([option, value]) => `${option} = ${String(value)}`)
  return parts.length === 0 ? '*' : parts.join(', ')
}
