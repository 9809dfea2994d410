// A policy file → the checked document. Only a file that says it is code (.ts, .js and their kin) is ever run; it is
// read before that, because whatever runs it would take broken bytes for a text.
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
 * `maxBytes` limits a data file before it is read, and the policy that code exports. A symbolic link is followed
 * within the repository that the path is in, or where there is none the current folder or the path's own; a file to
 * which one leads out of it is refused.
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
  await readText(path, longestCode)
  return await loadCode(path, resolve(path), limits)
}

/** A file of code that is longer is none. */
const longestCode = 64 * defaultMaxBytes

async function readText(path: string, maxBytes: number): Promise<string> {
  const file = await readTextFile(path, { maxBytes })
  if (!file.ok) throw fileError(path, file.code, file.message)
  return file.text
}

function fileError(path: string, code: ProblemCode, message: string): Error {
  return textError(path, '', [{ code, message }])
}
