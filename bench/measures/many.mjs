// `explain` beside `can`, or with `what: 'filter'` a filter of 100,000 rows beside the kernel in a loop.
import { casemate } from '../engines/casemate.mjs'
import { kernel } from '../engines/kernel.mjs'
import { compete } from '../harness.mjs'
import { decisionLane, taskLane } from '../lanes.mjs'
import { readWorld } from '../setup.mjs'
import { agent, byOrganizations, random, uuid } from '../workload.mjs'
import { measure } from './child.mjs'

const rowCount = 100_000

await measure(async ({ rounds, warmUp, sampling, progress, what }) => {
  const { document, subjects, requests } = readWorld('coder')
  const setting = { document, inputs: subjects.map(({ input }) => input) }
  const [floor] = kernel(setting)
  const [byName] = await casemate(setting)
  // Rows that repeat what the model has answered about one permission, each with an id of its own.
  const subject = byOrganizations.get(10)
  const known = requests.filter(
    (request) =>
      request.subject === subject && request.object.type === 'workspace' && request.action === 'read'
  )
  const draw = random(3)
  const picked = Array.from({ length: rowCount }, () => known[draw() % known.length])
  const expected = picked.filter(({ allowed }) => allowed).length
  const text = JSON.stringify(picked.map(({ object }) => ({ ...object, id: uuid(draw) })))
  const prepare = () => JSON.parse(text)
  const isRight = (kept) => kept.length === expected
  const reader = floor.subjects[subject]
  const filters = {
    'kernel in a loop': (rows) => {
      const kept = []
      for (const row of rows) if (floor.decide(reader, 'read', row)) kept.push(row)
      return kept
    },
    filter: (rows) => byName.subjects[subject].filter('read', rows)
  }
  const asked = requests.filter((request) => request.subject !== agent)
  const decide = (s, action, object) => s.explain(action, object).allowed
  const lanes =
    what === 'filter'
      ? Object.entries(filters).map(([name, run]) => ({
          name,
          ...taskLane({ name, size: 1, prepare, run, check: isRight })
        }))
      : Object.entries({ can: byName, explain: { ...byName, decide } }).map(([name, engine]) => ({
          name,
          ...decisionLane({ ...engine, name, requests: asked }, sampling)
        }))
  const times = compete(lanes, { rounds, warmUp, onRound: progress })
  return lanes.map(({ name }, i) => ({ name, times: times[i] }))
})
