// The documentation as a stranger meets it: every block of TypeScript compiles and runs in an empty folder with the packed
// package, every `//=>` is true, every command prints what stands under it, every link leads somewhere.
import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
import { openShell, type Shell } from '../support/shell.js'

const run = promisify(execFile)
let folder = ''
let shell: Shell
const played = new Map<string, readonly Played[]>()
beforeAll(async () => {
  folder = unpack()
  shell = openShell(folder)
  for (const page of pages) played.set(page, await playSession(shell, folder, page))
}, 300_000)
afterAll(() => {
  shell.close()
  rmSync(folder, { recursive: true, force: true })
})

const programs = pages.flatMap(programsOf)
const nameOf = ({ page, line }: Program): string => `${page.replaceAll(/\W+/g, '-')}-${line}`

describe('the blocks of the documentation', () => {
  it('compile against the packed package, and so do the files that a reader makes or copies', async () => {
    for (const program of programs)
      writeFileSync(join(folder, `${nameOf(program)}.${program.language}`), `${program.code}\nexport {}\n`)
    copyFileSync(join(project, 'test/fixtures/better-auth.d.ts'), join(folder, 'better-auth.d.ts'))
    // What `casemate compile` writes, and a browser imports.
    writeFileSync(join(folder, 'policy.json'), '{}')
    // The one example that no page shows stands beside those that do.
    copyFileSync(
      join(packageFor(folder), 'examples/custom-roles.ts'),
      join(sessionFolder(folder, 'docs/guide/frameworks.md'), 'custom-roles.ts')
    )
    const options = {
      target: 'es2022',
      lib: ['es2023', 'dom'],
      module: 'nodenext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      // As every project of Nest has it.
      experimentalDecorators: true,
      types: ['node']
    }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, include: ['*.ts', 'session-*/**/*.ts'] })
    )
    // What has React elements goes through a bundler, and so does what it imports.
    const bundled = {
      module: 'esnext',
      moduleResolution: 'bundler',
      jsx: 'react-jsx',
      resolveJsonModule: true
    }
    writeFileSync(
      join(folder, 'tsconfig.react.json'),
      JSON.stringify({ compilerOptions: { ...options, ...bundled }, include: ['*.tsx'] })
    )
    // The fastest compiler, which checks in several threads what it needs in each; published-types.test.ts has the others.
    const tsc = join(project, 'node_modules/typescript-7/bin/tsc')
    for (const config of ['tsconfig.json', 'tsconfig.react.json']) {
      const { stdout } = await run(process.execPath, [tsc, '-p', config, '--singleThreaded'], {
        cwd: folder
      }).catch((error: unknown) => error as { stdout: string })
      expect(stdout).toBe('')
    }
  }, 120_000)

  it('that are examples are those that ship, but for where their policy is', () => {
    const shipped = join(packageFor(folder), 'examples')
    const names = readdirSync(shipped).filter((name) => name !== 'custom-roles.ts')
    const shown = ['docs/guide/frameworks.md', 'docs/guide/from-better-auth.md']
      .flatMap(blocksOf)
      .filter(({ note }) => names.includes(note))
    expect(shown.map(({ note }) => note).sort()).toEqual(names.sort())
    for (const { note, code } of shown) {
      const text = readFileSync(join(shipped, note), 'utf8')
      expect(code).toBe(text.replace('../policies/saas/index.js', './access/policy.js'))
    }
  })

  const runs = programs.filter(({ isRun }) => isRun).map((program) => [nameOf(program), program] as const)
  /** What each program has otherwise than its page says, and after it the number of its comparisons. */
  const printed = new Map<string, readonly string[]>()
  beforeAll(async () => {
    for (const [name, program] of runs) {
      const { code } = withChecks(program)
      const compiled = ts.transpileModule(code, {
        reportDiagnostics: true,
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
      })
      expect(compiled.diagnostics, `${name}: a comparison stands on one line`).toEqual([])
      writeFileSync(join(folder, `${name}.mjs`), compiled.outputText)
    }
    // One process for all of them: each is a module of its own, and they share the package alone.
    writeFileSync(
      join(folder, 'run-all.mjs'),
      `import { isDeepStrictEqual, inspect } from 'node:util'
const data = (value) => JSON.parse(JSON.stringify(value) ?? 'null')
const printed = {}
for (const name of ${JSON.stringify(runs.map(([name]) => name))}) {
  const lines = []
  let count = 0
  globalThis.check = (line, actual, expected) => {
    count++
    if (!isDeepStrictEqual(data(actual), data(expected))) lines.push(line + ': ' + inspect(actual, { depth: 9 }))
  }
  await import('./' + name + '.mjs').catch((error) => lines.push(inspect(error)))
  printed[name] = [...lines, String(count)]
}
console.log('\\n' + JSON.stringify(printed))\n`
    )
    const { stdout } = await run(process.execPath, ['run-all.mjs'], { cwd: folder })
    const last = stdout.trim().split('\n').at(-1) ?? ''
    for (const [name, lines] of Object.entries(JSON.parse(last) as Record<string, string[]>))
      printed.set(name, lines)
  }, 60_000)

  it.each(runs)('%s says the truth', (name, program) => {
    const { count } = withChecks(program)
    expect(
      program.code.match(/\/\/=>/g) ?? [],
      'a value after a declaration is compared by nobody'
    ).toHaveLength(count)
    expect(printed.get(name)).toEqual([String(count)])
  })
})

describe('the commands of the documentation', () => {
  it.each(pages.filter((page) => stepsOf(page).length > 0))('%s goes as it is told', (page) => {
    const steps = played.get(page) ?? []
    expect(steps.map(({ where, happened }) => `${where}\n${happened}`)).toEqual(
      steps.map(({ where, said }) => `${where}\n${said}`)
    )
  })

  it.each(['minimal', 'saas', 'coder', 'harbor'])(
    'init --template %s writes what holds',
    async (template) => {
      const policy = `${template}/policy.ts`
      const run = async (...args: string[]): Promise<string> => {
        const { status, stdout } = await shell.casemate(folder, args)
        return `${String(status)}\n${stdout}`
      }
      expect(await run('init', template, '--template', template)).toMatch(/^0\nwrote /)
      expect(await run('test', '--policy', policy)).toMatch(/^0\n[^]*\nall \d+ statements hold\n$/)
      expect(await run('lint', policy, '--max-warnings', '0')).toMatch(/^0\nnothing found/)
    }
  )

  it('begin in a process of their own, as `npx` starts it', async () => {
    const command = [join(packageFor(folder), 'dist/cli/main.js'), 'check', 'none.json']
    const alone = await run(process.execPath, command, { cwd: folder }).catch((error: unknown) => error)
    const together = await shell.casemate(folder, command.slice(1))
    expect(alone).toMatchObject({ code: together.status, stdout: together.stdout, stderr: together.stderr })
    expect(together).toMatchObject({ status: 2, stderr: expect.stringContaining('none.json') as string })
  })
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
