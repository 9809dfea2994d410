// What containers and attributes cost: the same rows asked of a policy with one container and two attributes of two
// values, and of the same policy without them. And what it costs to hold ten thousand containers instead of one: asked
// the same, and asked about each of them. `kind` says whether the values are booleans or texts; each has a process of its own, as a server has one policy. Of holding
// ten thousand places, the kernel says what it costs by hand: as organizations, since it knows no containers.
import { casemate } from '../engines/casemate.mjs'
import { kernel } from '../engines/kernel.mjs'
import { compete } from '../harness.mjs'
import { decisionLane } from '../lanes.mjs'
import { byProjects } from '../places.mjs'
import { readWorld } from '../setup.mjs'
import { measure } from './child.mjs'

/** Every subject but those that only show what the number of containers costs. */
const isMixed = ({ subject }) => ![...byProjects.values()].includes(subject)

await measure(async ({ rounds, warmUp, sampling, progress, kind }) => {
  const entrants = []
  for (const parts of ['placed', 'plain']) {
    const { document, subjects, requests } = readWorld(`${parts}, ${kind}`)
    const ways = await casemate({ document, inputs: subjects.map(({ input }) => input) })
    const add = (scenario, isAsked) => {
      for (const way of ways)
        entrants.push({ ...way, parts, scenario, engine: way.name, requests: requests.filter(isAsked) })
    }
    add('mixed', isMixed)
    if (parts === 'plain') continue
    for (const [count, subject] of byProjects) add(count, (request) => request.subject === subject)
    // Who holds ten thousand is asked what the one is asked who holds one; the answers are the same.
    const [one, many] = byProjects.values()
    const same = requests.filter(({ subject }) => subject === one)
    for (const way of ways)
      entrants.push({
        ...way,
        parts,
        scenario: 'the same',
        engine: way.name,
        requests: same.map((request) => ({ ...request, subject: many }))
      })
  }
  const { document, subjects, requests } = readWorld(`organized, ${kind}`)
  const [byHand] = await kernel({ document, inputs: subjects.map(({ input }) => input) })
  for (const [number, count] of [...byProjects.keys()].entries())
    entrants.push({
      ...byHand,
      parts: 'organized',
      scenario: count,
      engine: byHand.name,
      requests: requests.filter(({ subject }) => subject === number)
    })
  const lanes = entrants.map((entrant) =>
    decisionLane({ ...entrant, name: `${entrant.engine} ${entrant.parts} ${entrant.scenario}` }, sampling)
  )
  const times = compete(lanes, { rounds, warmUp, onRound: progress })
  return entrants.map(({ engine, parts, scenario }, i) => ({ engine, parts, scenario, times: times[i] }))
})
