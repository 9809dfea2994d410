// Decisions on objects of one shape, or of a dozen as rows from a dozen queries have: other columns, in other places.
// `shape` says which: code that has seen a dozen shapes stays slower for one, so each has a process of its own, with a
// yardstick beside it: a copy of the kernel that sees one shape in both.
import { casemate } from '../engines/casemate.mjs'
import { kernel } from '../engines/kernel.mjs'
import { compete } from '../harness.mjs'
import { kernelFor as yardstickFor } from '../kernel.mjs?yardstick'
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
  const [yardstick] = kernel(setting, yardstickFor)
  const [byName] = await casemate(setting)
  const [floor] = kernel(setting)
  const asked = requests.filter(({ subject }) => subject !== agent)
  const lanes = {
    yardstick: { ...yardstick, name: 'yardstick', toRow: shapes.one },
    casemate: { ...byName, toRow: shapes[shape] },
    kernel: { ...floor, toRow: shapes[shape] }
  }
  const times = compete(
    Object.values(lanes).map((lane) => decisionLane({ ...lane, requests: asked }, sampling)),
    { rounds, warmUp, onRound: progress }
  )
  return Object.keys(lanes).map((engine, i) => ({ engine, times: times[i] }))
})
