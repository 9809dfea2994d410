// A page's session, played in a folder beside the packed package: files are written and edited, commands are run. Those that
// are not of casemate need something of their own, as a database; without `runOther` they are left out.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stepsOf } from './pages.js'
import type { Shell } from './shell.js'

/** What a step did, and what its page says of it. */
export interface Played {
  /** `page:line`. */
  readonly where: string
  readonly said: string
  readonly happened: string
}

/** The folder of a page's session in a folder that `unpack` made. */
export function sessionFolder(folder: string, page: string): string {
  return join(folder, `session-${page.replaceAll(/\W+/g, '-')}`)
}

/** Runs a command line in a folder; what it prints. */
export type RunOther = (cwd: string, line: string) => Promise<string>

export async function playSession(
  shell: Shell,
  folder: string,
  page: string,
  runOther?: RunOther
): Promise<Played[]> {
  const cwd = sessionFolder(folder, page)
  mkdirSync(cwd)
  const played: Played[] = []
  const casemate = async (words: string): Promise<string> => {
    const { stdout, stderr } = await shell.casemate(cwd, wordsOf(words))
    return stdout + stderr
  }
  for (const step of stepsOf(page)) {
    const where = `${page}:${step.line}`
    if ('words' in step) {
      const printed = step.kind === 'casemate' ? casemate(step.words) : runOther?.(cwd, step.words)
      if (printed === undefined) continue
      played.push({ where, said: step.printed.trim(), happened: leaveOut(await printed, step.printed) })
      continue
    }
    const path = join(cwd, step.path)
    mkdirSync(dirname(path), { recursive: true })
    if (step.kind === 'file') writeFileSync(path, step.text)
    else {
      const parts = readFileSync(path, 'utf8').split(step.from)
      played.push({
        where,
        said: 'found once',
        happened: parts.length === 2 ? 'found once' : 'not found once'
      })
      writeFileSync(path, parts.join(step.to))
    }
  }
  return played
}

/** The words of a command line; those in single quotes are one. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
}

/** What a command printed, with `…` for the lines that its page leaves out. */
function leaveOut(printed: string, said: string): string {
  const lines = printed.trim().split('\n')
  const wanted = said.trim().split('\n')
  const gap = wanted.indexOf('…')
  if (gap < 0) return lines.join('\n')
  const rest = wanted.length - gap - 1
  return [...lines.slice(0, gap), '…', ...lines.slice(Math.max(gap, lines.length - rest))].join('\n')
}
