// The built `casemate decide` against the oracle of the tests: generated policies, each with thousands of requests, a
// quarter of them malformed, as files and lines of JSON. Every answer is compared: the verdict of `can` and of
// `explain`, the reason, and the code of an error. Run by hand after a build, as
// `npm run replay:model -- [POLICIES] [REQUESTS] [SEED]`; it counts as many policies with containers, attributes and
// the rest as policies without any.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { worldOfDocument } from '../test/arbitraries/index.js'
import { modelAnswer, type Question, type World } from '../test/model.js'

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

/** How many disagreements are printed; the others are counted. */
const mostPrinted = 20

type Answer =
  { readonly allowed: boolean; readonly reason?: string } | { readonly error: { readonly code: string } }

/** What the command answers to a file of requests, line by line. */
function decide(policy: string, requests: string, args: readonly string[]): Answer[] {
  const input = openSync(requests, 'r')
  try {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [main, 'decide', '--policy', policy, ...args],
      { stdio: [input, 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 2 ** 30 }
    )
    if (status !== 0 && status !== 1)
      throw new Error(`\`decide\` ended with ${status ?? 'a signal'}: ${stderr}`)
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Answer)
  } finally {
    closeSync(input)
  }
}

/** The question as a line of a request; none where JSON has no words for it. */
function requestLine({ subject, within, action, object }: Question): string | undefined {
  try {
    return JSON.stringify({ subject, ...(within?.length ? { within } : {}), action, object })
  } catch {
    return undefined
  }
}

function inWords(answer: ReturnType<typeof modelAnswer> | Answer | undefined): string {
  if (answer === undefined) return 'nothing'
  if (!('error' in answer)) return `${answer.allowed ? 'allowed' : 'denied'} ${answer.reason ?? ''}`
  return typeof answer.error === 'string' ? answer.error : answer.error.code
}

/** The requests of one world, asked of both; counts the answers by what they are, and prints where two differ. */
function replayWorld(
  world: World,
  lines: readonly string[],
  folder: string,
  counts: Map<string, number>
): number {
  const [policy, requests] = [join(folder, 'policy.json'), join(folder, 'requests.ndjson')]
  writeFileSync(policy, JSON.stringify(world.document))
  writeFileSync(requests, `${lines.join('\n')}\n`)
  const options = Object.entries(world.options).flatMap(([name, value]) => ['--option', `${name}=${value}`])
  const explained = decide(policy, requests, [...options, '--explain'])
  const answered = decide(policy, requests, options)
  if (explained.length !== lines.length || answered.length !== lines.length)
    throw new Error(`${lines.length} requests have ${explained.length} and ${answered.length} answers`)
  let wrong = 0
  for (const [number, line] of lines.entries()) {
    const expected = modelAnswer(world, JSON.parse(line) as Question)
    const withReason = inWords(expected)
    const verdict = 'error' in expected ? withReason : inWords({ allowed: expected.allowed })
    const answers = [inWords(explained[number]), inWords(answered[number])]
    counts.set(withReason, (counts.get(withReason) ?? 0) + 1)
    if (answers[0] === withReason && answers[1] === verdict) continue
    if (++wrong <= mostPrinted)
      process.stdout.write(
        `the model says ${withReason}, the command ${answers.join(' and ')}\n  ${line}\n` +
          `  ${JSON.stringify(world.options)} ${JSON.stringify(world.document)}\n`
      )
  }
  return wrong
}

const [policies = 300, requests = 2_000, seed = Date.now() | 0] = process.argv.slice(2).map(Number)
process.stdout.write(`seed ${seed}\n`)
const folder = mkdtempSync(join(tmpdir(), 'casemate-replay-'))
let wrong = 0
try {
  for (const isWide of [true, false]) {
    const counts = new Map<string, number>()
    let asked = 0
    for (let number = 0; number < policies; number++) {
      const [one] = fc.sample(worldOfDocument(isWide, requests), { seed: seed + number, numRuns: 1 })
      if (one === undefined) continue
      const lines = one.cases.flatMap(({ question }) => requestLine(question) ?? [])
      wrong += replayWorld(one.world, lines, folder, counts)
      asked += lines.length
      if ((number + 1) % 10 === 0)
        process.stdout.write(`${number + 1} policies, ${asked} requests, ${wrong} disagreements\n`)
    }
    const told = [...counts].sort(([, a], [, b]) => b - a).map(([what, count]) => `  ${count} ${what}\n`)
    const kind = isWide ? 'with containers, attributes and the rest' : 'without them'
    process.stdout.write(`${policies} policies ${kind}, ${asked} requests\n${told.join('')}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`${wrong} disagreements\n`)
process.exitCode = wrong === 0 ? 0 : 1
