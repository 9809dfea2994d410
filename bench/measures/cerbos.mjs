// `casemate serve` beside the decision server of Cerbos in one run: the same question of the same people over HTTP, one at
// a time and fifty in a request, in turns. `npm run build && npm --prefix bench run cerbos`; the binary is that of
// CERBOS=PATH, or of the package: `npm --prefix bench install --no-save @cerbos/cerbos-linux-x64`. Linux alone: the
// processor time of a process is read from /proc.
//
// The two do not know the same: casemate looks up who asks, Cerbos is told in the request which roles they have.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { servedPolicy } from './served-policy.mjs'

const connections = 16
const batch = 50
const [rounds, warmUp] = [12, 4]
/** Requests of a round. */
const counts = { one: 1500, [batch]: 150 }
/** Processor time in /proc is in hundredths of a second. */
const tick = 10_000

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const binary = process.env.CERBOS ?? here('node_modules/@cerbos/cerbos-linux-x64/cerbos-linux-x64')
if (!existsSync(binary)) throw new Error(`${binary} is not there: see the head of this file`)
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

try {
  const lanes = [await startCasemate(), await startCerbos()]
  const times = new Map()
  for (let round = -warmUp; round < rounds; round++)
    for (const [size, count] of Object.entries(counts))
      for (const lane of round % 2 === 0 ? lanes : [...lanes].reverse()) {
        const [cpu, began] = [cpuOf(lane.pid), performance.now()]
        await ask(lane, size === 'one' ? 1 : batch, count)
        const decisions = count * (size === 'one' ? 1 : batch)
        const spent = [
          ((cpuOf(lane.pid) - cpu) * tick) / decisions,
          ((performance.now() - began) * 1000) / decisions
        ]
        const key = `${lane.name} | ${size}`
        if (round >= 0) times.set(key, [...(times.get(key) ?? []), spent])
      }
  console.log(
    '| server | decisions in a request | processor time a decision | by the clock |\n| --- | --- | --- | --- |'
  )
  for (const [key, spent] of times) {
    const median = (at) =>
      spent
        .map((one) => one[at])
        .sort((a, b) => a - b)
        [spent.length >> 1].toFixed(1)
    console.log(`| ${key} | ${median(0)} µs | ${median(1)} µs |`)
  }
} finally {
  for (const server of servers) server.kill()
  rmSync(folder, { recursive: true, force: true })
}

async function startCasemate() {
  writeFileSync(at('policy.json'), JSON.stringify(servedPolicy.document))
  writeFileSync(at('subjects.ndjson'), servedPolicy.subjects)
  const args = [here('../dist/cli/main.js'), 'serve', '--port', '0']
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
async function ask(lane, size, count) {
  const agent = (lane.agent ??= new Agent({ keepAlive: true, maxSockets: connections }))
  let left = count
  const client = async () => {
    while (left-- > 0) {
      const user = `u${left % 100}`
      const questions = Array.from({ length: size }, (_, n) => ({ user, org: `o${((left + n) % 14) + 1}` }))
      const read = JSON.parse(await post(agent, lane, size, JSON.stringify(lane.body(questions))))
      const right = questions.map(({ org }) => Number(org.slice(1)) <= 10)
      if (lane.answers(read).join() !== right.join()) throw new Error(`${lane.name}: another answer`)
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
