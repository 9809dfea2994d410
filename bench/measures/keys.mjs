// What API keys cost beside one decision: checking the request for a key, by the schema and by the parser behind it,
// and turning a stored key into a subject.
import { casemate } from '../engines/casemate.mjs'
import { compete } from '../harness.mjs'
import { decisionLane, taskLane } from '../lanes.mjs'
import { entryPoint, readWorld } from '../setup.mjs'
import { random, uuid } from '../workload.mjs'
import { measure } from './child.mjs'

const member = 0

await measure(async ({ rounds, warmUp, sampling, progress }) => {
  const scopes = await entryPoint('scopes/index')
  if (scopes?.tokenRequestSchema === undefined) return []
  const { document, subjects, requests } = readWorld('coder')
  const inputs = subjects.map(({ input }) => input)
  const [byName] = await casemate({ document, inputs })
  const { compile } = await entryPoint('index')
  const policy = compile(document)
  const subject = policy.subject(inputs[member])
  const settings = { maxLifetime: 30 * 24 * 3600e9, defaultLifetime: 24 * 3600e9 }
  const schema = scopes.tokenRequestSchema(policy, settings)
  const parse = scopes.tokenRequestParser(policy, settings)
  const draw = random(17)
  const body = () => ({
    scopes: ['coder:workspaces.access', 'template:read'],
    allow_list: [{ type: 'workspace', id: uuid(draw) }, 'template:*'],
    lifetime: 3600e9,
    token_name: 'build-key'
  })
  const fresh = (value) => () => JSON.parse(JSON.stringify(value()))
  const stored = fresh(() => parse(body()).stored)
  const workspace = { type: 'workspace', owner: 'somebody' }
  const tasks = {
    'checking a request, by the schema': {
      prepare: fresh(body),
      run: (given) => schema.safeParse(given),
      check: ({ success }) => success
    },
    'checking a request, by the parser': { prepare: fresh(body), run: parse, check: ({ ok }) => ok },
    'a stored key, `ceilingOf` and `within`': {
      prepare: stored,
      run: (row) => subject.within(scopes.ceilingOf(policy, row).ceiling),
      check: (key) => key.id === subject.id && !key.can('delete', workspace)
    }
  }
  const own = requests.filter((request) => request.subject === member)
  const lanes = [
    { name: 'can', ...decisionLane({ ...byName, requests: own }, sampling) },
    ...Object.entries(tasks).map(([name, task]) => ({ name, ...taskLane({ name, size: 256, ...task }) }))
  ]
  const times = compete(lanes, { rounds, warmUp, onRound: progress })
  return lanes.map(({ name }, i) => ({ name, times: times[i] }))
})
