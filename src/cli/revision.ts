// A policy at a git revision, `REV:PATH`. Data is read out of the repository and nothing is checked out; code needs the
// files around it, so it is run in a work tree of its own, in the folder for temporary files, that is gone afterwards,
// whatever happens. No hook runs, and nothing that the caller wrote is ever an option of git.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, symlink } from 'node:fs/promises'
import { constants, devNull, tmpdir } from 'node:os'
import { dirname, extname, join, posix } from 'node:path'
import { promisify } from 'node:util'
import { defaultMaxBytes, type PolicyDocument } from '../document/index.js'
import { PolicyError } from '../errors.js'
import { loadPolicy, parsePolicyText, type TextFormat } from '../node/index.js'
import { visible } from '../output/visible.js'

/** A path in the repository at a revision. A path that starts with `./` or `../` is relative to the current folder. */
export interface Revision {
  readonly revision: string
  readonly path: string
}

const formats: ReadonlyMap<string, TextFormat> = new Map([
  ['.json', 'json'],
  ['.yaml', 'yaml'],
  ['.yml', 'yaml']
])

/** Whether a file of that name is data, and nothing in it is ever run. */
export function isData(path: string): boolean {
  return formats.has(extname(path).toLowerCase())
}

/** The revision that is meant; none where the text has no colon, or names a file that is there. */
export function readRevision(text: string): Revision | undefined {
  const colon = text.indexOf(':')
  if (colon <= 0 || colon === text.length - 1 || existsSync(text)) return undefined
  return { revision: text.slice(0, colon), path: text.slice(colon + 1) }
}

/**
 * Loads the policy as it was at a revision.
 *
 * @throws PolicyError for what is wrong with the policy; `unreadable_file` where git, the revision or the path is not
 * there.
 */
export async function loadRevision({ revision, path }: Revision): Promise<PolicyDocument> {
  if (revision.startsWith('-')) throw unreadable(`${revision}:${path}`, 'a revision does not start with -')
  const name = `${revision}:${path}`
  const commit = await git(name, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`
  ])
  if (commit === undefined) throw unreadable(name, 'no such revision')
  const inside = await pathInside(name, path)
  const format = formats.get(extname(inside).toLowerCase())
  if (format !== undefined) return await loadBlob(name, `${commit}:${inside}`, format)
  return await inWorkTree(name, commit, async (tree, root) => {
    await linkModules(tree, root, dirname(inside))
    if (!existsSync(join(tree, inside))) throw unreadable(name, 'no such file there')
    return await loadAs(name, join(tree, inside))
  })
}

/** The policy in a file that its problems call by another name: where it lies means nothing to anybody. */
async function loadAs(name: string, file: string): Promise<PolicyDocument> {
  try {
    return await loadPolicy(file)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    const named = error.problems.map((problem) => ({
      ...problem,
      message: problem.message.replaceAll(visible(file), visible(name))
    }))
    throw new PolicyError(named)
  }
}

function unreadable(name: string, message: string): PolicyError {
  return new PolicyError([{ code: 'unreadable_file', path: '', message: `${name}: ${message}` }])
}

/** From the root of the repository. */
async function pathInside(name: string, path: string): Promise<string> {
  const prefix = /^\.\.?\//.test(path) ? ((await git(name, ['rev-parse', '--show-prefix'])) ?? '') : ''
  const inside = posix.normalize(posix.join(prefix, path))
  if (inside.startsWith('..') || posix.isAbsolute(inside))
    throw unreadable(name, 'the path is outside the repository')
  return inside
}

async function loadBlob(name: string, blob: string, format: TextFormat): Promise<PolicyDocument> {
  const size = await git(name, ['cat-file', '-s', blob])
  if (size === undefined) throw unreadable(name, 'no such file there')
  if (Number(size) > defaultMaxBytes) throw unreadable(name, `larger than ${defaultMaxBytes} bytes`)
  const text = await git(name, ['cat-file', 'blob', blob])
  if (text === undefined) throw unreadable(name, 'not a file')
  return await parsePolicyText(text, format, { name })
}

// --- git ------------------------------------------------------------------------------------------------------------

const run = promisify(execFile)

/** A branch may bring hooks and a monitor of files along; neither is run. */
const safely = ['-c', `core.hooksPath=${devNull}`, '-c', 'core.fsmonitor=false']

/** In a hook of a commit the index is one of that commit: it is not for other work trees. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, GIT_INDEX_FILE: undefined }
}

/** What git prints, without the line break at its end; `undefined` where it fails. Throws what is no UTF-8. */
async function git(name: string, args: readonly string[]): Promise<string | undefined> {
  const printed = await bytesFromGit(name, args)
  if (printed === undefined) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(printed).replace(/\n$/, '')
  } catch {
    throw unreadable(name, 'not a UTF-8 text')
  }
}

async function bytesFromGit(name: string, args: readonly string[]): Promise<Buffer | undefined> {
  try {
    const { stdout } = await run('git', [...safely, ...args], {
      encoding: 'buffer',
      env: environment(),
      maxBuffer: 2 * defaultMaxBytes
    })
    return stdout
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw unreadable(name, 'git is not there to read a revision')
    return undefined
  }
}

// --- work trees -----------------------------------------------------------------------------------------------------

/** Uses a work tree of a commit, and takes it away: also where the use fails, the process exits or is interrupted. */
async function inWorkTree<T>(
  name: string,
  commit: string,
  use: (tree: string, root: string) => Promise<T>
): Promise<T> {
  const root = await git(name, ['rev-parse', '--show-toplevel'])
  if (root === undefined) throw unreadable(name, 'not in a git repository with files')
  const folder = await mkdtemp(join(tmpdir(), 'casemate-'))
  const tree = join(folder, 'tree')
  const remove = (): void => {
    removeTree(root, tree, folder)
  }
  const stop = (signal: NodeJS.Signals): void => {
    process.exit(128 + constants.signals[signal])
  }
  process.on('exit', remove)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  try {
    const added = await git(name, ['-C', root, 'worktree', 'add', '--quiet', '--detach', tree, commit])
    if (added === undefined) throw unreadable(name, 'git cannot check it out')
    return await use(tree, root)
  } finally {
    process.off('exit', remove)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop)
    remove()
  }
}

/** At once, because it is also the last thing that a process does. */
function removeTree(root: string, tree: string, folder: string): void {
  try {
    const args = [...safely, '-C', root, 'worktree', 'remove', '--force', tree]
    execFileSync('git', args, { env: environment(), stdio: 'ignore' })
  } catch {
    // Half made, or already gone: the folder goes below, and git forgets it at its next `worktree prune`.
  }
  rmSync(folder, { recursive: true, force: true })
}

/** Modules are not in the repository: those beside the policy, and above it, serve its past as well. */
async function linkModules(tree: string, root: string, folder: string): Promise<void> {
  const parts = folder === '.' ? [] : folder.split('/')
  for (let depth = 0; depth <= parts.length; depth++) {
    const [from, to] = [root, tree].map((base) => join(base, ...parts.slice(0, depth), 'node_modules'))
    if (from === undefined || to === undefined || !existsSync(from) || existsSync(to)) continue
    if (existsSync(dirname(to))) await symlink(from, to, 'junction')
  }
}
