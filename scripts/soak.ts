// A decision server under many clients at once, while its policy is replaced again and again, by broken ones too: nothing
// is answered with 5xx, no answer is another than the policies in force give, and what it holds after a collection of
// garbage does not grow. `npm run soak -- --clients 200 --seconds 60`.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { bundle } from '../test/support/bundle.js'
import { headers, startServe, until } from '../test/server/process.js'

const { values } = parseArgs({
  options: { clients: { type: 'string', default: '200' }, seconds: { type: 'string', default: '60' } }
})
const [clients, seconds] = [Number(values.clients), Number(values.seconds)]
/** Milliseconds between two policies. */
const replaceEvery = 2000
/** Every so many policies one is broken. */
const brokenEvery = 4
const users = 1000
/** Looks at the memory in a run, as milliseconds between two for each second of it: forty. */
const looks = 25

const folder = mkdtempSync(join(tmpdir(), 'casemate-soak-'))
const at = (name: string): string => join(folder, name)

/** Editors may write under every second policy. */
const policyOf = (version: number): string => `name: soak
resources:
  note: { actions: { read: read it, write: change it, remove: remove it } }
roles:
  reader: { kind: site, grants: { site: { allow: { note: [read] } } } }
  editor: { kind: org, grants: { org: { allow: { note: [${version % 2 === 1 ? 'read, write' : 'read'}] } } } }
`
/** Of ten users one holds nothing, two read everywhere, and the others edit in an organization of ten. */
const isReader = (user: number): boolean => user % 10 === 1 || user % 10 === 2
const orgOf = (user: number): string => `o${user % 7}`
const rolesOf = (user: number): readonly unknown[] =>
  user % 10 === 0 ? [] : isReader(user) ? ['reader'] : [{ role: 'editor', org: orgOf(user) }]

interface Question {
  readonly user: number
  readonly action: 'read' | 'write' | 'remove'
  readonly org: string
}

function expected({ user, action, org }: Question, version: number): boolean {
  if (user % 10 === 0 || action === 'remove') return false
  if (isReader(user)) return action === 'read'
  return org === orgOf(user) && (action === 'read' || version % 2 === 1)
}

const below = (count: number): number => Math.floor(Math.random() * count)
const draw = (): Question => ({
  user: below(users),
  action: (['read', 'write', 'remove'] as const)[below(3)] ?? 'read',
  org: `o${below(7)}`
})
const itemOf = ({ user, action, org }: Question): object => ({
  subject: { type: 'user', id: `u${user}` },
  action: { name: action },
  resource: { type: 'note', id: 'n1', properties: { org } }
})

/** A file is replaced as a whole. */
function replace(name: string, text: string): void {
  writeFileSync(at(`${name}.new`), text)
  renameSync(at(`${name}.new`), at(name))
}

/** The versions that may be in force: from the one that is known to be to the one that was written last. */
const versions = { known: 1, written: 1 }
const seen = { requests: 0, decisions: 0, allowed: 0, wrong: 0, statuses: new Map<number, number>() }
const agent = new Agent({ keepAlive: true, maxSockets: clients })

function post(url: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function askOnce(url: string): Promise<void> {
  const questions = Array.from({ length: Math.random() < 0.2 ? 10 : 1 }, draw)
  const isBatch = questions.length > 1
  const from = versions.known
  const items = questions.map(itemOf)
  const { status, text } = await post(
    `${url}/access/v1/evaluation${isBatch ? 's' : ''}`,
    JSON.stringify(isBatch ? { evaluations: items } : items[0])
  )
  seen.requests++
  seen.statuses.set(status, (seen.statuses.get(status) ?? 0) + 1)
  if (status !== 200) return
  const read = JSON.parse(text) as { decision: boolean; evaluations: { decision: boolean }[] }
  const answers = isBatch ? read.evaluations : [read]
  const possible = Array.from({ length: versions.written - from + 1 }, (_, n) => from + n)
  // Every item of a request is asked of the same version.
  const isRight =
    answers.length === questions.length &&
    possible.some((version) =>
      questions.every((question, i) => answers[i]?.decision === expected(question, version))
    )
  seen.decisions += answers.length
  seen.allowed += answers.filter(({ decision }) => decision).length
  if (!isRight) seen.wrong++
}

async function replacePolicies(url: string, end: number): Promise<void> {
  const reloads = async (result: string): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`, { headers })).text()
    return Number(new RegExp(`casemate_reloads_total\\{result="${result}"\\} (\\d+)`).exec(text)?.[1])
  }
  for (let n = 1; performance.now() < end; n++) {
    const isBroken = n % brokenEvery === 0
    const result = isBroken ? 'refused' : 'read'
    const before = await reloads(result)
    if (isBroken) replace('policy.yaml', policyOf(versions.written).replace('note: [read]', 'note: [red]'))
    else replace('policy.yaml', policyOf(++versions.written))
    await until(async () => (await reloads(result)) > before)
    versions.known = versions.written
    await new Promise((resolve) => setTimeout(resolve, replaceEvery))
  }
}

/**
 * Runs in the server: at a signal it collects its garbage, and says how many bytes are left. What the system has given a
 * process says little: a collector that has room enough takes its time.
 */
const collector = `import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
process.on('SIGUSR2', () => {
  collect()
  const { heapUsed, external, rss } = process.memoryUsage()
  process.stderr.write(\`held \${heapUsed + external} of \${rss}\\n\`)
})
`

/** What the server held after each collection, and what it had been given, in megabytes. */
function memoryIn(said: string): { readonly held: readonly number[]; readonly given: readonly number[] } {
  const all = [...said.matchAll(/^held (\d+) of (\d+)$/gm)]
  const megabytes = (group: number): number[] => all.map((match) => Number(match[group]) / (1 << 20))
  return { held: megabytes(1), given: megabytes(2) }
}

/** The means of the four quarters of a run. */
function quartersOf(numbers: readonly number[]): number[] {
  return [0, 1, 2, 3].map((n) => {
    const quarter = numbers.slice((n * numbers.length) / 4, ((n + 1) * numbers.length) / 4)
    return quarter.reduce((a, b) => a + b, 0) / quarter.length
  })
}

const inWords = (quarters: readonly number[]): string =>
  `${quarters.map((one) => one.toFixed(1)).join(', ')} MB`

try {
  replace('policy.yaml', policyOf(versions.written))
  replace(
    'subjects.ndjson',
    Array.from({ length: users }, (_, n) => JSON.stringify({ id: `u${n}`, roles: rolesOf(n) })).join('\n')
  )
  replace('tokens', 'secret-of-the-portal\n')
  const files = ['--policy', at('policy.yaml'), '--subjects', at('subjects.ndjson')]
  const command = await bundle('src/cli/main.ts', folder)
  const log = ['--records', at('log.ndjson'), '--records-allowed', '0.01']
  replace('collector.mjs', collector)
  const env = { NODE_OPTIONS: `--import ${pathToFileURL(at('collector.mjs')).href}` }
  const server = await startServe(command, [...files, '--token-file', at('tokens'), ...log], env)
  const began = performance.now()
  const end = began + seconds * 1000
  const look = setInterval(() => {
    server.signal('SIGUSR2')
  }, seconds * looks)
  const client = async (): Promise<void> => {
    while (performance.now() < end) await askOnce(server.url)
  }
  await Promise.all([replacePolicies(server.url, end), ...Array.from({ length: clients }, client)])
  clearInterval(look)
  agent.destroy()
  const took = (performance.now() - began) / 1000
  server.signal('SIGTERM')
  const { code } = await server.ended
  const { held, given } = memoryIn(server.said())
  const quarters = quartersOf(held)
  const [, second = NaN, , last = NaN] = quarters
  const statuses = [...seen.statuses].map(([status, count]) => `${count} × ${status}`).join(', ')
  console.log(`${clients} clients for ${took.toFixed(0)} s: ${seen.requests} requests (${statuses})`)
  console.log(`${seen.decisions} decisions, ${seen.allowed} of them allowed, ${seen.wrong} requests wrong`)
  console.log(`${versions.written} policies; the server ended with ${String(code)}`)
  console.log(`held after a collection, by quarters: ${inWords(quarters)}`)
  console.log(`given by the system: ${inWords(quartersOf(given))}`)
  const isFlat = last < 1.1 * second
  const isWell = [...seen.statuses.keys()].every((status) => status === 200) && seen.wrong === 0 && code === 0
  if (!isFlat) console.log('what it holds grows')
  if (!isFlat || !isWell) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
