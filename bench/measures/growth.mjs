// How the cost of a decision grows with roles held (1 → 30: two of a thousand defined against thirty of them) and with
// roles defined (10 → 1,000), casemate beside the kernel.
import { casemate } from '../engines/casemate.mjs'
import { kernel } from '../engines/kernel.mjs'
import { compete } from '../harness.mjs'
import { decisionLane } from '../lanes.mjs'
import { readWorld } from '../setup.mjs'
import { measure } from './child.mjs'

/** Where a world's subject stands, by the name of what it shows. */
const points = { 'few defined': ['few', 0], 'many defined': ['many', 0], 'many held': ['many', 1] }

await measure(async ({ rounds, warmUp, sampling, progress }) => {
  const contestants = []
  for (const [point, [worldName, subject]] of Object.entries(points)) {
    const { document, subjects, requests } = readWorld(worldName)
    const setting = { document, inputs: subjects.map(({ input }) => input) }
    const [byName] = await casemate(setting)
    for (const engine of [kernel(setting)[0], byName])
      contestants.push({
        ...engine,
        point,
        engine: engine.name,
        name: `${engine.name} ${point}`,
        requests: requests.filter((request) => request.subject === subject)
      })
  }
  const times = compete(
    contestants.map((contestant) => decisionLane(contestant, sampling)),
    {
      rounds,
      warmUp,
      onRound: progress
    }
  )
  return contestants.map(({ engine, point }, i) => ({ engine, point, times: times[i] }))
})
