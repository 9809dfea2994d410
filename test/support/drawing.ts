// Which test files draw cases: those that reach fast-check, or ask how deep to look. A deeper look at the others would only
// do the same again.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const imported = /\b(?:from|import)\s*\(?\s*'([^']+)'/g
const names = new Map<string, readonly string[]>()

/** The files below a folder that end in `.test.ts` and draw, as paths from the root. */
export function drawingTests(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .filter(isDrawing)
    .sort()
}

function isDrawing(file: string): boolean {
  // Files that are added while the set is walked are walked too.
  const reached = new Set([file])
  for (const one of reached)
    for (const name of importsOf(one)) {
      if (name === 'fast-check' || name.endsWith('/depth.js')) return true
      const path = join(dirname(one), name.replace(/\.js$/, '.ts'))
      if (name.startsWith('.') && path.startsWith('test') && path.endsWith('.ts') && existsSync(path))
        reached.add(path)
    }
  return false
}

function importsOf(file: string): readonly string[] {
  const known = names.get(file)
  if (known !== undefined) return known
  const found = [...readFileSync(file, 'utf8').matchAll(imported)].map(([, name = '']) => name)
  names.set(file, found)
  return found
}
