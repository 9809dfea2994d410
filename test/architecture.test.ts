// Imports point one way: a folder of `src` may import what stands before it, and nothing that stands after it. A new
// folder is one more entry here; an entry that has to move is a change of the architecture, and is reviewed as one.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

/** From the ground up. What stands on one line does not import each other. */
const floors: readonly (readonly string[])[] = [
  ['types.ts', 'output', 'named-class.ts'],
  ['levels.ts'],
  ['errors.ts'],
  ['problems'],
  ['document'],
  ['text'],
  ['compile'],
  ['request'],
  ['decide'],
  ['reach'],
  ['delegate'],
  ['policy'],
  ['runtime', 'casl', 'sql', 'scopes', 'verify', 'index.ts'],
  ['guard', 'diff', 'lint', 'missing', 'records'],
  ['generate', 'mutate', 'testing', 'node', 'explore'],
  ['postgres', 'server'],
  ['cli']
]

const floorOf = new Map(floors.flatMap((names, floor) => names.map((name) => [name, floor] as const)))

interface Import {
  readonly from: string
  readonly to: string
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => join('src', file))
const imports = files.flatMap((from): Import[] => {
  const text = readFileSync(from, 'utf8')
  return [...text.matchAll(/(?:from|import\(?)\s*'(\.[^']+)'/g)].map(([, to = '']) => ({
    from,
    to: sourceOf(normalize(join(dirname(from), to)))
  }))
})

/** The source of what an import names: `.ts`, or `.tsx` for a part of a page. */
function sourceOf(path: string): string {
  const source = path.replace(/\.js$/, '.ts')
  return !files.includes(source) && files.includes(`${source}x`) ? `${source}x` : source
}

/** The folder of `src`, or the file that stands in `src` itself. */
function placeOf(path: string): string {
  return path.split('/')[1] ?? ''
}

/** A way from a file back to itself; `undefined` where there is none. */
function circleFrom(start: string, targets: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const seen = new Set<string>()
  const walk = (at: string, path: readonly string[]): string[] | undefined => {
    for (const next of targets.get(at) ?? []) {
      if (next === start) return [...path, next]
      if (seen.has(next)) continue
      seen.add(next)
      const found = walk(next, [...path, next])
      if (found !== undefined) return found
    }
    return undefined
  }
  return walk(start, [start])
}

describe('the folders of src', () => {
  it('each have a place in the order', () => {
    expect([...new Set(files.map(placeOf))].filter((place) => !floorOf.has(place))).toEqual([])
  })

  it('are all there', () => {
    const there = new Set(files.map(placeOf))
    expect([...floorOf.keys()].filter((place) => !there.has(place))).toEqual([])
  })

  it('import only what is below them', () => {
    const up = imports.filter(({ from, to }) => {
      const [a, b] = [placeOf(from), placeOf(to)]
      return a !== b && (floorOf.get(b) ?? Infinity) >= (floorOf.get(a) ?? -1)
    })
    expect(up.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })
})

describe('the entry points of proofs', () => {
  const parts = ['diff', 'lint', 'mutate', 'missing']
  const targets = new Map<string, string[]>()
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to])
  const reached = (start: string): string[] => {
    const seen = new Set([start])
    for (const file of seen) for (const next of targets.get(file) ?? []) seen.add(next)
    return [...new Set([...seen].map(placeOf))].filter((place) => parts.includes(place)).sort()
  }

  it.each([
    ['verify', []],
    ['diff', ['diff']],
    ['lint', ['lint']],
    ['missing', ['missing']],
    // A mutant is proved to change nothing as a difference is.
    ['mutate', ['diff', 'mutate']],
    ['scopes', []],
    ['guard', []],
    ['records', []],
    ['casl', []],
    ['casl/client', []],
    ['runtime', []],
    ['postgres', []],
    ['server', []]
  ])('casemate/%s loads of these %j', (name, expected) => {
    expect(reached(join('src', name, 'index.ts'))).toEqual(expected)
  })
})

describe('the files of src', () => {
  it('do not import each other in a circle', () => {
    const targets = new Map<string, string[]>()
    for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to])
    expect(files.flatMap((file) => circleFrom(file, targets)?.join(' -> ') ?? [])).toEqual([])
  })
})
