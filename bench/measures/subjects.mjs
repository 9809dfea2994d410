// What it costs to build a subject, alone and with its first decision, and to lay a key's ceiling on one.
import { compete } from '../harness.mjs'
import { kernelFor } from '../kernel.mjs'
import { taskLane } from '../lanes.mjs'
import { entryPoint, readWorld } from '../setup.mjs'
import { organizations, random, uuid } from '../workload.mjs'
import { measure } from './child.mjs'

const orgRoles = [
  'organization-member',
  'organization-admin',
  'organization-auditor',
  'organization-user-admin',
  'organization-template-admin'
]
const heldIn = (count) =>
  organizations.slice(0, count).map((org, i) => ({ role: orgRoles[i % orgRoles.length], org }))

const inputs = {
  '1 role': { roles: ['member'], size: 512 },
  '10 roles in 10 organizations': { roles: heldIn(10), size: 128 },
  '1,000 organizations': {
    roles: organizations.map((org) => ({ role: 'organization-admin', org })),
    size: 4
  }
}

await measure(async ({ rounds, warmUp, sampling, progress }) => {
  const { document } = readWorld('coder')
  const { compile } = await entryPoint('index')
  const policy = compile(document)
  const { subject: build, check } = kernelFor(document)
  const draw = random(5)
  const lanes = []
  const add = (name, engine, task) =>
    lanes.push({ name, engine, ...taskLane({ name: `${engine} ${name}`, ...task }) })

  for (const [name, { roles, size }] of Object.entries(inputs)) {
    const text = JSON.stringify({ roles })
    const prepare = () => ({ id: uuid(draw), ...JSON.parse(text) })
    // Read by a member, and by nobody else here; asked of an object that is the subject's own.
    const expected = name === '1 role'
    const own = (input) => ({ type: 'api_key', owner: input.id })
    add(name, 'kernel', { size, prepare, run: build, check: ({ id }, input) => id === input.id })
    add(name, 'casemate', {
      size,
      prepare,
      run: (input) => policy.subject(input),
      check: ({ id }, input) => id === input.id
    })
    const first = `${name}, first decision`
    const isRight = (allowed) => allowed === expected
    add(first, 'kernel', {
      size,
      prepare,
      run: (input) => check(build(input), 'read', own(input)),
      check: isRight
    })
    add(first, 'casemate', {
      size,
      prepare,
      run: (input) => policy.subject(input).can('read', own(input)),
      check: isRight
    })
  }

  const whole = policy.subject({ id: uuid(draw), roles: ['member', ...heldIn(1)] })
  const ceilings = {
    'within, one scope': () => ({ scopes: ['coder:workspaces.access'] }),
    'within, two scopes and a list': () => ({
      scopes: ['coder:workspaces.access', 'template:read'],
      allowList: [`workspace:${uuid(draw)}`]
    }),
    'within, an agent': () => ({
      scopes: [
        {
          template: 'workspace_agent',
          params: {
            workspaceId: uuid(draw),
            ownerId: whole.id,
            templateId: uuid(draw),
            versionId: uuid(draw)
          }
        }
      ]
    })
  }
  for (const [name, ceiling] of Object.entries(ceilings))
    add(name, 'casemate', {
      size: 512,
      prepare: () => JSON.parse(JSON.stringify(ceiling())),
      run: (given) => whole.within(given),
      check: (narrowed) => narrowed.can('read', { type: 'user_secret', owner: whole.id }) === false
    })

  const times = compete(lanes, { rounds, warmUp, onRound: progress })
  return lanes.map(({ name, engine }, i) => ({ name, engine, times: times[i] }))
})
