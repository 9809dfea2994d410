// The pages of the documentation as programs: a block of TypeScript that begins with an import starts a program, one that
// does not goes on with the one before it. `expression //=> value` is a comparison.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { project } from './packed.js'

export interface Block {
  readonly language: string
  /** What stands behind the language, as `no-run`. */
  readonly note: string
  readonly code: string
  /** Of the first line of code. */
  readonly line: number
}

export interface Program {
  readonly page: string
  readonly line: number
  readonly code: string
  /** A program that only has to be right to the compiler. */
  readonly isRun: boolean
}

/** Every page for readers, by its path in the project; what is generated is checked by its generator. */
export const pages: readonly string[] = [
  ...readdirSync(join(project, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith(join('reference', 'api')))
    .map((name) => join('docs', name))
    .sort()
]

export function textOf(page: string): string {
  return readFileSync(join(project, page), 'utf8')
}

export function blocksOf(page: string): Block[] {
  const text = textOf(page)
  return [...text.matchAll(/^```(\w*) ?([\w-]*)\n([^]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    note: match[2] ?? '',
    code: match[3] ?? '',
    line: text.slice(0, match.index).split('\n').length + 1
  }))
}

export function programsOf(page: string): Program[] {
  const programs: { page: string; line: number; code: string; isRun: boolean }[] = []
  for (const { language, note, code, line } of blocksOf(page)) {
    if (language !== 'ts') continue
    const last = programs.at(-1)
    const isRun = note !== 'no-run'
    if (last === undefined || /^import\b/m.test(code) || last.isRun !== isRun)
      programs.push({ page, line, code, isRun })
    else
      last.code += `${'\n'.repeat(Math.max(1, line - last.line - last.code.split('\n').length + 1))}${code}`
  }
  return programs
}

/** The program with each comparison made; `check` is given the line, what came and what should. */
export function withChecks({ code, line }: Program): { readonly code: string; readonly count: number } {
  let count = 0
  const lines = code.split('\n').map((text, index) => {
    const [, expression, value] = /^(?!\s*(?:const|let|import)\b)(.+?) \/\/=> (.+)$/.exec(text) ?? []
    if (expression === undefined || value === undefined) return text
    count++
    return `;globalThis.check(${line + index}, ${expression.trim()}, ${value});`
  })
  return { code: lines.join('\n'), count }
}
