// What examples/better-auth.ts makes of access control and back. better-auth is not loaded: what its roles answer is
// written down here, from the access module of 1.4.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, parsePolicy } from 'casemate'
import { fromBetterAuth, toBetterAuth, type Statements } from '../../examples/better-auth.js'

type Request = Readonly<
  Record<
    string,
    readonly string[] | { readonly actions: readonly string[]; readonly connector: 'AND' | 'OR' }
  >
>

/**
 * `authorize` of a role, as better-auth answers: no for a resource without statements, whatever else is asked; of the
 * actions of a resource all or one; of the resources all or one; no where nothing is asked.
 */
function authorize(statements: Statements, request: Request, connector: 'AND' | 'OR' = 'AND'): boolean {
  let isAllowed = false
  for (const [resource, wanted] of Object.entries(request)) {
    // It looks at inherited names too, and fails for `constructor`; here that is a name like others.
    const granted = Object.hasOwn(statements, resource) ? statements[resource] : undefined
    if (granted === undefined) return false
    const list = 'connector' in wanted ? wanted.actions : wanted
    const isOr = 'connector' in wanted && wanted.connector === 'OR'
    isAllowed = isOr ? list.some((one) => granted.includes(one)) : list.every((one) => granted.includes(one))
    if (isAllowed === (connector === 'OR')) return isAllowed
  }
  return isAllowed
}

const actions = ['create', 'read', 'delete-many'] as const
const names = ['project', 'invoice', 'constructor'] as const
const someOf = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...values])
const declared: Statements = Object.fromEntries(names.map((name) => [name, actions]))
const statements: fc.Arbitrary<Statements> = someOf(names).chain((chosen) =>
  fc
    .tuple(...chosen.map(() => someOf(actions)))
    .map((lists) => Object.fromEntries(chosen.map((name, i) => [name, lists[i] ?? []])))
)

describe('a policy from better-auth', () => {
  it('allows in the organization of a role what better-auth allows it, and nothing elsewhere', () => {
    fc.assert(
      fc.property(
        statements,
        fc.constantFrom(...names),
        fc.constantFrom(...actions),
        (role, type, action) => {
          const policy = compile(fromBetterAuth('app', declared, { member: role }))
          const ada = policy.subject({ id: 'ada', roles: [{ role: 'member', org: 'acme' }] })
          expect(ada.can(action, { type, org: 'acme' })).toBe(authorize(role, { [type]: [action] }))
          expect(ada.can(action, { type, org: 'globex', owner: 'ada' })).toBe(false)
        }
      )
    )
  })

  it('answers for several roles held as better-auth does for each single permission', () => {
    fc.assert(
      fc.property(statements, statements, fc.constantFrom(...names), (first, second, type) => {
        const policy = compile(fromBetterAuth('app', declared, { first, second }))
        const roles = ['first', 'second'].map((role) => ({ role, org: 'acme' }))
        const ada = policy.subject({ id: 'ada', roles })
        for (const action of actions)
          expect(ada.can(action, { type, org: 'acme' })).toBe(
            [first, second].some((role) => authorize(role, { [type]: [action] }))
          )
      })
    )
  })

  it('is none where better-auth takes what it has not declared, or names a wildcard', () => {
    const from = (role: Statements, resources = declared): unknown =>
      fromBetterAuth('app', resources, { member: role })
    expect(() => from({ project: ['raed'] })).toThrow(expect.objectContaining({ code: 'invalid_policy' }))
    expect(() => from({ projct: ['read'] })).toThrow(expect.objectContaining({ code: 'invalid_policy' }))
    expect(() => from({ project: ['*'] })).toThrow(expect.objectContaining({ code: 'invalid_policy' }))
    expect(() => from({ '*': ['read'] })).toThrow(expect.objectContaining({ code: 'not_expressible' }))
    expect(() => from({}, { project: ['*'] })).toThrow(expect.objectContaining({ code: 'invalid_policy' }))
  })
})

describe('a role for better-auth', () => {
  it('answers every request as the role that it came from, whatever the connectors', () => {
    const wanted = fc.oneof(
      someOf(actions),
      fc.record({ actions: someOf(actions), connector: fc.constantFrom<'AND' | 'OR'>('AND', 'OR') })
    )
    const requests = someOf(names).chain((chosen) =>
      fc
        .tuple(...chosen.map(() => wanted))
        .map((lists) => Object.fromEntries(chosen.map((name, i) => [name, lists[i] ?? []])))
    )
    fc.assert(
      fc.property(
        statements,
        requests,
        fc.constantFrom<'AND' | 'OR'>('AND', 'OR'),
        (role, request, connector) => {
          const policy = compile(fromBetterAuth('app', declared, { member: role }))
          const back = toBetterAuth(policy, 'member')
          // What the role does not name is there without actions: only `[]` of it is answered otherwise.
          const whole = { ...Object.fromEntries(names.map((name) => [name, []])), ...role }
          expect(authorize(back, request, connector)).toBe(authorize(whole, request, connector))
          for (const name of names)
            expect(back[name]?.toSorted()).toEqual((Object.hasOwn(role, name) ? role[name] : [])?.toSorted())
        }
      )
    )
  })

  it('has what wildcards and `implies` give it', () => {
    const policy = compile(
      parsePolicy({
        name: 'app',
        resources: {
          note: { org: 'required', actions: { read: '', write: '' }, implies: { write: ['read'] } }
        },
        roles: {
          all: { kind: 'org', grants: { org: { allow: { '*': '*' } } } },
          writer: { kind: 'org', grants: { org: { allow: { note: ['write'] } } } },
          none: { kind: 'org' }
        }
      })
    )
    expect(toBetterAuth(policy, 'all')).toEqual({ note: ['read', 'write'] })
    expect(toBetterAuth(policy, 'writer')).toEqual({ note: ['read', 'write'] })
    expect(toBetterAuth(policy, 'none')).toEqual({ note: [] })
  })

  const note = { org: 'required', actions: { read: '' } } as const
  const allow = { note: ['read'] } as const
  it.each([
    ['what they own alone', { kind: 'org', grants: { orgMember: { allow } } }, 'roles.member'],
    ['what is elsewhere', { kind: 'org', grants: { site: { allow } } }, 'roles.member'],
    ['a denial', { kind: 'org', grants: { org: { deny: allow } } }, 'roles.member'],
    ['a role in it', { kind: 'org', includes: ['other'] }, 'roles.member']
  ])('is none for %s', (_what, member, path) => {
    const other = { kind: 'org', grants: { org: { allow } } }
    const policy = compile(parsePolicy({ name: 'app', resources: { note }, roles: { member, other } }))
    expect(() => toBetterAuth(policy, 'member')).toThrow(
      expect.objectContaining({
        code: 'not_expressible',
        path,
        message: expect.stringContaining(path) as string
      })
    )
    expect(toBetterAuth(policy, 'other')).toEqual({ note: ['read'] })
  })

  it('is none where the policy has more than organizations, or where the role is another', () => {
    const resources = {
      note,
      key: { org: 'never', actions: { read: '' } }
    } as const
    const roles = { member: { kind: 'org' }, admin: { kind: 'site' } } as const
    const placed = compile(definePolicy({ name: 'app', resources, roles }))
    expect(() => toBetterAuth(placed, 'member')).toThrow(
      expect.objectContaining({ code: 'not_expressible', path: 'resources.key' })
    )
    const policy = compile(definePolicy({ name: 'app', resources: { note }, roles }))
    expect(() => toBetterAuth(policy, 'admin')).toThrow(
      expect.objectContaining({ code: 'role_takes_no_org' })
    )
    expect(() => toBetterAuth(policy, 'membr')).toThrow(expect.objectContaining({ code: 'unknown_role' }))
  })
})
