// What a guard adds to a call of a store, beside one decision: the same method called bare and through its rule, and
// the store of one subject made anew, as it is for each request. The method does nothing, so nothing hides the guard.
import { performance } from 'node:perf_hooks'

import { casemate } from '../engines/casemate.mjs'
import { decisionLane } from '../lanes.mjs'
import { entryPoint, readWorld } from '../setup.mjs'
import { random, shuffle, uuid } from '../workload.mjs'
import { measure } from './child.mjs'

const member = 0
const size = 256
const methods = ['insert', 'update', 'remove', 'list', 'find', 'purge', 'count']
const AsyncFunction = (async () => undefined).constructor

await measure(async ({ rounds, warmUp = 10, sampling, progress }) => {
  const guards = await entryPoint('guard/index')
  if (guards?.guard === undefined) return []
  const { document, subjects, requests } = readWorld('coder')
  const [byName] = await casemate({ document, inputs: subjects.map(({ input }) => input) })
  const { compile } = await entryPoint('index')
  const policy = compile(document)
  const subject = policy.subject(subjects[member].input)
  const store = Object.fromEntries(methods.map((name) => [name, async (owner) => owner]))
  const object = (_store, owner) => ({ type: 'boundary_log', owner })
  const rules = Object.fromEntries(methods.map((name) => [name, { action: 'create', object }]))
  const guard = guards.guard(policy, store, rules)
  const guarded = guard.as(subject)
  const draw = random(23)
  const own = () => JSON.parse(JSON.stringify(subject.id))
  // Whoever is let through wrongly, or refused wrongly, ends the run.
  await guarded.insert(uuid(draw)).then(
    () => Promise.reject(new Error('the guard lets everybody through')),
    (error) => {
      if (error.code !== 'forbidden') throw error
    }
  )
  const asked = requests.filter((request) => request.subject === member)
  const lanes = [
    { name: 'can', ...decisionLane({ ...byName, requests: asked }, sampling) },
    lane('a bare call', own, 'await run(input)', (owner) => store.insert(owner)),
    lane('a guarded call', own, 'await run(input)', (owner) => guarded.insert(owner)),
    lane('`as(subject)` of seven methods', own, 'run(input)', () => guard.as(subject))
  ]
  const times = lanes.map(() => [])
  for (let round = -warmUp; round < rounds; round++) {
    for (const index of shuffle([...lanes.keys()], draw)) {
      const time = await lanes[index].sample()
      if (round >= 0) times[index].push(time)
    }
    progress((round + warmUp + 1) / (rounds + warmUp))
  }
  return lanes.map(({ name }, i) => ({ name, times: times[i] }))
})

/** Like `taskLane`, for calls that may have to be awaited; each has a loop compiled for it alone. */
function lane(name, prepare, call, run) {
  const loop = new AsyncFunction(
    'run',
    'inputs',
    `// ${name}
    let done = 0
    for (const input of inputs) if (${call}) done++
    return done`
  )
  return {
    name,
    sample: async () => {
      const inputs = Array.from({ length: size }, prepare)
      globalThis.gc?.({ type: 'minor' })
      const start = performance.now()
      const done = await loop(run, inputs)
      const time = performance.now() - start
      if (done !== size) throw new Error(`${name} gave a wrong result`)
      return (time * 1e6) / size
    }
  }
}
