// Three ways to the same answer: `casemate decide`, the server, and a replay of what the server wrote down, on generated
// policies and requests, from the same files.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, parsePolicy, parseSubject, type Policy } from '../../src/index.js'
import { openRecords } from '../../src/cli/serve/records.js'
import { loadSource } from '../../src/cli/serve/source.js'
import { isPlainObject } from '../../src/problems/plain.js'
import { createHandler } from '../../src/server/index.js'
import { worldOfDocument, type WorldWithCases } from '../arbitraries/index.js'
import { decisionsIn } from '../records/support.js'
import { casemate } from '../support/cli.js'
import { floor, isDeep, runs } from '../support/depth.js'
import { ask } from './ask.js'

let folder = ''
const at = (name: string): string => join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'casemate-recorded-'))
  writeFileSync(at('mask.key'), 'a-key-that-nobody-knows')
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

type Data = Readonly<Record<string, unknown>>

/** A request that AuthZEN has words for too: its object has an id. */
interface Asked {
  readonly subject: Data
  readonly action: string
  readonly object: Data
}

/** What became of a request. */
interface Verdict {
  readonly allowed: boolean
  readonly isError: boolean
}

/** Every subject that a file can have, once, with every question of the world. */
function requestsOf({ world, cases }: WorldWithCases, policy: Policy): Asked[] {
  const systems = Object.keys(world.document.systemSubjects ?? {}).map((system) => ({ system }))
  const users = new Map<unknown, Data>()
  const questions: Omit<Asked, 'subject'>[] = []
  for (const { question, repaired } of cases)
    for (const { subject, action, object } of [question, repaired]) {
      const [who, about] = [asJson(subject), asJson(object)]
      if (isPlainObject(who) && parseSubject(policy, who).ok && !users.has(who['id']))
        users.set(who['id'], who)
      if (typeof action !== 'string' || action === '' || !isPlainObject(about)) continue
      const named = { ...about, id: about['id'] ?? 'n1' }
      if (isText(named.id) && isText(about['type'])) questions.push({ action, object: named })
    }
  return [...users.values(), ...systems].flatMap((subject) =>
    questions.map((question) => ({ subject, ...question }))
  )
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function asJson(value: unknown): unknown {
  const [read] = JSON.parse(JSON.stringify([value])) as unknown[]
  return read
}

function itemOf({ subject, action, object: { type, id, ...properties } }: Asked): object {
  const isSystem = Object.hasOwn(subject, 'system')
  return {
    subject: isSystem ? { type: 'system', id: subject['system'] } : { type: 'user', id: subject['id'] },
    action: { name: action },
    resource: { type, id, properties }
  }
}

async function decided(requests: readonly Asked[], options: readonly string[]): Promise<Verdict[]> {
  const lines = requests.map((request) => JSON.stringify(request)).join('\n')
  const { stdout } = await casemate(['decide', '--policy', at('policy.json'), ...options], lines)
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const answer = JSON.parse(line) as { allowed?: boolean; error?: unknown }
      return { allowed: answer.allowed === true, isError: answer.error !== undefined }
    })
}

interface Answer {
  readonly decision: boolean
  readonly context?: { readonly error?: unknown }
}

/** What a server with these files answers, some in one request, and the log that it leaves behind. */
async function served(
  requests: readonly Asked[],
  option: ReadonlyMap<string, string>,
  system: readonly string[],
  { atOnce, isMasked }: { readonly atOnce: number; readonly isMasked: boolean }
): Promise<{ readonly verdicts: Verdict[]; readonly lines: string[] }> {
  writeFileSync(at('log.ndjson'), '')
  const told: string[] = []
  const records = await openRecords(
    {
      records: at('log.ndjson'),
      recordsAllowed: 1,
      ...(isMasked ? { maskKeyFile: at('mask.key') } : {})
    },
    (line) => told.push(line)
  )
  const files = { policy: at('policy.json'), subjects: at('subjects.ndjson') }
  const source = await loadSource({ ...files, option, system }, records)
  const handler = createHandler(() => source.source())
  const verdicts: Verdict[] = []
  for (let i = 0; i < requests.length; i += atOnce) {
    const items = requests.slice(i, i + atOnce).map(itemOf)
    const { body } =
      atOnce === 1
        ? await ask(handler, 'evaluation', items[0])
        : await ask(handler, 'evaluations', { evaluations: items })
    const answers = atOnce === 1 ? [body as Answer] : (body as { evaluations: Answer[] }).evaluations
    for (const { decision, context } of answers)
      verdicts.push({ allowed: decision, isError: context?.error !== undefined })
  }
  await source.close()
  expect(told).toEqual([])
  const lines = readFileSync(at('log.ndjson'), 'utf8').trim().split('\n')
  return { verdicts, lines }
}

/** How many items a request has, and whether the log has pseudonyms. */
const ways = fc.record({ atOnce: fc.constantFrom(1, 7, 100), isMasked: fc.boolean() })

describe('`casemate decide`, the server and a replay of its log', () => {
  it('agree on every request', async () => {
    const sums = { requests: 0, allowed: 0, errors: 0 }
    await fc.assert(
      fc.asyncProperty(worldOfDocument(true, 60), ways, async (drawn, way) => {
        const { document, options } = drawn.world
        const policy: Policy = compile(parsePolicy(document), { options })
        const requests = requestsOf(drawn, policy)
        if (requests.length === 0) return
        const option = new Map(Object.entries(options).map(([name, value]) => [name, String(value)]))
        const words = [...option].flatMap(([name, value]) => ['--option', `${name}=${value}`])
        const subjects = new Map(requests.map(({ subject }) => [subject['id'], subject]))
        subjects.delete(undefined)
        writeFileSync(at('policy.json'), JSON.stringify(document))
        writeFileSync(
          at('subjects.ndjson'),
          [...subjects.values()].map((one) => JSON.stringify(one)).join('\n')
        )

        const expected = await decided(requests, words)
        expect(expected).toHaveLength(requests.length)
        const systems = Object.keys(document.systemSubjects ?? {})
        const { verdicts, lines } = await served(requests, option, systems, way)
        expect(verdicts).toEqual(expected)

        const answered = expected.filter(({ isError }) => !isError)
        const written = decisionsIn(lines)
        expect(written.map(({ allowed }) => allowed)).toEqual(answered.map(({ allowed }) => allowed))
        const fails = ['--fail-on', 'gained', '--fail-on', 'lost', '--json']
        const log = at('log.ndjson')
        const replayed = await casemate(['replay', log, '--policy', at('policy.json'), ...words, ...fails])
        expect(replayed).toMatchObject({ status: 0, stderr: '' })
        const report = JSON.parse(replayed.stdout) as Record<string, unknown>
        expect(report).toMatchObject({
          decisions: answered.length,
          same: answered.length,
          isSampled: false,
          flips: [],
          unanswerable: [],
          problems: []
        })
        sums.requests += requests.length
        sums.allowed += answered.filter(({ allowed }) => allowed).length
        sums.errors += requests.length - answered.length
      }),
      { numRuns: runs(12, 160) }
    )
    expect(sums.requests).toBeGreaterThan(isDeep ? 100_000 : floor(5_000))
    expect(sums.allowed).toBeGreaterThan(floor(150))
    expect(sums.errors).toBeGreaterThan(floor(20))
  })
})
