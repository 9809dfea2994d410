// The README as a newcomer meets it: every TypeScript block is run and every `//=>` compared, every command of a shell
// block is one that the project has, and what a shell block of `casemate` prints is what stands under it.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { casemate } from './cli.js'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

interface Block {
  readonly language: string
  readonly code: string
  readonly line: number
}

const blocks: readonly Block[] = [...readme.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map((match) => ({
  language: match[1] ?? '',
  code: match[2] ?? '',
  line: readme.slice(0, match.index).split('\n').length
}))

/** `expression //=> value` becomes a comparison; the rest stays as it is. */
function withChecks(code: string): { readonly code: string; readonly checks: number } {
  let checks = 0
  const checked = code.replace(
    /^(?!\s*(?:const|let|import)\b)(.+?) \/\/=> (.+)$/gm,
    (_, expression: string, value: string) => {
      checks++
      return `__check(${expression.trim()}, ${value})`
    }
  )
  return { code: checked, checks }
}

const folder = new URL('../.readme-blocks/', import.meta.url)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the README', () => {
  it('has blocks of TypeScript and of commands', () => {
    expect(blocks.map(({ language }) => language)).toEqual(expect.arrayContaining(['ts', 'sh']))
    for (const { language } of blocks) expect(['ts', 'sh', 'yaml', 'text', 'json']).toContain(language)
  })

  const typescript = blocks.filter(({ language }) => language === 'ts')
  it.each(typescript.map((block) => [block.line, block] as const))(
    'says the truth in the block at line %i',
    async (line, block) => {
      const { code, checks } = withChecks(block.code)
      expect(checks).toBeGreaterThan(0)
      const seen: unknown[] = []
      const wanted: unknown[] = []
      const check = (actual: unknown, expected: unknown): void => {
        seen.push(actual)
        wanted.push(expected)
      }
      await mkdir(folder, { recursive: true })
      const file = new URL(`line-${line}.ts`, folder)
      const body = code.replaceAll("from './", "from '../")
      await writeFile(file, `${body}\nexport {}\n`.replace(/^/, 'const __check = globalThis.__readmeCheck\n'))
      Object.assign(globalThis, { __readmeCheck: check })
      await import(/* @vite-ignore */ file.href)
      expect(seen).toEqual(wanted)
      expect(seen).toHaveLength(checks)
    }
  )

  it('names only npm scripts that exist', async () => {
    const { scripts } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = blocks
      .filter(({ language }) => language === 'sh')
      .flatMap(({ code }) => [...code.matchAll(/npm (?:run )?([\w:-]+)/g)].map((match) => match[1] ?? ''))
      .filter((name) => !['ci', 'install', 'run'].includes(name))
    expect(named).toContain('start')
    expect(named).toContain('test')
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
  })

  const commands = blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code, line }) =>
      [...code.matchAll(/^\$ (?:npx )?casemate (.+)\n((?:(?!\$ ).*\n?)*)/gm)].map((match) => ({
        line,
        words: match[1] ?? '',
        printed: match[2] ?? ''
      }))
    )
  // Words in single quotes are one argument, as in a shell.
  const argumentsOf = (words: string): string[] =>
    [...words.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
  it.each(commands.map((command) => [command.words, command] as const))(
    'prints what it shows for casemate %s',
    async (_, command) => {
      const { stdout, stderr } = await casemate(argumentsOf(command.words))
      expect(`${stdout}${stderr}`.trim()).toBe(command.printed.trim())
    }
  )
})
