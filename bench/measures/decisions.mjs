// Cost of a decision, every engine beside the kernel: on the mixed workload, for the agent, and for an organization
// admin by the number of organizations held. `engines` says which group (`engines/index.mjs`), `scenarios` which of
// these (all if not given), `withoutAcl` leaves out the resources whose objects may carry an ACL.
import { createEngines } from '../engines/index.mjs'
import { compete } from '../harness.mjs'
import { decisionLane } from '../lanes.mjs'
import { readWorld } from '../setup.mjs'
import { agent, byOrganizations } from '../workload.mjs'
import { measure } from './child.mjs'

await measure(
  async ({ rounds, warmUp, sampling, progress, engines: group, scenarios: asked, withoutAcl }) => {
    const { document, subjects, requests } = readWorld('coder')
    const engines = await createEngines(group, { document, inputs: subjects.map(({ input }) => input) })
    const scenarios = [
      { name: 'mixed', of: (subject) => subject !== agent },
      { name: 'agent', of: (subject) => subject === agent },
      ...[...byOrganizations].map(([count, index]) => ({
        name: `${count}`,
        of: (subject) => subject === index
      }))
    ].filter(({ name }) => asked?.includes(name) ?? true)
    const results = []
    for (const [i, scenario] of scenarios.entries()) {
      const requested = requests.filter(
        ({ subject, object }) =>
          scenario.of(subject) && !(withoutAcl && document.resources[object.type].acl === true)
      )
      const contestants = engines.flatMap((engine) => {
        const covered = requested.filter(
          (request) => engine.covers?.(request, subjects[request.subject].input) ?? true
        )
        const name = `${engine.name} ${scenario.name}`
        return covered.length === 0 ? [] : [{ ...engine, name, engine: engine.name, requests: covered }]
      })
      const times = compete(
        contestants.map((contestant) => decisionLane(contestant, sampling)),
        { rounds, warmUp, onRound: (share) => progress((i + share) / scenarios.length) }
      )
      for (const [c, { engine, requests: covered }] of contestants.entries())
        results.push({
          scenario: scenario.name,
          engine,
          share: covered.length / requested.length,
          times: times[c]
        })
    }
    return results
  }
)
