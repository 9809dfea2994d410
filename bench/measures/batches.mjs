// What one decision costs in a request for a hundred, from the handler alone: reading the body, deciding, writing the
// answer. The request and the response are Node's own, whose making is part of it. It is processor time of this process,
// the collecting of garbage included.
import { entryPoint } from '../setup.mjs'
import { servedPolicy } from '../served-policy.mjs'
import { measure } from './child.mjs'

const items = 100
const perSample = 20

await measure(async ({ rounds, warmUp = 10, progress }) => {
  const { compile } = await entryPoint('index')
  const { createHandler, storedSubjects } = await entryPoint('server/index')
  const { document, subjects } = servedPolicy
  const policy = compile(document)
  const handler = createHandler({ policy, subjects: storedSubjects(policy, subjects) })
  const resource = (i) => ({
    type: 'note',
    id: `n${i}`,
    properties: { owner: `u${i % 7}`, org: `o${(i % 12) + 1}` }
  })
  const each = (make) => Array.from({ length: items }, (_, i) => make(i))
  const lanes = [
    lane('a decision in a batch of 100 of one subject', handler, {
      subject: { type: 'user', id: 'u7' },
      action: { name: 'read' },
      evaluations: each((i) => ({ resource: resource(i) }))
    }),
    lane('a decision in a batch of 100 subjects', handler, {
      action: { name: 'write' },
      evaluations: each((i) => ({ subject: { type: 'user', id: `u${i}` }, resource: resource(i) }))
    })
  ]
  const times = lanes.map(() => [])
  for (let round = -warmUp; round < rounds; round++) {
    for (const [index, { sample }] of lanes.entries()) {
      const time = await sample()
      if (round >= 0) times[index].push(time)
    }
    progress((round + warmUp + 1) / (rounds + warmUp))
  }
  return lanes.map(({ name }, i) => ({ name, times: times[i] }))
})

function lane(name, handler, body) {
  const text = JSON.stringify(body)
  const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }
  const sample = async () => {
    const start = process.cpuUsage()
    for (let i = 0; i < perSample; i++) {
      const request = new Request('http://127.0.0.1/access/v1/evaluations', {
        method: 'POST',
        headers,
        body: text
      })
      const { evaluations } = await (await handler(request)).json()
      if (evaluations.length !== items) throw new Error(`${name} gave a wrong result`)
    }
    const { user, system } = process.cpuUsage(start)
    return ((user + system) * 1000) / (perSample * items)
  }
  return { name, sample }
}
