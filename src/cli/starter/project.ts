// What `casemate init` finds out about the project that it writes into: the kind of its modules, its test runner, and where
// its workflows are. It reads package.json and runs nothing.
import { lstat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { readTextFile } from '../../node/read-text.js'
import { isRecord } from '../../problems/plain.js'
import { parseJson } from '../../text/json.js'
import type { ModuleKind, Runner } from './test.js'

/** What is known of a project. */
export interface Project {
  readonly module: ModuleKind
  readonly runner: Exclude<Runner, 'none'>
  /** Where workflows are looked for: the repository, or else where the command was started. */
  readonly root: string
}

/** The longest package.json that is read. */
const longest = 1024 * 1024

/** Looks at the project of a folder, which need not exist yet. */
export async function projectOf(folder: string): Promise<Project> {
  const path = await findUp(folder, 'package.json')
  const file = path === undefined ? undefined : await readTextFile(path, { maxBytes: longest })
  const read = file?.ok === true ? parseJson(file.text.replace(/^\uFEFF/, '')) : undefined
  const about: unknown = read?.ok === true ? read.value : undefined
  const names = new Set(
    ['dependencies', 'devDependencies'].flatMap((key) => {
      const found = fieldOf(about, key)
      return isRecord(found) ? Object.keys(found) : []
    })
  )
  const repository = await findUp(folder, '.git')
  const isInside = !relative(process.cwd(), resolve(folder)).split(sep).includes('..')
  return {
    // Without a package.json a project is yet to begin, and begins with modules.
    module: about === undefined || fieldOf(about, 'type') === 'module' ? 'esm' : 'commonjs',
    runner: names.has('vitest') ? 'vitest' : names.has('jest') ? 'jest' : 'vitest',
    root: repository === undefined ? (isInside ? process.cwd() : folder) : dirname(repository)
  }
}

function fieldOf(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** The nearest file or folder of that name in a folder or above it. */
async function findUp(folder: string, name: string): Promise<string | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, name)
    if (await isThere(path)) return path
    if (dirname(at) === at) return undefined
  }
}

/** Whether something has this path; a broken link counts. */
export async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false
  )
}
