// Defects of shape, `invalid_request`: values of a wrong type and keys that nobody knows, at every place of a question.
import { withKey, type Data, type Defect } from './defect.js'
import type { Dice } from './dice.js'

const notStrings: readonly unknown[] = [5, true, {}, [], ['u1']]
const notNames: readonly unknown[] = [null, undefined, ...notStrings]
const notArrays: readonly unknown[] = [null, 'u1', {}, 5, true]
const notRecords: readonly unknown[] = [null, 'u1', [], 5]
const notPlain: readonly unknown[] = [...notRecords, new Map(), new Date(0)]
const unknownKeys = ['orgs', 'Org', '__proto__', 'constructor', '', 'scope', 'allowlist']

function shape(apply: Defect['apply'], isUnread = false): Defect {
  return { code: 'invalid_request', part: 'shape', apply, isUnread }
}

function inSubject(change: (subject: Data, dice: Dice) => Data): Defect {
  return shape((question, _, dice) =>
    Object.hasOwn(question.subject, 'system')
      ? undefined
      : { ...question, subject: change(question.subject, dice) }
  )
}

function inObject(change: (object: Data, dice: Dice) => Data, isUnread: boolean): Defect {
  return shape((question, _, dice) => ({ ...question, object: change(question.object, dice) }), isUnread)
}

function inAcl(change: (acl: Data, dice: Dice) => unknown): Defect {
  return shape((question, _, dice) => {
    const acl = question.object['acl']
    if (typeof acl !== 'object' || acl === null) return undefined
    return { ...question, object: { ...question.object, acl: change({ ...acl }, dice) } }
  }, true)
}

function adding(data: Data, key: string, item: unknown): Data {
  const items: unknown = data[key]
  return { ...data, [key]: [...(Array.isArray(items) ? (items as unknown[]) : []), item] }
}

/** The ACL with that in place of one entry's actions, whoever it is for. */
function withEntry(acl: Data, dice: Dice, actions: unknown): Data {
  const list = dice.pick(['users', 'groups'])
  const entries = acl[list]
  return { ...acl, [list]: { ...(typeof entries === 'object' ? entries : {}), u1: actions } }
}

const ceilings = (dice: Dice): Data =>
  dice.pick<Data>([
    {},
    ...notArrays.flatMap((value) => [{ scopes: value }, { allowList: value }]),
    { scopes: undefined },
    { allowList: undefined },
    { scopes: [], allowList: undefined },
    { scopes: [], orgs: [] },
    { allowlist: [] }
  ])

export const shapeDefects: readonly Defect[] = [
  // The whole question.
  shape((question, _, dice) => ({ ...question, subject: dice.pick(notRecords) })),
  shape((question, _, dice) => ({ ...question, object: dice.pick(notRecords) })),
  shape((question, _, dice) => ({ ...question, action: dice.pick(notNames) })),
  // The subject.
  inSubject((subject, dice) => ({ ...subject, id: dice.pick(notStrings) })),
  inSubject((subject, dice) => withKey(subject, dice.pick(unknownKeys), dice.pick([undefined, 'o1']))),
  inSubject((subject, dice) => ({ ...subject, [dice.pick(['roles', 'groups'])]: dice.pick(notArrays) })),
  inSubject((subject, dice) => ({
    ...subject,
    [dice.pick(['scopes', 'allowList'])]: dice.pick([undefined, ...notArrays])
  })),
  inSubject((subject, dice) =>
    adding(subject, 'roles', dice.pick<unknown>([null, undefined, 5, [], ['member']]))
  ),
  inSubject((subject, dice) => adding(subject, 'roles', { role: dice.pick(notNames) })),
  inSubject((subject, dice) => adding(subject, 'roles', { role: 'member', org: dice.pick(notStrings) })),
  inSubject((subject, dice) => adding(subject, 'groups', dice.pick(notNames))),
  inSubject((subject, dice) => ({ ...subject, orgOptions: dice.pick(notRecords) })),
  inSubject((subject, dice) => ({ ...subject, orgOptions: { o1: dice.pick(notRecords) } })),
  inSubject((subject, dice) =>
    adding(subject, 'scopes', dice.pick<unknown>([null, undefined, 5, [], ['all']]))
  ),
  inSubject((subject, dice) => adding(subject, 'scopes', { template: dice.pick(notNames), params: {} })),
  shape((question, _, dice) => ({ ...question, subject: { system: dice.pick(notNames) } })),
  shape((question, _, dice) => {
    if (!Object.hasOwn(question.subject, 'system')) return undefined
    const [key, value] = dice.pick<[string, unknown]>([
      ['id', 'u1'],
      ['roles', []],
      ['scopes', []],
      ['', '']
    ])
    return { ...question, subject: withKey(question.subject, key, value) }
  }, true),
  // A ceiling laid on it.
  shape((question, _, dice) => ({ ...question, within: [...question.within, ceilings(dice)] })),
  // The object: a decision in process may find its answer before it comes to these.
  inObject((object, dice) => ({ ...object, type: dice.pick(notNames) }), false),
  inObject((object, dice) => ({ ...object, [dice.pick(['id', 'owner'])]: dice.pick(notStrings) }), true),
  inObject((object, dice) => ({ ...object, org: dice.pick(notStrings) }), true),
  inObject(
    (object, dice) => ({ ...object, anyOrg: dice.pick<unknown>(['', 'true', 'false', 0, 1, {}]) }),
    true
  ),
  {
    ...inObject((object, dice) => {
      return { ...object, acl: dice.pick<unknown>(['', 'u1', false, 0, 5, [], new Map()]) }
    }, true),
    // Where the resource has no ACLs, a decision in process has no use for a closer look.
    inProcess: ['acl_not_supported']
  },
  inObject((object, dice) => withKey(object, dice.pick(unknownKeys), dice.pick([undefined, 'o1'])), true),
  // Its ACL.
  inAcl((acl, dice) => withKey(acl, dice.pick(['user', '__proto__', 'everyone']), {})),
  inAcl((acl, dice) => ({ ...acl, [dice.pick(['users', 'groups'])]: dice.pick(notPlain) })),
  inAcl((acl, dice) => withEntry(acl, dice, dice.pick(notArrays))),
  inAcl((acl, dice) => withEntry(acl, dice, dice.pick([[5], [null], [[]], [undefined, '*']]))),
  // Keys that nobody knows, deeper down.
  shape((question, _, dice) => {
    if (Object.hasOwn(question.subject, 'system')) return undefined
    const roles: unknown = question.subject['roles']
    if (!Array.isArray(roles) || roles.length === 0) return undefined
    const [first, ...rest] = roles as unknown[]
    const entry = typeof first === 'string' ? { role: first } : { ...(Object(first) as Data) }
    const changed = withKey(entry, dice.pick(['orgs', '__proto__', 'id']), 'o1')
    return { ...question, subject: { ...question.subject, roles: [changed, ...rest] } }
  }, true)
]
