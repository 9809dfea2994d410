// `casemate serve` beside the decision server of Cerbos: the same question of the same people over HTTP, one at a time and
// fifty in a request, in turns, as the processor time of the server's process for each decision. Nothing where Cerbos is
// not installed: README.md says how.
//
// The two do not know the same: casemate looks up who asks, Cerbos is told in the request which roles they have.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { servedPolicy } from '../served-policy.mjs'
import { distFolder } from '../setup.mjs'
import { measure } from './child.mjs'

const connections = 16
/** Requests of a round, by the decisions in one. */
const counts = new Map([
  [1, 1500],
  [50, 150]
])
/** Processor time in /proc is in hundredths of a second; a tick in nanoseconds. */
const tick = 10_000_000

const packaged = '../node_modules/@cerbos/cerbos-linux-x64/cerbos-linux-x64'
const binary = process.env.CERBOS ?? fileURLToPath(new URL(packaged, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'casemate-cerbos-'))
const at = (name) => join(folder, name)
const servers = []

const cerbosPolicy = `apiVersion: api.cerbos.dev/v1
resourcePolicy:
  resource: note
  version: default
  rules:
    - actions: ['*']
      effect: EFFECT_ALLOW
      roles: [user]
      condition: { match: { expr: '!has(R.attr.org) && R.attr.owner == P.id' } }
    - actions: ['*']
      effect: EFFECT_ALLOW
      roles: [user]
      condition: { match: { expr: 'has(R.attr.org) && R.attr.org in P.attr.editor' } }
    - actions: [read]
      effect: EFFECT_ALLOW
      roles: [user]
      condition: { match: { expr: 'has(R.attr.org) && R.attr.org in P.attr.member' } }
`

await measure(async ({ rounds, warmUp, progress }) => {
  try {
    return existsSync(binary) ? await compare({ rounds, warmUp, progress }) : []
  } finally {
    for (const server of servers) server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function compare({ rounds, warmUp, progress }) {
  const servers = [await startCasemate(), await startCerbos()]
  const lanes = [...counts].flatMap(([size, count]) =>
    servers.map((server) => ({ server, size, count, times: [] }))
  )
  for (let round = -warmUp; round < rounds; round++) {
    for (const { server, size, count, times } of round % 2 === 0 ? lanes : [...lanes].reverse()) {
      const before = cpuOf(server.pid)
      await ask(server, size, count)
      if (round >= 0) times.push(((cpuOf(server.pid) - before) * tick) / (count * size))
    }
    progress((round + warmUp + 1) / (rounds + warmUp))
  }
  for (const { agent } of servers) agent.destroy()
  return lanes.map(({ server: { name }, size, times }) => ({ name, size, times }))
}

async function startCasemate() {
  writeFileSync(at('policy.json'), JSON.stringify(servedPolicy.document))
  writeFileSync(at('subjects.ndjson'), servedPolicy.subjects)
  const args = [`${distFolder}/cli/main.js`, 'serve', '--port', '0']
  const child = start(process.execPath, [
    ...args,
    '--policy',
    at('policy.json'),
    '--subjects',
    at('subjects.ndjson')
  ])
  const [, port] = await said(child, /listening on http:\/\/127\.0\.0\.1:(\d+)/)
  const item = ({ user, org }) => ({
    subject: { type: 'user', id: user },
    action: { name: 'read' },
    resource: { type: 'note', id: 'n1', properties: { owner: user, org } }
  })
  return {
    name: 'casemate serve',
    pid: child.pid,
    port: Number(port),
    path: (size) => `/access/v1/evaluation${size === 1 ? '' : 's'}`,
    body: (questions) => (questions.length === 1 ? item(questions[0]) : { evaluations: questions.map(item) }),
    answers: (read) => (read.evaluations ?? [read]).map(({ decision }) => decision)
  }
}

async function startCerbos() {
  mkdirSync(at('policies'))
  writeFileSync(at('policies/note.yaml'), cerbosPolicy)
  const port = 3592
  const config = {
    server: { httpListenAddr: `127.0.0.1:${port}`, grpcListenAddr: '127.0.0.1:3593' },
    storage: { driver: 'disk', disk: { directory: at('policies'), watchForChanges: false } },
    telemetry: { disabled: true },
    audit: { enabled: false }
  }
  writeFileSync(at('cerbos.yaml'), JSON.stringify(config))
  const child = start(binary, ['server', `--config=${at('cerbos.yaml')}`, '--log-level=warn'])
  const roles = new Map(
    servedPolicy.subjects.split('\n').map((line) => {
      const { id, roles: held } = JSON.parse(line)
      const orgs = (role) => held.flatMap((one) => (one.role === role ? [one.org] : []))
      return [id, { editor: orgs('editor'), member: orgs('member') }]
    })
  )
  for (let i = 0; i < 600 && !(await isUp(port)); i++)
    await new Promise((resolve) => setTimeout(resolve, 100))
  return {
    name: 'Cerbos',
    pid: child.pid,
    port,
    path: () => '/api/check/resources',
    body: (questions) => ({
      requestId: 'r1',
      principal: { id: questions[0].user, roles: ['user'], attr: roles.get(questions[0].user) },
      resources: questions.map(({ user, org }, n) => ({
        actions: ['read'],
        resource: { kind: 'note', id: `n${n}`, attr: { owner: user, org } }
      }))
    }),
    answers: (read) => read.results.map(({ actions }) => actions.read === 'EFFECT_ALLOW')
  }
}

function start(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  servers.push(child)
  return child
}

function said(child, pattern) {
  let text = ''
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(text)))
    child.stdout.on('data', (chunk) => {
      text += chunk
      const found = pattern.exec(text)
      if (found) resolve(found)
    })
  })
}

async function isUp(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/_cerbos/health`)).ok
  } catch {
    return false
  }
}

/** Processor time of a process, of all its threads. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** Asks so many times, over some connections, about people who hold a role in the organization and some who do not. */
async function ask(server, size, count) {
  const agent = (server.agent ??= new Agent({ keepAlive: true, maxSockets: connections }))
  let left = count
  const client = async () => {
    while (left-- > 0) {
      const user = `u${left % 100}`
      const questions = Array.from({ length: size }, (_, n) => ({ user, org: `o${((left + n) % 14) + 1}` }))
      const read = JSON.parse(await post(agent, server, size, JSON.stringify(server.body(questions))))
      const right = questions.map(({ org }) => Number(org.slice(1)) <= 10)
      if (server.answers(read).join() !== right.join()) throw new Error(`${server.name}: another answer`)
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
}

function post(agent, { port, path }, size, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const sent = request(
      { host: '127.0.0.1', port, path: path(size), method: 'POST', agent, headers },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk) => (text += chunk))
        response.on('end', () => resolve(text))
      }
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
