// Small policies with containers, attributes, implied actions and ACL settings, subjects with roles in a few places, and
// every object that such a subject can tell apart.
import fc from 'fast-check'

import { compile, isCasemateError, parsePolicy, type ObjectRef, type Subject } from '../../src/index.js'
import { untraced } from '../support/untraced.js'

const kinds = ['project', 'folder'] as const
const actions = ['read', 'update', 'pass'] as const
/** Ids with dots, and of one organization that no role is held in. */
export const orgs = ['o.1', 'o2', 'elsewhere'] as const
const inside = { project: ['p.1', 'p2', 'p3'], folder: ['f.1', 'f2', 'f3'] } as const

const placement = fc.constantFrom('optional', 'optional', 'required', 'never')
const where = fc.constantFrom(
  undefined,
  { status: 'draft' },
  { status: ['draft', 'old'] },
  { status: ['final', 'old'], locked: false },
  { locked: true }
)
const list = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...actions), { minLength: 1, maxLength: 2 }), where)
  .map(([some, asked]) => (asked === undefined ? { some, asked } : { some, asked }))

/** The grants of one level: what it allows and denies, of documents with certain attributes or of all. */
const grants = fc
  .record({ allow: fc.option(list, { nil: undefined }), deny: fc.option(list, { nil: undefined, freq: 2 }) })
  .map((effects) =>
    Object.fromEntries(
      Object.entries(effects).flatMap(([effect, given]) =>
        given === undefined
          ? []
          : [
              [
                effect,
                {
                  doc: given.asked === undefined ? given.some : { actions: given.some, where: given.asked },
                  log: given.some
                }
              ]
            ]
      )
    )
  )

function levelsOf(kind: string): readonly string[] {
  return kind === 'site' ? ['site', 'user'] : [kind, `${kind}Member`]
}

const roleKinds = ['site', 'org', 'org', ...kinds, ...kinds].map((kind, i) => ({ name: `${kind}${i}`, kind }))
const roles = fc.record(
  Object.fromEntries(
    roleKinds.map(({ name, kind }) => {
      const [wide = '', narrow = ''] = levelsOf(kind)
      // A vote at the site settles all others, so it is rare.
      const atWide = kind === 'site' ? fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, grants) : grants
      return [name, fc.record({ [wide]: atWide, [narrow]: grants }).map((given) => ({ kind, grants: given }))]
    })
  )
)

const acl = fc.record(
  {
    levels: fc.constant({ viewer: ['read'], editor: { except: ['pass'] } }),
    members: fc.boolean(),
    requires: fc.constant('pass'),
    overridesDeny: fc.boolean()
  },
  { requiredKeys: [] }
)

const documents = fc
  .record({ org: placement, project: placement, folder: placement, acl, roles, implies: fc.boolean() })
  .map(({ org, project, folder, acl: settings, roles: given, implies }) => {
    const named = Object.fromEntries(actions.map((action) => [action, action]))
    return {
      name: 'places',
      containers: kinds.map((name) => ({ name })),
      resources: {
        doc: {
          org,
          in: { project, folder },
          attributes: {
            status: { values: ['draft', 'final', 'old'], default: 'draft' },
            locked: { values: [true, false] }
          },
          acl: settings,
          actions: named,
          ...(implies ? { implies: { update: ['read'] } } : {})
        },
        log: { in: { project: 'optional', folder: 'optional' }, acl: true, actions: named }
      },
      roles: given
    }
  })

const held = fc.uniqueArray(
  fc.constantFrom(
    ...roleKinds.flatMap(({ name, kind }) => {
      if (kind === 'site') return [{ role: name }]
      const ids = kind === 'org' ? orgs.slice(0, 2) : inside[kind as 'project'].slice(0, 2)
      return ids.map((id) => ({ role: name, [kind]: id }))
    })
  ),
  { minLength: 1, maxLength: 8, selector: (role) => JSON.stringify(role) }
)
const ceilings = fc.constantFrom(
  {},
  {},
  { onlyOrgs: ['o.1'] },
  { onlyOrgs: ['elsewhere', '*none'] },
  { onlyOrgs: ['*none'] },
  { onlyOrgs: ['*'] },
  { allowList: ['*:d.1'], onlyOrgs: ['o2', 'elsewhere'] }
)

/** A subject of a small policy. */
export interface Placed {
  readonly subject: Subject
  readonly text: string
}

/** Policies with wrong parts (a grant that can never match) are left out. */
export const placed: fc.Arbitrary<Placed> = fc
  .tuple(documents, held, fc.constantFrom([], ['g.1']), ceilings)
  .map(([document, some, groups, ceiling]) => {
    const given = withoutImpossible(document)
    const input = { id: 'u.1', roles: some, groups, ...ceiling }
    const subject = compile(parsePolicy(given)).subject(input)
    return { subject, text: JSON.stringify({ given, input }, undefined, 1) }
  })

/** The document without the grants that its placements rule out: they would be problems. */
function withoutImpossible(document: {
  readonly resources: { readonly doc: Placements }
  readonly roles: object
}): object {
  const { org, in: places } = document.resources.doc
  const isRuledOut = (level: string): boolean => {
    if (levelsOf('org').includes(level)) return org === 'never'
    if (level === 'user') return org === 'required' || Object.values(places).includes('required')
    return kinds.some((kind) => levelsOf(kind).includes(level) && places[kind] === 'never')
  }
  const text = JSON.stringify(document.roles, (key, value: Record<string, object>) => {
    if (typeof value !== 'object' || !isRuledOut(key) || Array.isArray(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([effect, set]) => [effect, { log: (set as { log: object }).log }])
    )
  })
  return { ...document, roles: JSON.parse(text) as object }
}

interface Placements {
  readonly org: string
  readonly in: Readonly<Record<string, string>>
}

type Fields = Readonly<Record<string, unknown>>

const owners: readonly Fields[] = [{}, { owner: 'u.1' }, { owner: 'u2' }]
const places: readonly Fields[] = [{ org: null }, ...orgs.map((org) => ({ org })), { anyOrg: true }]
const acls: readonly Fields[] = [
  { acl: null },
  { acl: { users: { 'u.1': ['read'], u2: ['*'] } } },
  { acl: { users: { 'u.1': ['editor'] }, groups: { elsewhere: ['*'] } } },
  { acl: { groups: { 'g.1': ['viewer', 'update'] } } },
  { acl: { groups: { 'o.1': ['*'] } } }
]
const statuses: readonly Fields[] = [{}, { status: null }, { status: 'final' }, { status: 'old' }]
const containers = {
  project: [undefined, '', 'p.1', 'p2', 'p3', ['p.1', 'p2'], ['p3', 'p.1']],
  folder: [null, [], 'f.1', 'f2', ['f3', 'f2']]
}

/** Objects that `can` accepts, one in a few of all that the subject can tell apart; which ones is up to the offset. */
export function* objectsFor({ subject }: Placed, offset: number): Generator<ObjectRef> {
  let at = offset
  const pick = <T>(some: readonly T[]): readonly T[] => [
    some[at++ % some.length] as T,
    some[(at * 7) % some.length] as T
  ]
  for (const type of ['doc', 'log'])
    for (const owner of owners)
      for (const place of places)
        for (const project of containers.project)
          for (const folder of pick(containers.folder))
            for (const acl of pick(acls))
              for (const status of type === 'doc' ? pick(statuses) : [{}]) {
                const locked = type === 'doc' ? { locked: at % 2 === 0 } : {}
                const id = at % 3 === 0 ? { id: 'd.1' } : {}
                const object = {
                  type,
                  ...owner,
                  ...place,
                  project,
                  folder,
                  ...acl,
                  ...status,
                  ...locked,
                  ...id
                }
                if (isAccepted(subject, object)) yield object
              }
}

function isAccepted(subject: Subject, object: ObjectRef): boolean {
  try {
    untraced(() => subject.can('read', object))
    return true
  } catch (error) {
    if (isCasemateError(error)) return false
    throw error
  }
}
