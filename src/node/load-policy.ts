// A policy file → the checked document. The only place that reads policies from disk: data files are sized before
// they are read, and only a file that says it is code (.ts, .js and their kin) is ever run.
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import {
  defaultMaxBytes,
  type DocumentLimits,
  type PolicyDocument,
  type ProblemCode
} from '../document/index.js'
import { loadCode } from './code.js'
import { parsePolicyText, tooLarge, type TextFormat } from './parse-text.js'
import { textError } from './text-problem.js'

const textFormats: ReadonlyMap<string, TextFormat> = new Map([
  ['.json', 'json'],
  ['.yaml', 'yaml'],
  ['.yml', 'yaml']
])
const codeExtensions: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'])

/**
 * Loads a policy from a file: `.json`, `.yaml` and `.yml` are read as data; `.ts`, `.mts`, `.cts`, `.js`, `.mjs` and
 * `.cjs` are code and are run, so that only a file that you trust may be one. Code exports the policy as its default
 * or as `policy`, and may import `casemate` wherever it lies.
 *
 * Throws a `PolicyError` with every problem of the file or the document; code that throws is one, with
 * what it threw as `cause`.
 * `maxBytes` limits a data file before it is read, and the policy that code exports.
 */
export async function loadPolicy(path: string, limits: DocumentLimits = {}): Promise<PolicyDocument> {
  const extension = extname(path).toLowerCase()
  const format = textFormats.get(extension)
  if (format !== undefined) {
    const text = await readText(path, limits.maxBytes ?? defaultMaxBytes)
    return await parsePolicyText(text, format, { ...limits, name: path })
  }
  if (!codeExtensions.has(extension)) {
    const known = [...textFormats.keys(), ...codeExtensions].join(', ')
    throw fileError(path, 'unknown_format', `a policy file ends in one of ${known}`)
  }
  await (await openFile(path)).close()
  return await loadCode(path, resolve(path), limits)
}

function fileError(path: string, code: ProblemCode, message: string): Error {
  return textError(path, '', [{ code, message }])
}

/** Opens before it asks, so that what is measured is what is read; reads one byte more than allowed at most. */
async function readText(path: string, maxBytes: number): Promise<string> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    if (size > maxBytes) throw tooLarge(path, maxBytes)
    const chunks: Buffer[] = []
    const stream: AsyncIterable<Buffer> = file.createReadStream({ end: maxBytes, autoClose: false })
    for await (const chunk of stream) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    if (bytes.length > maxBytes) throw tooLarge(path, maxBytes)
    return decode(path, bytes)
  } finally {
    await file.close()
  }
}

async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle
  try {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    throw fileError(path, 'unreadable_file', systemMessage(error))
  }
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw fileError(path, 'unreadable_file', 'not a file')
}

function systemMessage(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it'
  return error instanceof Error ? error.message : String(error)
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw fileError(path, 'syntax_error', 'not a UTF-8 text')
  }
}
