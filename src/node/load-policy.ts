// A policy file → the checked document. Only files with the ending of code (.ts, .js and similar) are run. They are
// read first, because the loader would accept bytes that are not UTF-8.
import { extname, resolve } from 'node:path'
import {
  defaultMaxBytes,
  type DocumentLimits,
  type PolicyDocument,
  type ProblemCode
} from '../document/index.js'
import { loadCode } from './code.js'
import { parsePolicyText, type TextFormat } from './parse-text.js'
import { readTextFile } from './read-text.js'
import { textError } from '../text/problem.js'
import { quoteValue } from '../problems/quote.js'

const textFormats: ReadonlyMap<string, TextFormat> = new Map([
  ['.json', 'json'],
  ['.yaml', 'yaml'],
  ['.yml', 'yaml']
])
const codeExtensions: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'])

/**
 * Loads a policy from a file: `.json`, `.yaml` and `.yml` are read as data; `.ts`, `.mts`, `.cts`, `.js`, `.mjs` and
 * `.cjs` are code and are run, so load only files that you trust. Code exports the policy as its default or as
 * `policy`, and may import `casemate` from any folder.
 *
 * Throws a `PolicyError` with every problem of the file or the document, each with the file, and in data files with line
 * and column. If code throws, what it threw is the `cause`.
 * The file and the TypeScript modules that it imports are UTF-8, or refused; imported `.mjs`, `.cjs` and `.json` files
 * are read by Node, which replaces broken bytes. `maxBytes` limits a data file before it is read, and the policy that code exports. A symbolic link may lead to a file
 * in the repository of the path; without a repository, to one in the current folder, or else in the folder of the path.
 * A link that leads out of it is refused.
 */
export async function loadPolicy(path: string, limits: DocumentLimits = {}): Promise<PolicyDocument> {
  const extension = extname(path).toLowerCase()
  const format = formatOf(path)
  if (format !== undefined) {
    const text = await readText(path, limits.maxBytes ?? defaultMaxBytes)
    return await parsePolicyText(text, format, { ...limits, name: path })
  }
  if (!codeExtensions.has(extension)) {
    const known = [...textFormats.keys(), ...codeExtensions].join(', ')
    throw fileError(
      path,
      'unknown_format',
      `unknown file ending ${quoteValue(extension)}; expected one of ${known}`
    )
  }
  await readText(path, longestCode)
  return await loadCode(path, resolve(path), limits)
}

/** The format of a file that is data; `undefined` for one that is code, or nothing that is known. */
export function formatOf(path: string): TextFormat | undefined {
  return textFormats.get(extname(path).toLowerCase())
}

/** Longer files of code are refused. */
const longestCode = 64 * defaultMaxBytes

async function readText(path: string, maxBytes: number): Promise<string> {
  const file = await readTextFile(path, { maxBytes })
  if (!file.ok) throw fileError(path, file.code, file.message)
  return file.text
}

function fileError(path: string, code: ProblemCode, message: string): Error {
  return textError(path, '', [{ code, message }])
}
