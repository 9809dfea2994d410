// Decisions on objects of one shape, or of a dozen as rows from a dozen queries have: other columns, in other places.
// `shape` says which: code that has seen a dozen shapes stays slower for one, so each has a process of its own.
import { casemate } from '../engines/casemate.mjs'
import { kernel } from '../engines/kernel.mjs'
import { compete } from '../harness.mjs'
import { decisionLane } from '../lanes.mjs'
import { readWorld } from '../setup.mjs'
import { agent } from '../workload.mjs'
import { measure } from './child.mjs'

const shapes = {
  one: ({ type, id, owner = null, org = null }) => ({ type, id, owner, org }),
  dozen: (object, i) => rows[(i * 7 + (object.id?.charCodeAt(0) ?? 0)) % rows.length](object)
}

const rows = [
  ({ type, id, owner = null, org = null }) => ({ type, id, owner, org }),
  ({ type, id, owner = null, org = null }) => ({ id, type, owner, org }),
  ({ type, id, owner = null, org = null }) => ({ id, owner, org, type }),
  ({ type, id, owner = null, org = null }) => ({ org, owner, type, id }),
  ({ type, id, owner = null, org = null }) => ({ id, name: 'a', type, owner, org }),
  ({ type, id, owner = null, org = null }) => ({ id, name: 'a', created_at: 1, type, owner, org }),
  ({ type, id, owner = null, org = null }) => ({ id, created_at: 1, owner, org, name: 'a', type }),
  ({ type, id, owner = null, org = null }) => ({ type, id, owner, org, version: 1 }),
  ({ type, id, owner = null, org = null }) => ({ version: 1, type, id, owner, org }),
  ({ type, id, owner = null, org = null }) => ({ type, org, id, state: 'on', owner }),
  ({ type, id, owner = null, org = null }) => ({ state: 'on', id, owner, type, size: 3, org }),
  ({ type, id, owner = null, org = null }) => ({ size: 3, state: 'on', org, id, owner, name: 'a', type })
]

await measure(async ({ rounds, warmUp, sampling, progress, shape }) => {
  const { document, subjects, requests } = readWorld('coder')
  const setting = { document, inputs: subjects.map(({ input }) => input) }
  const engines = [kernel(setting)[0], (await casemate(setting))[0]]
  const asked = requests.filter(({ subject }) => subject !== agent)
  const lanes = engines.map((engine) =>
    decisionLane({ ...engine, toRow: shapes[shape], requests: asked }, sampling)
  )
  const times = compete(lanes, { rounds, warmUp, onRound: progress })
  return engines.map(({ name }, i) => ({ engine: name, times: times[i] }))
})
