// JSON → a value. It accepts what `JSON.parse` accepts, except duplicate keys (one of them would be lost), halves of
// surrogate pairs, and too deep nesting. A problem names its place. All JSON from outside is read here.
import { defaultMaxDepth } from '../document/copy.js'
import { readPlainJson } from './plain-json.js'
import { lineStarts, mostProblems, positionIn, type TextProblem } from './problem.js'
import { formatPath } from '../problems/path.js'
import { quoteValue } from '../problems/quote.js'
import { faultOfText } from '../problems/unicode.js'

interface Reading {
  readonly text: string
  readonly maxDepth: number
  readonly problems: TextProblem[]
  /** The keys and positions on the way to the value that is read. */
  readonly path: (string | number)[]
  token: Token
  /** Set at the first syntax error or where it is too deep; nothing is read after that. */
  isStopped: boolean
}

interface Token {
  /** As in the text; empty where there is no JSON token: at the end, or before something else. */
  readonly source: string
  readonly start: number
}

/** The value of a text, or its first problem in one line. */
export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false
      readonly message: string
      /** Whether the text is valid JSON, and only its keys and texts are wrong. */
      readonly isJson: boolean
    }

/** Reads JSON other than a policy: a request, an expectation, a record. The message names the place in the text. */
export function parseJson(text: string): ParsedJson {
  const plain = readPlainJson(text, defaultMaxDepth)
  if (plain !== undefined) return { ok: true, value: plain.value }
  const problems: TextProblem[] = []
  const value = readJson(text, defaultMaxDepth, problems)
  const [problem] = problems
  if (problem === undefined) return { ok: true, value }
  const { path = '', message, offset = 0 } = problem
  const { line, column } = positionIn(lineStarts(text), offset)
  const where = line === 1 ? `column ${column}` : `line ${line}, column ${column}`
  return {
    ok: false,
    message: `${path === '' ? '' : `${path}: `}${message} (${where})`,
    isJson: problems.every((one) => one.path !== undefined)
  }
}

/** Reads a JSON text. Adds what is wrong to `problems`; the value must then not be used. */
export function readJson(text: string, maxDepth: number, problems: TextProblem[]): unknown {
  const reading: Reading = { text, maxDepth, problems, path: [], token: tokenAt(text, 0), isStopped: false }
  const value = readValue(reading)
  if (!reading.isStopped && (reading.token.source !== '' || reading.token.start < text.length)) {
    refuse(reading, 'nothing more')
  }
  return value
}

// Whitespace, then punctuation, the beginning of a string, a number or a word.
const tokens = /([\t\n\r ]*)([{}[\],:"]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)?/y
const escape = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

function tokenAt(text: string, from: number): Token {
  tokens.lastIndex = from
  const [, space = '', source = ''] = tokens.exec(text) ?? []
  const start = from + space.length
  return { source: source === '"' ? stringAt(text, start) : source, start }
}

/**
 * The string that begins there, quotes included; empty if it is not a valid one. A loop, since it may be megabytes
 * long.
 */
function stringAt(text: string, start: number): string {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '"') return text.slice(start, at + 1)
    if (character < ' ') return ''
    if (character !== '\\') continue
    escape.lastIndex = at
    const [escaped] = escape.exec(text) ?? []
    if (escaped === undefined) return ''
    at += escaped.length - 1
  }
  return ''
}

function advance(reading: Reading): void {
  const { text, token } = reading
  reading.token = tokenAt(text, token.start + token.source.length)
}

/** Steps over the token if it is this one. */
function takes(reading: Reading, source: string): boolean {
  if (reading.isStopped || reading.token.source !== source) return false
  advance(reading)
  return true
}

function readValue(reading: Reading): unknown {
  const { source } = reading.token
  if (source === '{' || source === '[') {
    if (reading.path.length >= reading.maxDepth) {
      stopTooDeep(reading)
      return undefined
    }
    advance(reading)
    return source === '{' ? readRecord(reading) : readList(reading)
  }
  if (source === '' || /^[}\],:]$/.test(source)) {
    refuse(reading, 'a value')
    return undefined
  }
  const value: unknown = JSON.parse(source)
  if (typeof value === 'string') checkText(reading, value)
  advance(reading)
  return value
}

function readList(reading: Reading): unknown[] {
  const list: unknown[] = []
  if (takes(reading, ']')) return list
  do {
    reading.path.push(list.length)
    list.push(readValue(reading))
    reading.path.pop()
  } while (takes(reading, ','))
  if (!takes(reading, ']')) refuse(reading, '`,` or `]`')
  return list
}

/** Sets a key, also `__proto__`, which a plain assignment would lose. */
export function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') record[key] = value
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true })
}

function readRecord(reading: Reading): object {
  const record: Record<string, unknown> = {}
  if (takes(reading, '}')) return record
  do {
    const key = readKey(reading)
    if (key === undefined) return record
    reading.path.push(key)
    checkText(reading, key)
    if (Object.hasOwn(record, key)) addDuplicate(reading, key)
    advance(reading)
    if (!takes(reading, ':')) refuse(reading, '`:`')
    setOwn(record, key, reading.isStopped ? undefined : readValue(reading))
    reading.path.pop()
  } while (takes(reading, ','))
  if (!takes(reading, '}')) refuse(reading, '`,` or `}`')
  return record
}

function readKey(reading: Reading): string | undefined {
  const { source } = reading.token
  if (source.startsWith('"')) return String(JSON.parse(source))
  refuse(reading, 'a key in double quotes')
  return undefined
}

function addDuplicate(reading: Reading, key: string): void {
  const { problems, path, token } = reading
  const message = `the key ${quoteValue(key)} is there twice`
  problems.push({ code: 'duplicate_key', path: formatPath(path), message, offset: token.start, value: key })
  if (problems.length >= mostProblems) reading.isStopped = true
}

/** Reports half of a surrogate pair, such as `\ud800` alone, in a value or a key. */
function checkText(reading: Reading, text: string): void {
  const message = faultOfText(text)
  if (message === undefined) return
  const { problems, path, token } = reading
  problems.push({ code: 'syntax_error', path: formatPath(path), message, offset: token.start, value: text })
  if (problems.length >= mostProblems) reading.isStopped = true
}

function refuse(reading: Reading, expected: string): void {
  if (reading.isStopped) return
  reading.isStopped = true
  const { text, token, problems } = reading
  const character = String.fromCodePoint(text.codePointAt(token.start) ?? 0)
  const found =
    token.start >= text.length ? 'the end' : quoteValue(token.source === '' ? character : token.source)
  problems.push({
    code: 'syntax_error',
    message: `not JSON: expected ${expected}, not ${found}`,
    offset: token.start
  })
}

function stopTooDeep(reading: Reading): void {
  reading.isStopped = true
  const { maxDepth, problems, token } = reading
  problems.push({
    code: 'document_too_deep',
    message: `nested deeper than ${maxDepth} levels`,
    offset: token.start
  })
}
