// A policy at a git revision, `REV:PATH`. Data is read from the repository without a checkout. Code needs the files
// around it, so it runs in a temporary work tree that is always removed afterwards. No hook runs, and no text of the
// caller can become an option of git.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { lstat, mkdtemp, realpath, symlink } from 'node:fs/promises'
import { constants, devNull, tmpdir } from 'node:os'
import { dirname, extname, join, posix, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { defaultMaxBytes, type PolicyDocument } from '../document/index.js'
import { PolicyError } from '../errors.js'
import { loadPolicy, parsePolicyText, type TextFormat } from './index.js'
import { isWithin } from './read-text.js'
import { notUtf8 } from '../problems/unicode.js'
import { decodeUtf8 } from '../text/utf8.js'
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

/** Whether a file of that name is data, which is never run. */
export function isData(path: string): boolean {
  return formats.has(extname(path).toLowerCase())
}

/**
 * The revision that a text names; empty for git's index (`:PATH`, `:0:PATH`), `undefined` if it is a path. Only the text decides, not which files exist, because a
 * branch may contain a file whose name looks like a revision. Write a file with a colon in its name as `./a:b.json`.
 */
export function readRevision(text: string): Revision | undefined {
  const colon = text.indexOf(':')
  const isPath = /^(?:\.{0,2}[\\/]|[a-z]:[\\/])/i.test(text)
  if (colon < 0 || colon === text.length - 1 || isPath) return undefined
  return { revision: text.slice(0, colon), path: text.slice(colon + 1) }
}

/**
 * Loads the policy as it was at a revision.
 *
 * @throws PolicyError for what is wrong with the policy; `unreadable_file` where git, the revision or the path is
 * missing.
 */
export async function loadRevision({ revision, path }: Revision): Promise<PolicyDocument> {
  if (revision.startsWith('-')) throw unreadable(`${revision}:${path}`, 'the revision starts with -')
  const name = `${revision}:${path}`
  if (revision === '') throw unreadable(name, `nothing is read from git's index${hintOf(name)}`)
  const commit = await git(name, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`
  ])
  if (commit === undefined) throw unreadable(name, `no such revision${hintOf(name)}`)
  const inside = await pathInside(name, path)
  const format = formats.get(extname(inside).toLowerCase())
  await refuseLink(name, commit, inside)
  if (format !== undefined) return await loadBlob(name, `${commit}:${inside}`, format)
  return await inWorkTree(name, commit, async (tree, root) => {
    const file = await fileIn(name, tree, inside)
    await linkModules(tree, root, dirname(relative(tree, file)))
    return await loadAs(name, file)
  })
}

/** How to name the file that has the name of a revision, where there is one. */
function hintOf(name: string): string {
  return existsSync(name) ? `; the file of that name is \`./${name}\`` : ''
}

/** Refuses a symbolic link: git would give its target path as content, and an error message would print that. */
async function refuseLink(name: string, commit: string, inside: string): Promise<void> {
  const entry = await git(name, ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', commit, '--', inside])
  if (entry?.startsWith('120000 ') === true)
    throw unreadable(name, 'a symbolic link there; name the file that it leads to')
}

/**
 * The real path of the file, without links, so that what is put next to it is in the tree too.
 *
 * @throws PolicyError where there is none, or where a link of the branch leads out of the tree.
 */
async function fileIn(name: string, tree: string, inside: string): Promise<string> {
  const file = await realpath(join(tree, inside)).catch(() => undefined)
  if (file === undefined) throw unreadable(name, 'no such file there')
  if (!isWithin(tree, file)) throw unreadable(name, 'a symbolic link leads out of the repository')
  return file
}

/** Loads the policy and puts `name` in its problems, because the temporary path would mean nothing to a reader. */
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

/** A branch may contain hooks and a file system monitor; neither is run. */
const safely = ['-c', `core.hooksPath=${devNull}`, '-c', 'core.fsmonitor=false']

/** In a commit hook git sets an index file for that commit, which must not be used for other work trees. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, GIT_INDEX_FILE: undefined }
}

/** What git prints, without the line break at its end; `undefined` where it fails. Throws if that is not UTF-8. */
async function git(name: string, args: readonly string[]): Promise<string | undefined> {
  const printed = await bytesFromGit(name, args)
  if (printed === undefined) return undefined
  const text = decodeUtf8(printed)
  if (text === undefined) throw unreadable(name, notUtf8)
  return text.replace(/\n$/, '')
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
      throw unreadable(name, 'git was not found')
    return undefined
  }
}

// --- work trees -----------------------------------------------------------------------------------------------------

/** Uses a work tree of a commit and removes it, also if the use fails or the process exits or is interrupted. */
async function inWorkTree<T>(
  name: string,
  commit: string,
  use: (tree: string, root: string) => Promise<T>
): Promise<T> {
  const root = await git(name, ['rev-parse', '--show-toplevel'])
  if (root === undefined) throw unreadable(name, 'not in a git repository with files')
  // The real path: the folder for temporary files is often a link.
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'casemate-')))
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

/** Synchronous, because it also runs when the process exits. */
function removeTree(root: string, tree: string, folder: string): void {
  try {
    const args = [...safely, '-C', root, 'worktree', 'remove', '--force', tree]
    execFileSync('git', args, { env: environment(), stdio: 'ignore' })
  } catch {
    // Incomplete or already removed. The folder is deleted below, and the next `worktree prune` of git forgets it.
  }
  rmSync(folder, { recursive: true, force: true })
}

/**
 * Links `node_modules` into the tree, since they are not in the repository: those next to the policy and above it are
 * used for the old revision too. The folder is inside the tree and no link.
 */
async function linkModules(tree: string, root: string, folder: string): Promise<void> {
  const parts = folder === '.' ? [] : folder.split(sep)
  for (let depth = 0; depth <= parts.length; depth++) {
    const [from, to] = [root, tree].map((base) => join(base, ...parts.slice(0, depth), 'node_modules'))
    if (from === undefined || to === undefined || !existsSync(from)) continue
    const isTaken = await lstat(to).then(
      () => true,
      () => false
    )
    if (!isTaken) await symlink(from, to, 'junction')
  }
}
