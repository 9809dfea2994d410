// The pages of the documentation as programs and sessions. A block of TypeScript that begins with an import starts a
// program, one that does not goes on with the one before it; what has React elements is compiled and not run; `expression //=> value` is a comparison. What is typed into
// a shell (`$ …`), and every block that names a file, is one session a page, in a folder of its own.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { project } from './packed.js'

export interface Block {
  readonly language: string
  /** What stands behind the language: `no-run`, or the file that the block is. */
  readonly note: string
  readonly code: string
  /** Of the first line of code. */
  readonly line: number
}

export interface Program {
  readonly page: string
  readonly line: number
  readonly code: string
  /** False for a program that only has to be right to the compiler. */
  readonly isRun: boolean
  /** `tsx` for one with React elements. */
  readonly language: 'ts' | 'tsx'
}

/** One step of a session: a command of casemate, or any other. In what they print, one line `…` stands for any lines. */
export type Step =
  | {
      readonly kind: 'casemate' | 'other'
      readonly line: number
      readonly words: string
      readonly printed: string
    }
  | { readonly kind: 'file'; readonly line: number; readonly path: string; readonly text: string }
  | {
      readonly kind: 'edit'
      readonly line: number
      readonly path: string
      readonly from: string
      readonly to: string
    }

/** Every page that ships, by its path in the project; those of `apiPages` have no programs. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(join(project, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith(join('reference', 'api')))
    .map((name) => join('docs', name))
    .sort()
]

/** The pages about entry points, which `npm run reference` makes of the docstrings. */
export const apiPages: readonly string[] = readdirSync(join(project, 'docs/reference/api'), {
  recursive: true,
  encoding: 'utf8'
})
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs/reference/api', name))
  .sort()

/** The pages for those who have a clone: they may lead to whatever is in it. */
export const clonePages: readonly string[] = [
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(join(project, '.github'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('.github', name))
    .sort()
]

export function textOf(page: string): string {
  return readFileSync(join(project, page), 'utf8')
}

export function blocksOf(page: string): Block[] {
  const text = textOf(page)
  return [...text.matchAll(/^```(\w*) ?([\w./-]*)\n([^]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    note: match[2] ?? '',
    code: match[3] ?? '',
    line: text.slice(0, match.index).split('\n').length + 1
  }))
}

export function programsOf(page: string): Program[] {
  const programs: { page: string; line: number; code: string; isRun: boolean; language: 'ts' | 'tsx' }[] = []
  for (const { language, note, code, line } of blocksOf(page)) {
    if ((language !== 'ts' && language !== 'tsx') || isFile(note)) continue
    const last = programs.at(-1)
    const isRun = note !== 'no-run' && language === 'ts'
    if (last === undefined || /^import\b/m.test(code) || last.isRun !== isRun)
      programs.push({ page, line, code, isRun, language })
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

const isFile = (note: string): boolean => note.includes('.')

/** What a reader does in a shell and an editor, in the order of the page. */
export function stepsOf(page: string): Step[] {
  return blocksOf(page).flatMap(({ language, note, code, line }): Step[] => {
    if (language === 'diff') {
      const lines = code.trimEnd().split('\n')
      const side = (sign: string): string =>
        lines.flatMap((text) => (text.startsWith(sign) ? [`${text.slice(1)}\n`] : [])).join('')
      return [{ kind: 'edit', line, path: note, from: side('-'), to: side('+') }]
    }
    if (isFile(note)) return [{ kind: 'file', line, path: note, text: code }]
    return [...code.matchAll(/^\$ (npx casemate )?(.+)\n((?:(?!\$ ).*\n?)*)/gm)].map((match) => ({
      kind: match[1] === undefined ? 'other' : 'casemate',
      line: line + code.slice(0, match.index).split('\n').length - 1,
      words: match[2] ?? '',
      printed: match[3] ?? ''
    }))
  })
}
