// Rules with `notFound: 'unreadable'`: who may not see an object cannot tell it from one that is not there, and who may
// see it is told that the call was refused.
import { beforeAll, describe, expect, it } from 'vitest'
import { compile, definePolicy, isForbidden, type SubjectOf } from 'casemate'
import { guard, type Rules } from 'casemate/guard'
import { auditGuard } from 'casemate/testing'
import type { NamesOf } from '../../src/document/index.js'

const policy = compile(
  definePolicy({
    name: 'files',
    resources: {
      file: { org: 'required', actions: { read: '', update: '', share: '' } },
      mail: { org: 'required', actions: { view: '', update: '' } }
    },
    roles: {
      reader: { kind: 'org', grants: { org: { allow: { file: ['read'], mail: ['view'] } } } },
      writer: { kind: 'org', grants: { org: { allow: { file: ['update'], mail: ['update'] } } } },
      sharer: { kind: 'org', grants: { org: { allow: { file: ['share'] } } } }
    }
  })
)
type FileNames = NamesOf<typeof policy>
const eve = policy.subject({ id: 'eve' })
type Role = 'reader' | 'writer' | 'sharer'

interface Row {
  readonly id: string
  readonly org: string
}

class NoSuchRow extends Error {}

const methods = ['object', 'all', 'any', 'result'] as const
type Store = Record<(typeof methods)[number], (first: string, second: string) => Row | undefined>

const makeStore = (rows: ReadonlyMap<string, Row>): Store => {
  const first = (id: string): Row | undefined => rows.get(id)
  return { object: first, all: first, any: first, result: first }
}

/** Each form, about one file or two; the same for mails, of which `view` says who may see them. */
const rulesFor = (
  rows: ReadonlyMap<string, Row>,
  type: 'file' | 'mail',
  notFound: unknown
): Rules<FileNames, Store> => {
  const objectOf = (id: string): object | undefined => {
    const row = rows.get(id)
    return row && { type, org: row.org, id }
  }
  const update = { action: 'update', object: (_store: Store, id: string) => objectOf(id) }
  const other = {
    action: type === 'file' ? 'share' : 'update',
    object: async (_store: Store, _id: string, second: string) => Promise.resolve(objectOf(second))
  }
  return {
    object: { ...update, notFound },
    all: { all: [update, other], notFound },
    any: { any: [update, other], notFound },
    result: { action: 'update', result: ({ id }: Row) => objectOf(id), notFound }
    // The types of rules are those of guard.test-d.ts; these are made for both resources at once.
  } as never
}

type Method = (typeof methods)[number]
interface Call {
  readonly method: Method
  readonly rows: readonly Row[]
  readonly ids: readonly [string, string]
  readonly roles: readonly { readonly role: Role; readonly org: string }[]
  readonly type: 'file' | 'mail'
}

/** What the subject gets: `done`, `forbidden ACTION` or the very answer for what is not there. */
async function answerTo({ method, rows, ids, roles, type }: Call): Promise<string> {
  const found = new Map(rows.map((row) => [row.id, row]))
  const guarded = guard(
    policy,
    makeStore(found),
    rulesFor(found, type, type === 'file' ? 'unreadable' : { unreadable: 'view' }),
    { notFound: (name, args) => new NoSuchRow(`${name} ${args.join(' ')}: no such row`) }
  )
  try {
    await guarded.as(policy.subject({ id: 'ada', roles }))[method](...ids)
    return 'done'
  } catch (error) {
    if (isForbidden(error)) return `forbidden ${error.decision.action}`
    if (error instanceof NoSuchRow) return error.message
    throw error
  }
}

const orgs = ['acme', 'globex'] as const
const allRoles = (['reader', 'writer', 'sharer'] as const).flatMap((role) =>
  orgs.map((org) => ({ role, org }))
)

/** Every call about one row or two, each in one of two organizations or missing, by holders of all sets of roles. */
const calls: readonly Call[] = [undefined, ...orgs].flatMap((x) =>
  [undefined, ...orgs].flatMap((y) =>
    Array.from({ length: 2 ** allRoles.length }, (_, set) =>
      allRoles.filter((_role, i) => (set >> i) % 2 === 1)
    ).flatMap((roles) =>
      (['file', 'mail'] as const).flatMap((type) =>
        methods.flatMap((method) =>
          (['x', 'y'] as const).map((second): Call => ({
            method,
            rows: Object.entries({ x, y }).flatMap(([id, org]) => (org === undefined ? [] : [{ id, org }])),
            ids: ['x', second],
            roles,
            type
          }))
        )
      )
    )
  )
)
const answers = new Map<string, string>()
const answerOf = (call: Call): string | undefined => answers.get(JSON.stringify(call))
beforeAll(async () => {
  for (const call of calls) answers.set(JSON.stringify(call), await answerTo(call))
})

/** The ids that a call asks about. */
const asked = ({ method, ids: [first, second] }: Call): readonly string[] =>
  method === 'all' || method === 'any' ? [first, second] : [first]
const holds = ({ roles }: Call, role: Role, org: string): boolean =>
  roles.some((held) => held.role === role && held.org === org)
const rowOf = ({ rows }: Call, id: string): Row | undefined => rows.find((row) => row.id === id)
const without = (call: Call, id: string): Call => ({
  ...call,
  rows: call.rows.filter((row) => row.id !== id)
})

describe.each(methods)('a call with `%s` that hides what is unreadable', (method) => {
  const ofMethod = calls.filter((call) => call.method === method)

  it('has, refused, one answer for a row that the subject may not read and for none at all', () => {
    const pairs = ofMethod.flatMap((call) =>
      asked(call).flatMap((id): (readonly [Call, Call])[] => {
        const row = rowOf(call, id)
        const isUnreadable = row !== undefined && !holds(call, 'reader', row.org)
        return isUnreadable && answerOf(call) !== 'done' ? [[call, without(call, id)]] : []
      })
    )
    expect(pairs.length).toBeGreaterThan(100)
    expect(pairs.filter(([there, missing]) => answerOf(there) !== answerOf(missing))).toEqual([])
  })

  it('is refused as such exactly where the subject may read all that it asks about', () => {
    const wrong = ofMethod.filter((call) => {
      const rows = asked(call).map((id) => rowOf(call, id))
      const isSeen = rows.every((row) => row !== undefined && holds(call, 'reader', row.org))
      const answer = answerOf(call) ?? ''
      return answer !== 'done' && answer.startsWith('forbidden') !== isSeen
    })
    expect(wrong).toEqual([])
  })

  it('is refused exactly where the roles do not allow it, of rows that are there', () => {
    const wrong = ofMethod.filter((call) => {
      const allowed = asked(call).map((id, i) => {
        const org = rowOf(call, id)?.org
        return org && holds(call, i === 1 && call.type === 'file' ? 'sharer' : 'writer', org)
      })
      if (allowed.includes(undefined)) return false
      const isAllowed = method === 'any' ? allowed.includes(true) : !allowed.includes(false)
      return (answerOf(call) === 'done') !== isAllowed
    })
    expect(wrong).toEqual([])
  })
})

describe('the answer', () => {
  const row = { id: 'x', org: 'acme' }
  const ask = (method: Method, roles: readonly Role[], rows: readonly Row[] = [row]): Promise<string> =>
    answerTo({
      method,
      rows,
      ids: ['x', 'y'],
      roles: roles.map((role) => ({ role, org: 'acme' })),
      type: 'file'
    })

  it.each(['object', 'result'] as const)('to a call with `%s` is that of one row', async (method) => {
    const none = `${method} x y: no such row`
    expect(await ask(method, ['writer'])).toBe('done')
    expect(await ask(method, ['reader'])).toBe('forbidden update')
    expect(await ask(method, ['sharer'])).toBe(none)
    expect(await ask(method, ['reader', 'writer'], [])).toBe(none)
  })

  it('hides a row on which the subject may act where a refusal about another would show it', async () => {
    const rows = [row, { id: 'y', org: 'globex' }]
    const call = { method: 'all', rows, ids: ['x', 'y'], type: 'file' } as const
    const roles = [
      { role: 'reader', org: 'acme' },
      { role: 'sharer', org: 'globex' }
    ] as const
    expect(await answerTo({ ...call, roles })).toBe('all x y: no such row')
    expect(await answerTo({ ...call, roles: [...roles, { role: 'reader', org: 'globex' }] })).toBe(
      'forbidden update'
    )
  })

  it('is that of a key that may not read, whatever its user may', async () => {
    const ada = policy.subject({ id: 'ada', roles: [{ role: 'reader', org: 'acme' }] })
    const found = new Map([['x', row]])
    const guarded = guard(policy, makeStore(found), rulesFor(found, 'file', 'unreadable'), {
      notFound: () => new NoSuchRow()
    })
    const asUser = guarded.as(ada).object('x', 'y')
    await expect(asUser).rejects.toMatchObject({ code: 'forbidden' })
    const key: SubjectOf<typeof policy> = policy.subject({
      id: 'ada',
      roles: [{ role: 'reader', org: 'acme' }],
      onlyOrgs: ['globex']
    })
    await expect(guarded.as(key).object('x', 'y')).rejects.toBeInstanceOf(NoSuchRow)
  })

  it.each(['reader', 'sharer'] as const)('to a %s is a denial in an audit', async (role) => {
    const found = new Map([['x', row]])
    const [allowed, denied] = (['writer', role] as const).map((held) =>
      policy.subject({ id: 'ada', roles: [{ role: held, org: 'acme' }] })
    )
    const rules: Rules<FileNames, Pick<Store, 'object'>> = {
      object: {
        action: 'update',
        object: (_store, id) => (found.has(id) ? { type: 'file', org: 'acme', id } : undefined),
        notFound: 'unreadable'
      }
    }
    await auditGuard(
      policy,
      { object: (id: string) => found.get(id) },
      rules,
      { object: [allowed, denied].map((one) => (guarded) => guarded.as(one as typeof eve).object('x', 'x')) },
      { notFound: () => new NoSuchRow() }
    )
  })
})

describe('a rule that hides what is unreadable', () => {
  const said = (rule: object, settings: object = { notFound: () => new NoSuchRow() }): unknown => {
    try {
      guard(policy, { touch: () => 1 }, { touch: rule } as never, settings)
    } catch (error) {
      return error
    }
    return 'made'
  }
  const object = (): undefined => undefined
  const check = { action: 'share', object }

  it.each([
    [
      { action: 'view', object, notFound: 'unreadable' },
      'touch.notFound: no resource with the action `view` has the action `read`',
      'touch.notFound'
    ],
    [
      { action: 'view', result: object, notFound: 'unreadable' },
      'touch.notFound: no resource with the action `view` has the action `read`',
      'touch.notFound'
    ],
    [
      { all: [{ action: 'update', object }, check], notFound: { unreadable: 'view' } },
      'touch.notFound.unreadable: no resource with the action `share` has the action `view`',
      'touch.notFound.unreadable'
    ],
    [
      { ...check, notFound: { unreadable: 'raed' } },
      'touch.notFound.unreadable: no resource has the action `raed`; did you mean `read`?',
      'touch.notFound.unreadable'
    ],
    [
      { ...check, notFound: { unreadable: true } },
      'touch.notFound.unreadable: expected an action, not `true`',
      'touch.notFound.unreadable'
    ],
    [{ ...check, notFound: {} }, 'touch.notFound.unreadable: expected an action, not `undefined`', undefined],
    [
      { ...check, notFound: { unreadable: 'read', by: 1 } },
      'touch.notFound.by: unknown key `by`',
      'touch.notFound.by'
    ],
    [
      { ...check, notFound: 'unreadble' },
      'touch.notFound: expected true, false, `unreadable` or `{ unreadable: action }`, not `unreadble`; did you mean `unreadable`?',
      'touch.notFound'
    ]
  ])('is none as %j', (rule, message, path) => {
    expect(said(rule)).toMatchObject({ code: 'invalid_guard', message, ...(path && { path }) })
  })

  it('needs the setting `notFound` before a method, so that no refused write looks like a success', () => {
    expect(said({ ...check, notFound: 'unreadable' }, {})).toMatchObject({
      code: 'invalid_guard',
      message: 'touch.notFound: the guard has no setting `notFound`, which is needed for `unreadable`'
    })
    expect(said({ action: 'update', result: object, notFound: 'unreadable' }, {})).toBe('made')
  })

  it('needs an action of the very object too: a refused call about another is an error, never an answer', async () => {
    const rules = {
      touch: { action: 'update', object: () => ({ type: 'mail', org: 'acme' }), notFound: 'unreadable' }
    }
    const guarded = guard(policy, { touch: () => 1 }, rules as never, { notFound: () => new NoSuchRow() })
    await expect(guarded.as(eve).touch()).rejects.toMatchObject({ code: 'unknown_action' })
  })
})
