// `casemate decide`: reads one JSON request on each line and prints one JSON answer on each line, in order. Lines are
// answered as they come, so memory does not grow with their number.
import { once } from 'node:events'
import { Command } from 'commander'
import type { Policy } from '../../policy/types/index.js'
import { parseRequest } from '../../policy/parse.js'
import { parseJson } from '../../text/json.js'
import { jsonText } from '../../output/json.js'
import { collectOption, exitNo, loadCompiled, write } from '../io.js'
import { startProgress } from '../progress.js'
import { lineProblem, readLines, type Line } from '../../text/lines.js'

interface DecideOptions {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly explain?: boolean
}

/** How many characters of answers are collected before they are written. */
const writtenAtOnce = 1 << 16

export function decideCommand(): Command {
  return new Command('decide')
    .description('answer JSON requests from standard input, one a line')
    .requiredOption('--policy <file>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--explain', 'add the reason to each answer')
    .option('--json', 'changes nothing: answers are JSON')
    .addHelpText(
      'after',
      `
Example:
  $ echo '{"subject":{"system":"dbpurge"},"action":"delete","object":{"type":"boundary_log"}}' |
      casemate decide --policy policies/coder/index.ts --explain
  {"allowed":true,"reason":"granted"}

Exit status: 1 if any request was bad (its line says so), 2 if the policy or the command is wrong.`
    )
    .action(async (options: DecideOptions) => {
      const policy = await loadCompiled(options.policy, options.option)
      await decideAll(policy, options.explain === true)
    })
}

async function decideAll(policy: Policy, withReason: boolean): Promise<void> {
  let waiting = ''
  let decided = 0
  // Answers that go to the terminal show themselves how far it is.
  const progress = process.stdout.isTTY ? undefined : startProgress('decided')
  const flush = async (): Promise<void> => {
    const isTaken = write(waiting)
    waiting = ''
    if (!isTaken) await once(process.stdout, 'drain')
  }
  for await (const lines of readLines(process.stdin)) {
    for (const line of lines) {
      const answer = answerLine(policy, line, withReason)
      if (answer === undefined) continue
      if ('error' in answer) process.exitCode = exitNo
      waiting += `${jsonText(answer)}\n`
      progress?.report(++decided)
      if (waiting.length >= writtenAtOnce) await flush()
    }
    if (waiting !== '') await flush()
  }
  progress?.end()
}

type Answer =
  | { readonly allowed: boolean; readonly reason?: string }
  | { readonly error: { readonly code: string; readonly message: string } }

/** The answer to one line; none to a blank one. */
function answerLine(policy: Policy, line: Line, withReason: boolean): Answer | undefined {
  if (typeof line !== 'string') return refuse('invalid_request', lineProblem(line))
  if (line.trim() === '') return undefined
  const data = parseJson(line)
  if (!data.ok) return refuse('invalid_request', data.message)
  const request = parseRequest(policy, data.value, { allowSystem: true })
  if (!request.ok) {
    const [problem] = request.problems
    return refuse(problem?.code ?? 'invalid_request', problem?.message ?? 'not a request')
  }
  const { subject, action, object } = request.value
  if (!withReason) return { allowed: subject.can(action, object) }
  const { allowed, reason } = subject.explain(action, object)
  return { allowed, reason }
}

function refuse(code: string, message: string): Answer {
  return { error: { code, message } }
}
