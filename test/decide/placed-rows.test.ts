// `can` about rows with containers and attributes: what it reads quickly, and finds by a few characters of an id, is
// what `explain` reads and finds with care. One subject is asked often, because only such a subject gets an index.
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { compile, parsePolicy, RequestError, type ObjectRef, type Policy } from 'casemate'
import { HeldPlaces } from '../../src/decide/held-index.js'
import { rolled, type Dice } from '../arbitraries/index.js'
import { untraced } from '../support/untraced.js'

const kinds = ['project', 'folder', 'shelf']
const values: Readonly<Record<string, readonly (string | boolean)[]>> = {
  state: ['draft', 'in review', 'a state whose name is longer than others'],
  locked: [false, true],
  audience: ['internal', 'everyone'],
  kept: [true, false],
  tier: ['free', 'paid', 'state']
}

function rollPolicy(dice: Dice): Policy {
  const containers = kinds.slice(0, dice.below(4))
  const resources = ['doc', 'log', 'note'].map((name) => {
    const attributes = dice.some(Object.keys(values), 0, 4)
    // Where objects must be or cannot be, a grant that names them may reach none, which is an error.
    const placement = () =>
      name === 'doc' ? 'optional' : dice.pick(['optional', 'required', 'never'] as const)
    return {
      name,
      attributes,
      document: {
        org: placement(),
        acl: dice.chance(20),
        in: Object.fromEntries(containers.map((kind) => [kind, placement()])),
        attributes: Object.fromEntries(
          attributes.map((attribute) => {
            const all = values[attribute] ?? []
            // The same name has other values in another resource.
            const some = all.length > 2 && dice.chance(50) ? all.slice(1) : all
            return [attribute, { values: some, ...(dice.chance(50) ? { default: some[0] } : {}) }]
          })
        ),
        actions: { read: '', write: '' }
      }
    }
  })
  const [doc] = resources
  const lines = () => {
    const conditions = dice.some(doc?.attributes.filter((name) => values[name]?.length === 2) ?? [], 0, 2)
    const where = Object.fromEntries(conditions.map((name) => [name, dice.pick(values[name] ?? [])]))
    const actions = [dice.pick(['read', 'write'])]
    return {
      '*': dice.some(['read', 'write'], 1, 2),
      ...(dice.chance(70) ? { doc: conditions.length === 0 ? actions : { actions, where } } : {})
    }
  }
  const effects = () => ({ allow: lines(), ...(dice.chance(40) ? { deny: lines() } : {}) })
  const role = (kind: string, levels: readonly string[]) => ({
    kind,
    grants: Object.fromEntries(levels.filter(() => dice.chance(70)).map((level) => [level, effects()]))
  })
  const roles = {
    member: role('site', ['user']),
    some: role('site', ['site']),
    staff: role('org', ['org', 'orgMember']),
    head: role('org', ['org', 'orgMember', 'user']),
    ...Object.fromEntries(
      containers.flatMap((kind) => [
        [`${kind}-one`, role(kind, [kind, `${kind}Member`])],
        [`${kind}-two`, role(kind, [kind, `${kind}Member`])]
      ])
    )
  }
  const written = Object.fromEntries(resources.map(({ name, document }) => [name, document]))
  const named = containers.length === 0 ? {} : { containers: containers.map((name) => ({ name })) }
  for (const document of Object.values(written))
    if (containers.length === 0) Reflect.deleteProperty(document, 'in')
  return compile(parsePolicy({ name: 'rows', ...named, resources: written, roles }))
}

const ids = ['a', 'b1', 'place-0001', 'place-0002', 'xlace-0001', 'q', '\u{1f600}-place-0001', '0123456789']

function rollSubject(policy: Policy, dice: Dice): Record<string, unknown> {
  const containers = policy.document.containers ?? []
  const held: unknown[] = dice.some(['member', 'some'], 0, 2)
  for (let i = dice.below(4); i > 0; i--)
    held.push({ role: dice.pick(['staff', 'head']), org: dice.pick(ids) })
  for (const { name } of containers)
    for (let i = dice.below(5); i > 0; i--)
      held.push({ role: `${name}-${dice.pick(['one', 'two'])}`, [name]: dice.pick(ids) })
  return { id: 'me', roles: held }
}

const odd = [
  undefined,
  null,
  '',
  7,
  0n,
  Symbol('odd'),
  [],
  ['a'],
  ['a', ''],
  ['a', 'place-0002'],
  {},
  new String('a'),
  true,
  () => 'a',
  NaN
]

function rollRow(policy: Policy, dice: Dice): ObjectRef {
  const strange = (value: unknown): unknown => (dice.chance(6) ? dice.pick(odd) : value)
  const place = (): unknown =>
    strange(dice.chance(60) ? dice.pick(ids) : dice.chance(50) ? null : 'nowhere at all')
  const fields: Record<string, unknown> = {
    type: dice.pick(['doc', 'log', 'note']),
    owner: strange(dice.pick(['me', 'you', null])),
    org: dice.chance(50) ? place() : undefined
  }
  for (const { name } of policy.document.containers ?? []) if (dice.chance(70)) fields[name] = place()
  for (const [name, all] of Object.entries(values))
    if (dice.chance(85)) fields[name] = strange(dice.chance(4) ? 'no such value' : dice.pick(all))
  if (dice.chance(10)) fields['anyOrg'] = dice.pick([true, false, null])
  // New texts, as a database gives them: none is the text in the policy or the subject.
  for (const [name, value] of Object.entries(fields))
    if (typeof value === 'string') fields[name] = Array.from(value).join('')
  return shaped(fields, dice) as unknown as ObjectRef
}

/** The fields as own ones, as accessors of a class, or inherited. */
function shaped(fields: Record<string, unknown>, dice: Dice): object {
  const shape = dice.below(10)
  if (shape === 1) return Object.assign(Object.create(null) as object, fields)
  if (shape === 2) return Object.create(fields) as object
  if (shape === 3) {
    const getters = Object.entries(fields).map(([name, value]) => [name, { get: () => value }])
    return Object.create(
      Object.create(Object.prototype, Object.fromEntries(getters) as never) as object
    ) as object
  }
  if (shape === 4) return new Proxy(fields, {})
  if (shape === 5) return Object.assign(() => 0, fields)
  return fields
}

/** Whether it is allowed, or what is wrong with the question. */
function said(ask: () => boolean): unknown {
  try {
    return untraced(ask)
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    return { code: error.code, path: error.path }
  }
}

const strays = ['project', 'folder', 'shelf', 'state', 'locked', 'audience', 'kept', 'tier']

afterEach(() => {
  for (const name of strays) Reflect.deleteProperty(Object.prototype, name)
})

describe('`can` about rows with containers and attributes', () => {
  const asked = rolled(2000, (dice) => {
    const policy = rollPolicy(dice)
    const subject = policy.subject(rollSubject(policy, dice) as never)
    const narrowed = subject.within({ onlyOrgs: ['a', 'place-0001', '*none'] })
    return {
      policy,
      subjects: [subject, narrowed],
      rows: Array.from({ length: 40 }, () => rollRow(policy, dice))
    }
  })

  it('answers and refuses as `explain` does, however often it is asked', () => {
    fc.assert(
      fc.property(asked, ({ policy, subjects, rows }) => {
        for (const subject of subjects)
          for (const row of rows)
            for (const action of ['read', 'write']) {
              const expected = said(() => subject.explain(action, row).allowed)
              expect(said(() => subject.can(action, row))).toEqual(expected)
              const type: unknown = row.type
              if (typeof type === 'string')
                expect(said(() => subject.can(policy.permission(type, action), row))).toEqual(expected)
            }
      })
    )
  })

  it('does so where something wrote a field to every object', () => {
    fc.assert(
      fc.property(
        asked,
        fc.constantFrom(...strays),
        fc.constantFrom('a', 'draft', true, 7),
        (world, name, value) => {
          for (const row of world.rows) said(() => world.subjects[0]?.can('read', row) ?? false)
          Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
          try {
            for (const subject of world.subjects)
              for (const row of world.rows) {
                const expected = said(() => subject.explain('read', row).allowed)
                expect(said(() => subject.can('read', row))).toEqual(expected)
              }
          } finally {
            Reflect.deleteProperty(Object.prototype, name)
          }
        }
      ),
      { numRuns: 30 }
    )
  })

  it('passes on what a getter of a row throws', () => {
    const policy = trackerPolicy()
    const subject = policy.subject({ id: 'me', roles: [{ role: 'viewer', project: 'p' }] })
    const own = new Error('gone')
    for (const name of ['project', 'state'])
      for (let i = 0; i < 20; i++)
        expect(() =>
          subject.can('read', {
            type: 'doc',
            project: 'p',
            state: 'draft',
            get [name]() {
              throw own
            }
          })
        ).toThrow(own)
  })

  it('reads no field that the resource does not have', () => {
    const policy = trackerPolicy()
    const subject = policy.subject({ id: 'me', roles: [{ role: 'viewer', project: 'p' }] })
    const row = {
      type: 'log',
      project: 'p',
      get state(): string {
        throw new Error('not asked for')
      }
    }
    expect(subject.can('read', row as never)).toBe(true)
  })
})

function trackerPolicy(): Policy {
  return compile(
    parsePolicy({
      name: 'rows',
      containers: [{ name: 'project' }],
      resources: {
        doc: {
          in: { project: 'optional' },
          attributes: { state: { values: ['draft', 'done'] } },
          actions: { read: '' }
        },
        log: { in: { project: 'optional' }, actions: { read: '' } }
      },
      roles: { viewer: { kind: 'project', grants: { project: { allow: { '*': '*' } } } } }
    })
  )
}

describe('the places in which roles are held', () => {
  const table = (vote: number) => ({ members: [], table: Uint8Array.of(0, vote), next: new Map() })
  const heldIn = (list: readonly string[]) =>
    new Map(list.map((id, i) => [id, table((i % 255) + 1)] as const)) as never

  const fresh = (id: string): string => JSON.parse(JSON.stringify(id)) as string

  function expectSame(list: readonly string[], others: readonly string[]): void {
    const places = new HeldPlaces(heldIn(list))
    const wanted = new Map(list.map((id, i) => [id, (i % 255) + 1] as const))
    const asked = [...others, ...list]
    for (let i = 0; i < list.length + 8; i++) places.votes('x', 1)
    for (const id of asked) expect(places.votes(fresh(id), 1)).toBe(wanted.get(id) ?? 0)
  }

  it('are found by any text, and no other text finds them', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.uuid(),
      // Alike in every character that is looked at.
      fc
        .string({ minLength: 3, maxLength: 3, unit: fc.constantFrom('a', 'b') })
        .map((middle) => `same  ab${middle}-end.`)
    )
    fc.assert(
      fc.property(
        fc.uniqueArray(text, { maxLength: 40 }),
        fc.array(text, { maxLength: 40 }),
        (list, others) => {
          expectSame(list, others)
        }
      )
    )
  })

  it('are found where thousands differ in nothing that is looked at', () => {
    const list = Array.from({ length: 3000 }, (_, i) => `prefix00${String(i).padStart(6, '0')}-end.`)
    expectSame(list, ['prefix00003000-end.', 'prefix00-end.', '-end.'])
  })

  it('are found among ten thousand', () => {
    const list = Array.from({ length: 10_000 }, (_, i) => `project-${i}`)
    expectSame(list, ['project-10000', 'project-', 'project', ''])
  })
})
