// What a recorder adds to a decision: `can` of the subject itself, of one whose allows are only counted, and of one
// whose refusals are lines. The lines go nowhere, but they are made and handed over as for any sink; that is done between
// the samples, as it is between the turns of a server.
import { casemate } from '../engines/casemate.mjs'
import { decisionLane } from '../lanes.mjs'
import { entryPoint, readWorld } from '../setup.mjs'
import { random, shuffle } from '../workload.mjs'
import { measure } from './child.mjs'

const member = 0

await measure(async ({ rounds, warmUp = 10, sampling, progress }) => {
  const records = await entryPoint('records/index')
  if (records?.createRecorder === undefined) return []
  const { document, subjects, requests } = readWorld('coder')
  const [byName] = await casemate({ document, inputs: subjects.map(({ input }) => input) })
  const { compile } = await entryPoint('index')
  const policy = compile(document)
  const subject = policy.subject(subjects[member].input)
  const asked = requests.filter((request) => request.subject === member)
  const [allowed, refused] = [true, false].map((answer) => asked.filter((one) => one.allowed === answer))
  const recorder = records.createRecorder({ policy, write: () => undefined, allowed: 0 })
  const recorded = recorder.of(subject)
  const lane = (name, who, list) => ({
    name,
    ...decisionLane({ ...byName, name, subjects: subjects.map(() => who), requests: list }, sampling)
  })
  const lanes = [
    lane('`can`, allowed', subject, allowed),
    lane('an allow that is only counted', recorded, allowed),
    lane('`can`, refused', subject, refused),
    lane('a refusal and its line', recorded, refused)
  ]
  const draw = random(29)
  const times = lanes.map(() => [])
  for (let round = -warmUp; round < rounds; round++) {
    for (const index of shuffle([...lanes.keys()], draw)) {
      const time = lanes[index].sample()
      if (round >= 0) times[index].push(time)
      await recorder.flush()
    }
    progress((round + warmUp + 1) / (rounds + warmUp))
  }
  if (recorder.counts().dropped > 0)
    throw new Error('lines were dropped, and dropping is cheaper than writing')
  return lanes.map(({ name }, i) => ({ name, times: times[i] }))
})
