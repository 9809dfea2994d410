// The policies and subjects that are asked: the coder policy with its nine subjects, made-up policies of many roles that
// show what roles defined and roles held cost, and those of `places.mjs`. Data alone; the answers to all of it are the
// model's.
import { trackers } from './places.mjs'
import { allRequests, organizations, random, subjects, uuid } from './workload.mjs'

/** From a name to `{ document, subjects, requests?, asModelled? }`, given the coder policy as plain data. */
export function worldsOf(coder) {
  const few = madeUp(coder, 10)
  const many = madeUp(coder, 1000)
  return {
    coder: { document: coder, subjects },
    few: { document: few, subjects: [holding(few, 2)] },
    many: { document: many, subjects: [holding(many, 2), holding(many, 30)] },
    ...trackers
  }
}

/** The requests of a world: its own, or those that every policy is asked. */
export function requestsOf(world) {
  return world.requests ?? allRequests(world)
}

/** The catalogue of the coder policy with `count` roles, half of them held in organizations; a fifth of lines deny. */
function madeUp({ name, resources }, count) {
  const next = random(count)
  const types = Object.keys(resources)
  const set = () => {
    const chosen = Array.from({ length: 4 }, () => types[next() % types.length])
    return Object.fromEntries(chosen.map((type) => [type, [Object.keys(resources[type].actions)[0]]]))
  }
  const effects = () => (next() % 5 === 0 ? { allow: set(), deny: set() } : { allow: set() })
  const roles = Array.from({ length: count }, (_, i) => {
    const levels = i % 2 === 0 ? ['site', 'user'] : ['org', 'orgMember']
    const grants = Object.fromEntries(levels.map((level) => [level, effects()]))
    return [`role-${i}`, { kind: i % 2 === 0 ? 'site' : 'org', grants }]
  })
  return { name, resources, roles: Object.fromEntries(roles) }
}

/** A subject with the first roles of a policy, those of organizations all in one. */
function holding({ roles }, count) {
  const held = Object.keys(roles).slice(0, count)
  return {
    name: `${count} roles`,
    input: {
      id: uuid(random(count)),
      roles: held.map((role) => (roles[role].kind === 'site' ? role : { role, org: organizations[0] }))
    }
  }
}
