// Runs the command line in this process, with the streams and the exit status of a process of its own.
import { PassThrough, Readable, type Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runProgram } from '../../src/cli/program.js'

export interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `casemate` with some arguments and standard input; paths are relative to the project. One at a time. */
export async function casemate(
  args: readonly string[],
  input: string | Uint8Array = '',
  { isTerminal = false }: { readonly isTerminal?: boolean } = {}
): Promise<Ran> {
  const stdout = new PassThrough({ highWaterMark: 1 << 24 })
  const stderr = new PassThrough({ highWaterMark: 1 << 24 })
  const stdin = Readable.from(input === '' ? [] : [Buffer.from(input)])
  // Somebody may be asked; what is printed stays plain.
  if (isTerminal) for (const stream of [stdin, stderr]) Object.assign(stream, { isTTY: true })
  const restore = [replace('stdin', stdin), replace('stdout', stdout), replace('stderr', stderr)]
  const before = process.exitCode
  process.exitCode = 0
  try {
    await runProgram(args, '0.0.0')
    stdout.end()
    stderr.end()
    return { status: process.exitCode, stdout: await text(stdout), stderr: await text(stderr) }
  } finally {
    process.exitCode = before
    for (const undo of restore) undo()
  }
}

function replace(name: 'stdin' | 'stdout' | 'stderr', stream: Readable | Writable): () => void {
  const original = Object.getOwnPropertyDescriptor(process, name)
  Object.defineProperty(process, name, { configurable: true, value: stream })
  return () => {
    if (original !== undefined) Object.defineProperty(process, name, original)
  }
}
