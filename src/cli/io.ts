// What the subcommands share: loading a policy with its options, reading input, printing, and reporting failures.
import { InvalidArgumentError } from 'commander'
import type { Policy } from '../policy/types/index.js'
import type { PolicyDocument } from '../document/index.js'
import { isCasemateError, PolicyError, RequestError } from '../errors.js'
import { loadPolicy } from '../node/index.js'
import { jsonText } from '../output/json.js'
import { terminalLine, terminalText } from '../output/terminal.js'
import { compile } from '../policy/create.js'
import { parseJson } from '../text/json.js'
import { longestLine, readWhole } from '../text/lines.js'
import type { OptionValue } from '../types.js'

/** The answer is no, or a check failed. */
export const exitNo = 1
/** The policy, the input or the command itself is wrong. */
export const exitInvalid = 2

/** The longest page or list of expectations: some 300,000 of them. In bytes. */
export const longestInput: number = 64 * 1024 * 1024

/** Prints an error on standard error and sets the exit status. An unexpected error keeps its stack. */
export function reportFailure(error: unknown): void {
  tell(failureLines(error))
  process.exitCode = exitInvalid
}

/** What an error says, line by line; an unexpected one with its stack. */
export function failureLines(error: unknown): string[] {
  if (error instanceof PolicyError) return error.problems.flatMap(({ message }) => message.split('\n'))
  if (isCasemateError(error)) return error.message.split('\n')
  if (!(error instanceof Error)) return [String(error)]
  if ('syscall' in error && 'path' in error && 'code' in error)
    return [`${String(error.path)}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`]
  return (error.stack ?? error.message).split('\n')
}

/** One `--option NAME=VALUE`, as commander collects them. */
export function collectOption(
  text: string,
  before: ReadonlyMap<string, string> = new Map()
): ReadonlyMap<string, string> {
  const equals = text.indexOf('=')
  if (equals <= 0) throw new InvalidArgumentError('expected NAME=VALUE')
  return new Map([...before, [text.slice(0, equals), text.slice(equals + 1)]])
}

/** Loads and compiles a policy file; the text of an option is matched with its declared values. */
export async function loadCompiled(
  path: string,
  options: ReadonlyMap<string, string> = new Map()
): Promise<Policy> {
  const document = await loadPolicy(path)
  return compile(document, { options: readOptions(document, options) })
}

function readOptions(
  document: PolicyDocument,
  given: ReadonlyMap<string, string>
): Record<string, OptionValue> {
  const declared = new Map(Object.entries(document.options ?? {}))
  // A text that is no declared value is kept: `compile` refuses it and suggests the nearest one.
  return Object.fromEntries(
    [...given].map(([name, text]) => [
      name,
      declared.get(name)?.values.find((value) => String(value) === text) ?? text
    ])
  )
}

/**
 * All of standard input, as one request.
 *
 * @throws RequestError `invalid_request` for too many bytes, and for input that is not UTF-8.
 */
export async function readInput(): Promise<string> {
  const input = await readWhole(process.stdin, longestLine)
  if (!input.ok) throw new RequestError('invalid_request', input.message)
  return input.text
}

/**
 * The value of a JSON text that is a request.
 *
 * @throws RequestError `invalid_request` for text that is not JSON, and for JSON that readers could read in two ways.
 */
export function parseInput(text: string): unknown {
  const data = parseJson(text)
  if (!data.ok) throw new RequestError('invalid_request', data.message)
  return data.value
}

/** Whether to colour what goes to standard output: only on a terminal, never with `NO_COLOR`. */
export function hasColour(): boolean {
  return process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
}

/** Whether nothing goes to standard output; set once for each run of a command. */
let isQuiet = false

/** Says for the command that begins whether it prints anything on standard output. */
export function setQuiet(quiet: boolean): void {
  isQuiet = quiet
}

/**
 * Writes a text that is ready for standard output, and nothing under `--quiet`: what a command prints goes through here.
 * False where the reader is slower than the command.
 */
export function write(text: string): boolean {
  return isQuiet || process.stdout.write(text)
}

/** Writes lines to standard output; each stays one line of the terminal, whatever it contains. */
export function print(...lines: readonly string[]): void {
  write(lines.map((line) => `${terminalLine(line)}\n`).join(''))
}

/** Writes a text of several lines that is ready for a terminal, including its colours. */
export function printText(text: string): void {
  write(`${terminalText(text, { colour: hasColour() })}\n`)
}

/** Writes a value to standard output as one line of JSON. */
export function printJson(value: unknown): void {
  write(`${jsonText(value)}\n`)
}

/** Writes lines to standard error; each stays one line of the terminal, whatever it contains. */
export function tell(lines: readonly string[]): void {
  process.stderr.write(lines.map((line) => `${terminalLine(line)}\n`).join(''))
}
