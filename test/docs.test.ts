// The documentation as a stranger meets it: every block of TypeScript compiles and runs in an empty folder with the packed
// package, every `//=>` is true, every link leads somewhere.
import { execFile } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blocksOf, pages, programsOf, textOf, withChecks, type Program } from './support/pages.js'
import { project, unpack } from './support/packed.js'

const run = promisify(execFile)
let folder = ''
beforeAll(() => {
  folder = unpack()
}, 300_000)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const programs = pages.flatMap(programsOf)
const nameOf = ({ page, line }: Program): string => `${page.replaceAll(/\W+/g, '-')}-${line}`

describe('the blocks of the documentation', () => {
  it('compile against the packed package', async () => {
    for (const program of programs)
      writeFileSync(join(folder, `${nameOf(program)}.ts`), `${program.code}\nexport {}\n`)
    const options = {
      target: 'es2022',
      lib: ['es2023', 'dom'],
      module: 'nodenext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node']
    }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, include: ['*.ts'] })
    )
    const { stdout } = await run(
      process.execPath,
      [join(project, 'node_modules/typescript/bin/tsc'), '-p', folder],
      {
        cwd: folder
      }
    ).catch((error: unknown) => error as { stdout: string })
    expect(stdout).toBe('')
  }, 120_000)

  it.each(programs.filter(({ isRun }) => isRun).map((program) => [nameOf(program), program] as const))(
    '%s says the truth',
    async (name, program) => {
      const { code, count } = withChecks(program)
      const compiled = ts.transpileModule(code, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
      })
      const start = `import { isDeepStrictEqual, inspect } from 'node:util'
let count = 0
globalThis.check = (line, actual, expected) => {
  count++
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(actual) ?? 'null'), JSON.parse(JSON.stringify(expected) ?? 'null')))
    console.log('${program.page}:' + line + ': ' + inspect(actual, { depth: 9 }))
}
await import('./${name}.mjs')
console.log(count)\n`
      writeFileSync(join(folder, `${name}.mjs`), compiled.outputText)
      writeFileSync(join(folder, `${name}-run.mjs`), start)
      const { stdout } = await run(process.execPath, [`${name}-run.mjs`], { cwd: folder })
      expect(stdout.trim()).toBe(String(count))
    },
    60_000
  )
})

describe.each(pages)('%s', (page) => {
  it('has only links that lead somewhere', () => {
    const targets = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
    const broken = targets.filter((target) => {
      if (/^(?:https?:|mailto:)/.test(target)) return false
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : normalize(join(dirname(page), path))
      if (!existsSync(join(project, file))) return true
      return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  it('names only npm scripts that exist', async () => {
    const { scripts } = (await import('../package.json', { with: { type: 'json' } })).default as {
      scripts: Record<string, string>
    }
    const named = blocksOf(page)
      .filter(({ language }) => language === 'sh')
      .flatMap(({ code }) => [...code.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name))
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
  })
})

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  )
}
