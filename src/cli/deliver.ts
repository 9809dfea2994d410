// Delivers generated texts: to standard output or into files. With `--check` it writes nothing, but compares them with
// the files and shows every difference on standard error.
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import { readTextFile, type UnreadFile } from '../node/read-text.js'
import { jsonText } from '../output/json.js'
import { exitNo, longestInput, printJson, tell, write } from './io.js'
import { lineDiff } from './line-diff.js'
import { fileTrouble, writeWhole } from './write-file.js'

export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

/** Writes or checks the files; with `check`, a file that differs makes the exit status 1. With `json` it says which. */
export async function deliver(
  command: Command,
  files: readonly GeneratedFile[],
  { check, json }: { readonly check?: boolean | undefined; readonly json?: boolean | undefined }
): Promise<void> {
  const stale: string[] = []
  for (const { path, text } of files) {
    if (check !== true) await orFail(command, 'write', path, () => writeInFolder(path, text))
    else if (!(await checkFile(command, path, text))) stale.push(path)
  }
  const paths = files.map(({ path }) => path)
  if (json === true) printJson(check === true ? { checked: paths, stale } : { written: paths })
  if (stale.length > 0) process.exitCode = exitNo
}

interface TextTarget {
  readonly output?: string | undefined
  readonly check?: boolean | undefined
  /** Whether the text is JSON itself, so that `--json` asks for it as it is. */
  readonly isJson?: boolean
}

/** Delivers one text into its file, or to standard output if no file is named. */
export async function deliverText(
  command: Command,
  { output, check, isJson = false }: TextTarget,
  text: string
): Promise<void> {
  const json = command.opts<{ readonly json?: boolean }>().json === true && !isJson
  if (output !== undefined) await deliver(command, [{ path: output, text }], { check, json })
  else if (check === true) command.error('error: --check without a file to compare: give -o FILE')
  else write(json ? `${jsonText({ text })}\n` : text)
}

/** The text of a file; fails the command if it cannot be read. */
export async function readFileOrFail(
  command: Command,
  path: string,
  maxBytes: number = longestInput
): Promise<string> {
  const file = await readTextFile(path, { maxBytes, streams: true })
  return file.ok ? file.text : refuseFile(command, path, file)
}

function refuseFile(command: Command, path: string, { code, message }: UnreadFile): never {
  return command.error(
    `error: cannot read ${path}: ${code === 'syntax_error' ? `it is ${message}` : message}`
  )
}

async function writeInFolder(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeWhole(path, text)
}

async function checkFile(command: Command, path: string, text: string): Promise<boolean> {
  const file = await readTextFile(path, { maxBytes: longestInput })
  if (!file.ok && !file.isMissing) refuseFile(command, path, file)
  const found = file.ok ? file.text : undefined
  if (found === text) return true
  const why = found === undefined ? 'is not there' : 'is not what would be generated'
  tell([`${path} ${why}; run the same command without --check`])
  process.stderr.write(`${lineDiff(found ?? '', text, path)}\n`)
  return false
}

/** Runs `act`; a file error fails the command with a message and without a stack. */
export async function orFail<T>(
  command: Command,
  verb: string,
  path: string,
  act: () => Promise<T>
): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const trouble = fileTrouble(error)
    if (trouble === undefined) throw error
    return command.error(`error: cannot ${verb} ${path}: ${trouble}`)
  }
}
