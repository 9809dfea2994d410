// The documentation as a stranger meets it: every block of TypeScript compiles and runs in an empty folder with the packed
// package, every `//=>` is true, every command prints what stands under it, every link leads somewhere.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  apiPages,
  blocksOf,
  clonePages,
  pages,
  programsOf,
  stepsOf,
  textOf,
  withChecks,
  type Program
} from '../support/pages.js'
import { packageFor, project, unpack } from '../support/packed.js'
import { playSession, sessionFolder, type Played } from '../support/session.js'

const run = promisify(execFile)
let folder = ''
const played = new Map<string, readonly Played[]>()
beforeAll(async () => {
  folder = unpack()
  await Promise.all(pages.map(async (page) => played.set(page, await playSession(folder, page))))
}, 300_000)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const programs = pages.flatMap(programsOf)
const nameOf = ({ page, line }: Program): string => `${page.replaceAll(/\W+/g, '-')}-${line}`

describe('the blocks of the documentation', () => {
  it('compile against the packed package, and so do the files that a reader makes or copies', async () => {
    for (const program of programs)
      writeFileSync(join(folder, `${nameOf(program)}.ts`), `${program.code}\nexport {}\n`)
    // The examples as a reader copies them: the import of their policy is the one line that changes.
    for (const name of readdirSync(join(packageFor(folder), 'examples'))) {
      const text = readFileSync(join(packageFor(folder), 'examples', name), 'utf8')
      writeFileSync(
        join(sessionFolder(folder, 'docs/guide/testing.md'), `example-${name}`),
        text
          .replaceAll('./shared.js', './example-shared.js')
          .replace('../policies/saas/index.js', './saas/policy.js')
      )
    }
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
      JSON.stringify({ compilerOptions: options, include: ['*.ts', 'session-*/**/*.ts'] })
    )
    // The fastest compiler; published-types.test.ts has the others.
    const tsc = join(project, 'node_modules/typescript-7/bin/tsc')
    const { stdout } = await run(process.execPath, [tsc, '-p', folder], { cwd: folder }).catch(
      (error: unknown) => error as { stdout: string }
    )
    expect(stdout).toBe('')
  }, 120_000)

  it.each(programs.filter(({ isRun }) => isRun).map((program) => [nameOf(program), program] as const))(
    '%s says the truth',
    async (name, program) => {
      const { code, count } = withChecks(program)
      expect(
        program.code.match(/\/\/=>/g) ?? [],
        'a value after a declaration is compared by nobody'
      ).toHaveLength(count)
      const compiled = ts.transpileModule(code, {
        reportDiagnostics: true,
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
      })
      expect(compiled.diagnostics, 'a comparison stands on one line').toEqual([])
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

describe('the commands of the documentation', () => {
  it.each(pages.filter((page) => stepsOf(page).length > 0))('%s goes as it is told', (page) => {
    const steps = played.get(page) ?? []
    expect(steps.map(({ where, happened }) => `${where}\n${happened}`)).toEqual(
      steps.map(({ where, said }) => `${where}\n${said}`)
    )
  })

  it.each(['minimal', 'saas', 'coder', 'harbor'])('init --template %s writes what holds', async (template) => {
    const policy = `${template}/policy.ts`
    await casemate('init', template, '--template', template)
    expect(await casemate('test', '--policy', policy)).toMatch(/\nall \d+ statements hold\n$/)
    expect(await casemate('lint', policy, '--max-warnings', '0')).toMatch(/^nothing found/)
  })

  /** What the packed command prints; it rejects where the exit status is not 0. */
  async function casemate(...args: readonly string[]): Promise<string> {
    const command = join(packageFor(folder), 'dist/cli/main.js')
    return (await run(process.execPath, [command, ...args], { cwd: folder })).stdout
  }
})

describe.each([...pages, ...apiPages, ...clonePages])('%s', (page) => {
  it('has only links that lead somewhere, and where it ships to what ships', () => {
    const root = [...pages, ...apiPages].includes(page) ? packageFor(folder) : project
    const targets = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
    const broken = targets.filter((target) => {
      if (/^(?:https?:|mailto:)/.test(target)) return false
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : normalize(join(dirname(page), path))
      if (!existsSync(join(root, file))) return true
      return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  it('links into this repository only to what is there', () => {
    const links = [
      ...textOf(page).matchAll(/github\.com\/casemate\/casemate\/(?:blob|tree)\/main\/([^)\s#]+)/g)
    ]
    expect(links.map(([, path = '']) => path).filter((path) => !existsSync(join(project, path)))).toEqual([])
  })

  it('names only npm scripts that exist', async () => {
    const { scripts } = (await import('../../package.json', { with: { type: 'json' } })).default as {
      scripts: Record<string, string>
    }
    const named = blocksOf(page)
      .filter(({ language }) => language === 'sh')
      .flatMap(({ code }) => [...code.matchAll(/npm (?:run )?([\w:-]+)/g)].map(([, name = '']) => name))
      .filter((name) => !['ci', 'init', 'install', 'pkg', 'run'].includes(name))
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
  })
})

// Until the folders have moved, the page is ahead of them.
describe.runIf(existsSync(join(project, 'src/problems')))('ARCHITECTURE.md', () => {
  it('names only files that there are', () => {
    const names = [...textOf('ARCHITECTURE.md').matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)].map(
      ([, name = '']) => name
    )
    const isThere = (name: string): boolean =>
      existsSync(join(project, 'src', name)) || existsSync(join(project, name))
    expect(names.filter((name) => !isThere(name))).toEqual([])
  })
})

/** The anchors of a page: those that GitHub makes of headings, numbered where they repeat, and those that it names. */
function anchorsOf(page: string): string[] {
  const text = textOf(page)
  const seen = new Map<string, number>()
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(anchor) ?? 0
    seen.set(anchor, count + 1)
    return count === 0 ? anchor : `${anchor}-${count}`
  })
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)]
}
