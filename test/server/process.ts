// `casemate serve` in a process of its own.
import { spawn } from 'node:child_process'

/** Those of a caller whose token is in the file of the tests. */
export const headers = {
  authorization: 'Bearer secret-of-the-portal',
  'content-type': 'application/json'
}

export interface Running {
  readonly url: string
  readonly pid: number
  /** All that it has said so far. */
  readonly said: () => string
  readonly decide: (action: string, user?: string) => Promise<{ decision: boolean }>
  readonly signal: (name: NodeJS.Signals) => void
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

/** The body of a request about a note. */
export function questionOf(action: string, user = 'ada'): string {
  return JSON.stringify({
    subject: { type: 'user', id: user },
    action: { name: action },
    resource: { type: 'note', id: 'n1' }
  })
}

/** Starts the command on a free port, and waits until it listens. */
export async function startServe(
  command: string,
  options: readonly string[],
  env: Readonly<Record<string, string>> = {}
): Promise<Running> {
  const child = spawn(process.execPath, [command, 'serve', '--port', '0', ...options], {
    env: { ...process.env, ...env }
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended: Running['ended'] = new Promise((resolve) =>
    child.once('exit', (code, signal) => {
      resolve({ code, signal })
    })
  )
  await until(() => {
    if (child.exitCode !== null) throw new Error(said)
    return said.includes('listening on')
  })
  const url = /listening on (\S+)/.exec(said)?.[1] ?? ''
  return {
    url,
    pid: child.pid ?? 0,
    said: () => said,
    decide: async (action, user) => {
      const body = questionOf(action, user)
      const response = await fetch(`${url}/access/v1/evaluation`, { method: 'POST', headers, body })
      return (await response.json()) as { decision: boolean }
    },
    signal: (name) => {
      child.kill(name)
    },
    ended
  }
}

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50))
}
