// JSON → a value, refusing what `JSON.parse` lets pass: a key that is there twice, of which one would get lost.
// Works through the text without recursion, so that nesting costs no stack.
import { formatPath, quoteValue } from '../document/index.js'
import type { TextProblem } from './text-problem.js'

/** Reads a JSON text. What is wrong with it goes to `problems`, and the value is then of no use. */
export function readJson(text: string, problems: TextProblem[]): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    problems.push(syntaxProblem(text, error))
    return undefined
  }
  problems.push(...duplicateKeys(text))
  return value
}

function syntaxProblem(text: string, error: unknown): TextProblem {
  const message = error instanceof Error ? error.message : String(error)
  const at = / (?:in JSON )?at position (\d+).*$/s.exec(message)
  return {
    code: 'syntax_error',
    message: `not JSON: ${at === null ? message : message.slice(0, at.index)}`,
    offset: at === null ? text.trimEnd().length : Number(at[1])
  }
}

interface Open {
  /** The keys so far; a list has none. */
  readonly keys?: Set<string>
  /** The key or position that is being read. */
  segment: string | number
}

const token = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[[\]{},]/gs

/** Every key that its record already has. The text must be valid JSON. */
function duplicateKeys(text: string): TextProblem[] {
  const problems: TextProblem[] = []
  const open: Open[] = []
  for (const match of text.matchAll(token)) {
    const [source, colon] = match
    const inside = open.at(-1)
    if (source === '{') open.push({ keys: new Set(), segment: '' })
    else if (source === '[') open.push({ segment: 0 })
    else if (source === '}' || source === ']') open.pop()
    else if (source === ',' && typeof inside?.segment === 'number') inside.segment++
    else if (colon !== undefined && inside?.keys !== undefined) {
      const key = String(JSON.parse(source.slice(0, -colon.length)))
      inside.segment = key
      if (inside.keys.has(key)) problems.push(duplicateKey(key, open, match.index))
      inside.keys.add(key)
    }
  }
  return problems
}

function duplicateKey(key: string, open: readonly Open[], offset: number): TextProblem {
  const path = formatPath(open.map(({ segment }) => segment))
  return {
    code: 'duplicate_key',
    message: `${path}: the key ${quoteValue(key)} is there twice`,
    offset,
    value: key
  }
}
