// The one workload that every engine answers: nine subjects, and a request for every permission × owner × organization
// that casemate takes. Everything comes from one seed, so each run asks the same questions; the order is shuffled anew
// for each round and never periodic. Requests are JSON text: each sample parses its own, so that no string is shared
// with a subject or with another engine's sample. Nothing here knows an answer.

/** A small generator of 32-bit numbers (xorshift); the same seed gives the same numbers everywhere. */
export function random(seed) {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

export function uuid(next) {
  const hex = Array.from({ length: 4 }, () => next().toString(16).padStart(8, '0')).join('')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20)
  ].join('-')
}

const next = random(20260529)
export const organizations = Array.from({ length: 1000 }, () => uuid(next))
const foreign = Array.from({ length: 50 }, () => uuid(next))
const strangers = Array.from({ length: 50 }, () => uuid(next))
const agentParams = {
  workspaceId: uuid(next),
  ownerId: uuid(next),
  templateId: uuid(next),
  versionId: uuid(next)
}

function administrator(count) {
  const roles = organizations.slice(0, count).map((org) => ({ role: 'organization-admin', org }))
  return { name: `organization admin in ${count}`, input: { id: uuid(next), roles: ['member', ...roles] } }
}

const membership = { role: 'organization-member', org: organizations[0] }

/** As the spec's section 5 has them. The kernel has no ceilings, so it cannot run the agent. */
export const subjects = [
  { name: 'member', input: { id: uuid(next), roles: ['member', membership] } },
  { name: 'owner', input: { id: uuid(next), roles: ['member', 'owner'] } },
  { name: 'auditor', input: { id: uuid(next), roles: ['member', 'auditor'] } },
  administrator(1),
  administrator(10),
  administrator(100),
  administrator(1000),
  { name: 'DB purge', input: { system: 'dbpurge' } },
  {
    name: 'agent',
    input: {
      id: agentParams.ownerId,
      roles: ['member', membership],
      scopes: [{ template: 'workspace_agent', params: agentParams }]
    }
  }
]

export const agent = subjects.length - 1
/** The organization admins by the number of organizations they hold. */
export const byOrganizations = new Map([1, 10, 100, 1000].map((count, i) => [count, 3 + i]))

/** The ids that the agent's allow list names, by type. */
const listed = {
  workspace: [agentParams.workspaceId],
  template: [agentParams.templateId, agentParams.versionId],
  user: [agentParams.ownerId]
}

/**
 * Every request of a world: `subject` is a number into its subjects, `permission` one into `permissionsOf(document)`.
 * Half of the ids of a type that the agent's list names are named by it.
 */
export function allRequests({ document, subjects }) {
  const draw = random(29052026)
  const pick = (list) => list[draw() % list.length]
  const permissions = permissionsOf(document)
  return subjects.flatMap(({ input }, subject) =>
    permissions.flatMap(({ type, action }, permission) =>
      owners(input, pick).flatMap((owner) =>
        placements(input, document.resources[type].org, pick).map((org) => {
          const object = { type, id: objectId(type, draw), ...owner, ...org }
          return { subject, permission, action, object }
        })
      )
    )
  )
}

/** Every permission in catalogue order. */
export function permissionsOf(document) {
  return Object.entries(document.resources).flatMap(([type, { actions }]) =>
    Object.keys(actions).map((action) => ({ type, action }))
  )
}

function owners(input, pick) {
  return [{ owner: input.id ?? pick(strangers) }, { owner: pick(strangers) }, {}]
}

function placements(input, placement = 'optional', pick) {
  const held = (input.roles ?? []).flatMap((role) => (typeof role === 'string' ? [] : [role.org]))
  const inOrg = [{ org: held.length > 0 ? pick(held) : organizations[0] }, { org: pick(foreign) }]
  return [...(placement === 'never' ? [] : inOrg), ...(placement === 'required' ? [] : [{}])]
}

function objectId(type, draw) {
  const ids = listed[type] ?? []
  return ids.length > 0 && draw() % 2 === 0 ? ids[draw() % ids.length] : uuid(draw)
}

/** A new order of a list; `draw` says which. */
export function shuffle(list, draw) {
  const shuffled = [...list]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = draw() % (i + 1)
    ;[shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]]
  }
  return shuffled
}
