// A policy of a tracker with projects and two attributes, and the same without them: what containers and attributes cost
// is the difference. Both are asked about the same rows, which have every column, null for none, as rows of a table do.
// Data alone; the answers are the model's.
import { organizations, permissionsOf, random, uuid } from './workload.mjs'

const draw = random(31)
const projects = Array.from({ length: 10_000 }, () => uuid(draw))
const foreign = Array.from({ length: 50 }, () => uuid(draw))
const pick = (list, next) => list[next() % list.length]

const types = ['issue', 'page', 'comment', 'report']
const actions = { create: '', read: '', update: '', delete: '', share: '' }

/** By the kind of attributes: two with two values each; no grant depends on the second value of what has a default. */
const attributes = {
  booleans: {
    archived: { values: [false, true], default: false },
    internal: { values: [true, false] }
  },
  texts: {
    state: { values: ['current', 'archived'], default: 'current' },
    audience: { values: ['internal', 'everyone'] }
  }
}

function documentOf([[first, { values: firsts }], [second, { values: seconds }]], parts) {
  const current = { [first]: firsts[0] }
  const open = { [second]: seconds[1] }
  const lines = (where, ...listed) => ({
    '*': listed,
    issue: { actions: listed, where },
    page: { actions: listed, where }
  })
  return {
    name: 'tracker',
    containers: [{ name: 'project' }],
    resources: Object.fromEntries(
      types.map((type) => [type, { in: { project: 'optional' }, attributes: parts, actions }])
    ),
    roles: {
      member: { kind: 'site', grants: { user: { allow: { '*': '*' } } } },
      auditor: { kind: 'site', grants: { site: { allow: { '*': ['read'] } } } },
      admin: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
      staff: {
        kind: 'org',
        grants: {
          org: { allow: { issue: { actions: ['read'], where: open }, comment: ['read'] } },
          orgMember: { allow: { '*': ['read', 'update'], page: { actions: ['update'], where: current } } }
        }
      },
      head: { kind: 'org', grants: { org: { allow: { '*': '*' }, deny: { report: ['delete'] } } } },
      viewer: { kind: 'project', grants: { project: { allow: lines(open, 'read') } } },
      editor: {
        kind: 'project',
        grants: {
          project: { allow: lines(current, 'create', 'read', 'update') },
          projectMember: { allow: { '*': ['delete'] } }
        }
      }
    }
  }
}

/** A document without its containers, attributes and what depends on them. */
function without({ name, resources, roles }) {
  const bare = (lines) =>
    Object.fromEntries(
      Object.entries(lines).map(([type, line]) => [type, line.where === undefined ? line : line.actions])
    )
  const stripped = (grants) =>
    Object.fromEntries(
      Object.entries(grants).map(([level, effects]) => [
        level,
        Object.fromEntries(Object.entries(effects).map(([effect, lines]) => [effect, bare(lines)]))
      ])
    )
  return {
    name,
    resources: Object.fromEntries(Object.keys(resources).map((type) => [type, { actions }])),
    roles: Object.fromEntries(
      Object.entries(roles)
        .filter(([, { kind }]) => kind !== 'project')
        .map(([role, { kind, grants }]) => [role, { kind, grants: stripped(grants) }])
    )
  }
}

const holding = (role, count) => projects.slice(0, count).map((project) => ({ role, project }))
const inOrg = (role, count) => organizations.slice(0, count).map((org) => ({ role, org }))
const subjectsHeld = [
  ['member', ...inOrg('staff', 1), ...holding('editor', 2)],
  ['member', ...inOrg('staff', 3), ...holding('viewer', 10)],
  ['member', ...inOrg('head', 1)],
  ['member', 'auditor'],
  ['member', 'admin'],
  ['member', ...holding('viewer', 1)],
  ['member', ...holding('editor', 1)],
  ['member', ...holding('editor', 10_000)]
]

/** Subjects by how many containers they hold, for what that number costs. */
export const byProjects = new Map([
  ['1', 6],
  ['10000', 7]
])

const subjects = subjectsHeld.map((roles) => ({ input: { id: uuid(draw), roles } }))
// The same person with more containers, who can be asked the same questions.
subjects[7].input.id = subjects[6].input.id
const plainSubjects = subjects.map(({ input: { id, roles } }) => ({
  input: { id, roles: roles.filter((role) => role.project === undefined) }
}))

/** Every permission × owner × organization × project, each with attributes that chance chooses. */
function requestsOf(document, parts) {
  const next = random(41)
  return subjects.flatMap(({ input }, subject) => {
    const held = (kind, others) => {
      const ids = input.roles.flatMap((role) => role[kind] ?? [])
      return [ids.length > 0 ? ids : others, foreign]
    }
    const places = (kind, others) => [...held(kind, others).map((ids) => () => pick(ids, next)), () => null]
    return permissionsOf(document).flatMap(({ type, action }, permission) =>
      [() => input.id, () => uuid(next), () => null].flatMap((owner) =>
        places('org', organizations).flatMap((org) =>
          places('project', projects).map((project) => {
            const object = { type, id: uuid(next), owner: owner(), org: org(), project: project() }
            for (const [name, { values }] of parts) object[name] = pick(values, next)
            return { subject, permission, action, object }
          })
        )
      )
    )
  })
}

/**
 * What the model is asked for a request: without the roles in other projects, which make no difference and over ten
 * thousand of which it takes a second, and for a policy without the parts without their columns, which it refuses.
 */
function asModelled({ containers }, { id, roles }, { type, owner, org, ...others }) {
  return {
    subject: {
      id,
      roles: roles.filter(({ project }) => project === undefined || project === others.project)
    },
    object: { type, owner, org, ...(containers === undefined ? {} : others) }
  }
}

/**
 * The same for organizations instead of projects, which a kernel knows too: what a number of places held costs by
 * hand. Its subjects are those of `byProjects`, in that order.
 */
function organized(document, requests) {
  const numbers = [...byProjects.values()]
  const asOrg = ({ project, ...object }) => ({ ...object, org: project })
  return {
    document: without(document),
    subjects: numbers.map((number) => {
      const { id, roles } = subjects[number].input
      const held = roles.flatMap(({ project }) =>
        project === undefined ? [] : [{ role: 'staff', org: project }]
      )
      return { input: { id, roles: ['member', ...held] } }
    }),
    requests: requests
      .filter(({ subject }) => numbers.includes(subject))
      .map(({ subject, object, ...request }) => ({
        ...request,
        subject: numbers.indexOf(subject),
        object: asOrg(object)
      })),
    asModelled: (_, { id, roles }, { type, owner, org }) => ({
      subject: { id, roles: roles.filter((role) => role.org === undefined || role.org === org) },
      object: { type, owner, org }
    })
  }
}

/** The worlds by name: with the parts, without, and with as many organizations as containers. */
export const trackers = Object.fromEntries(
  Object.entries(attributes).flatMap(([kind, parts]) => {
    const document = documentOf(Object.entries(parts), parts)
    const requests = requestsOf(document, Object.entries(parts))
    return [
      [`placed, ${kind}`, { document, subjects, requests, asModelled }],
      [`plain, ${kind}`, { document: without(document), subjects: plainSubjects, requests, asModelled }],
      [`organized, ${kind}`, organized(document, requests)]
    ]
  })
)
