// What `fromCompiled` takes is a policy: a content with anything wrong in it is refused when it is loaded, also where its
// checksum is right. A different content that is a policy is that policy, exactly as the full package reads it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, PolicyError, type ObjectRef, type Policy, type RoleDocument } from 'casemate'
import { toCompiled } from 'casemate/node'
import { fromCompiled, type RuntimePolicy } from 'casemate/runtime'
import { checksumOf } from '../../src/compile/compiled-file.js'
import coder from '../../policies/coder/index.js'
import saas from '../../policies/saas/index.js'
import { orFailure } from '../support/engine.js'
import { edited, type Json } from './edits.js'
import { widePolicy } from './wide-places.js'
import { floor, runs } from '../support/depth.js'
import { untraced } from '../support/untraced.js'

const small = compile(
  parsePolicy({
    name: 'small',
    ids: 'uuid',
    resources: {
      note: { acl: true, actions: { read: '', delete: '' } },
      bill: { org: 'required', actions: { read: '', pay: '' } },
      key: { org: 'never', actions: { read: '' } }
    },
    options: { isOpen: { values: [true, false], default: true } },
    orgOptions: { plan: { values: ['free', 'paid'], default: 'free' }, size: { values: [1, 2] } },
    roles: {
      admin: { kind: 'site', grants: { site: { allow: { '*': '*', key: [] }, deny: { note: ['delete'] } } } },
      writer: {
        kind: 'site',
        grants: { user: { allow: { note: { except: ['delete'] } } } },
        variants: [{ when: { isOpen: false }, grants: { user: { allow: { note: [] } } } }]
      },
      member: {
        kind: 'org',
        grants: { org: { allow: { bill: ['read'] } }, orgMember: { deny: { note: ['delete'] } } },
        variants: [{ when: { plan: 'paid', isOpen: true }, grants: { org: { allow: { bill: '*' } } } }]
      }
    },
    systemSubjects: { purge: { id: 'purge', grants: { user: { allow: { note: ['delete'] } } } } },
    scopes: { notes: { allow: { note: ['read'] }, aliases: ['n'] } },
    scopeTemplates: {
      one: {
        params: { id: 'required', other: 'optional', quiet: 'flag' },
        allow: { note: ['read'] },
        variants: [{ when: { quiet: true }, allow: { note: [] } }],
        allowList: ['note:{id}', 'bill:{other}', 'key:*']
      }
    }
  })
)
  .withRoles({ extra: { kind: 'site', grants: { site: { allow: { note: ['read'] } } } } })
  .withRoles({ helper: { kind: 'org', grants: { org: { allow: { bill: ['pay'] } } } } }, { org: 'o1' })

const contentOf = (policy: Policy): Json =>
  (JSON.parse(JSON.stringify(toCompiled(policy))) as { content: Json }).content
const wide = widePolicy()
const contents = [contentOf(small), contentOf(wide), contentOf(wide), contentOf(compile(saas))]

/** A file with the checksum that its content has. */
const sealed = (content: Json): unknown => ({
  casemate: 2,
  checksum: checksumOf(JSON.stringify(content)),
  content
})

/** The policy, or `refused`; any other error than that of files that are wrong is thrown on. */
function load(content: Json): RuntimePolicy | 'refused' {
  try {
    return untraced(() => fromCompiled(sealed(content)))
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    expect(error.problems).toHaveLength(1)
    expect(error.problems[0]).toMatchObject({
      code: 'invalid_file',
      path: expect.stringMatching(/^content/) as string
    })
    return 'refused'
  }
}

/** What the full package makes of the same content, or `refused`. */
function readWhole(content: Json): Policy | 'refused' {
  const parts = Object(content) as { [key: string]: Json }
  const { document, siteRoles, orgRoles, containerRoles } = parts
  if (Object.keys(parts).sort().join() !== 'containerRoles,document,orgRoles,siteRoles') return 'refused'
  const declared = recordIn(document, 'containers')
  const containers = Object.values(declared).map((container) => recordIn({ container }, 'container')['name'])
  if (!isRecord(orgRoles) || !isRecord(containerRoles)) return 'refused'
  if (Object.keys(containerRoles).some((kind) => !containers.includes(kind))) return 'refused'
  const kinds = [['org', orgRoles] as const, ...Object.entries(containerRoles)]
  if (!kinds.every(([, places]) => isRecord(places))) return 'refused'
  const whole = orFailure(() => {
    let policy: Policy = compile(parsePolicy(withEveryValue(document)))
    policy = policy.withRoles(siteRoles as unknown as Record<string, RoleDocument>)
    for (const [kind, places] of kinds)
      for (const [id, roles] of Object.entries(places as object))
        policy = policy.withRoles(roles as Record<string, RoleDocument>, { [kind]: id })
    return policy
  })
  return 'error' in whole ? 'refused' : whole
}

function isRecord(value: Json | undefined): value is { [key: string]: Json } {
  return Object(value) === value && !Array.isArray(value)
}

/**
 * Of the deployment's options a file has the chosen values alone, which is no fault; a document must declare those that
 * a variant asks for too.
 */
function withEveryValue(given: Json | undefined): Json {
  const document = structuredClone(given ?? null)
  for (const role of Object.values(recordIn(document, 'roles')))
    for (const variant of Object.values(recordIn(role, 'variants'))) {
      const when = recordIn(variant, 'when')
      for (const [option, value] of Object.entries(when)) {
        const { values, default: chosen = null } = recordIn(recordIn(document, 'options'), option)
        // One that is wrong as it is must not become right.
        if (
          !Array.isArray(values) ||
          !values.includes(chosen) ||
          values.includes(value) ||
          typeof value === 'object'
        )
          continue
        // A file takes any value there: one that was not chosen is never met.
        if (values.some((known) => textOf(known) === textOf(value))) when[option] = '(other)'
        if (!values.includes('(other)')) values.push('(other)')
        if (!values.some((known) => textOf(known) === textOf(value))) values.push(value)
      }
    }
  return document
}

/** A value as a command line would write it. */
function textOf(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What stands under a key, to be read and written; nothing where that has no keys. */
function recordIn(value: Json | undefined, key: string): { [key: string]: Json } {
  const inner: unknown = Object.getOwnPropertyDescriptor(Object(value), key)?.value
  return (typeof inner === 'object' && inner !== null ? inner : {}) as { [key: string]: Json }
}

/** Answers of a policy to many questions; errors are answers. */
function answers(policy: RuntimePolicy | Policy): unknown {
  const roleSets = [
    ['admin'],
    ['writer'],
    ['extra'],
    ['admin', { role: 'member', org: 'o1' }],
    [{ role: 'member', org: 'o1' }],
    [{ role: 'helper', org: 'o1' }],
    ['auditor', { role: 'fixer', org: 'o1' }],
    [
      { role: 'team: lead', project: 'p1' },
      { role: 'member', org: 'o1' }
    ],
    [{ role: 'fixer', project: 'p1' }],
    [
      { role: 'viewer', org: 'o1' },
      { role: 'editor', org: 'o2' }
    ]
  ]
  const id = '00000000-0000-4000-a000-000000000001'
  const ceilings = [
    undefined,
    { scopes: ['n'] },
    { scopes: ['drafts'] },
    { scopes: [{ template: 'one', params: { id } }] },
    { allowList: [`note:${id}`] }
  ]
  const objects: (ObjectRef & Record<string, unknown>)[] = [
    { type: 'note', id, owner: 'ada', acl: { users: { ada: ['delete'] } } },
    { type: 'note', owner: 'ada' },
    { type: 'note', owner: 'ada', org: 'o1' },
    { type: 'bill', org: 'o1' },
    { type: 'bill', anyOrg: true },
    { type: 'key', owner: 'purge' },
    { type: 'project', owner: 'ada', org: 'o1' },
    { type: 'doc', status: 'done', locked: false, owner: 'ada', project: ['p1'] },
    { type: 'doc', locked: true, org: 'o1', acl: { users: { ada: ['editor'] } } },
    { type: 'doc', locked: true, project: 'p1' },
    { type: 'task', project: 'p1' }
  ]
  return [
    ...roleSets.map((roles) => () => policy.subject({ id: 'ada', roles })),
    () => policy.systemSubject('purge')
  ].map((make) => {
    const made = orFailure(make)
    if ('error' in made) return made
    return ceilings.map((ceiling) => {
      const subject = orFailure(() => (ceiling === undefined ? made : made.within(ceiling)))
      if ('error' in subject) return subject
      return objects.map((object) => [
        orFailure(() => subject.actionsOn(object)),
        orFailure(() =>
          ['read', 'delete', 'pay', 'update'].map((action) =>
            orFailure(() => subject.explain(action, object).allowed)
          )
        )
      ])
    })
  })
}

const edit = fc.record({ kind: fc.nat(3), place: fc.nat(5000), value: fc.nat(200), key: fc.nat(200) })

describe('a content whose checksum is right', () => {
  it('is taken exactly where it is a policy, and is then that policy', () => {
    const outcomes = { taken: 0, refused: 0 }
    fc.assert(
      fc.property(
        fc.nat(contents.length - 1),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        (which, edits) => {
          const content = edits.reduce(edited, contents[which] ?? null)
          const loaded = load(content)
          const whole = readWhole(content)
          outcomes[loaded === 'refused' ? 'refused' : 'taken']++
          if (loaded === 'refused') {
            // It refuses more in one thing alone: what `toCompiled` leaves out of a file is unknown there.
            if (whole !== 'refused') expect(hasMore(content)).toBe(true)
            return
          }
          if (whole === 'refused') throw new Error(`taken, and no policy: ${JSON.stringify(content)}`)
          expect(answers(loaded)).toEqual(answers(whole))
        }
      ),
      { numRuns: runs(300, 30_000) }
    )
    expect(outcomes.taken).toBeGreaterThan(floor(15))
    expect(outcomes.refused).toBeGreaterThan(floor(90))
  })

  it('is taken for every policy that ships', () => {
    for (const policy of [small, wide, compile(saas), compile(coder)])
      expect(load(contentOf(policy))).not.toBe('refused')
  })

  it.each<[string, readonly (string | number)[], Json]>([
    ['resources', ['document', 'resources'], 5],
    ['a role', ['document', 'roles', 'admin'], null],
    ['a misspelt deny', ['document', 'roles', 'admin', 'grants', 'site', 'deny'], { nota: ['delete'] }],
    [
      'a denied action that is none',
      ['document', 'roles', 'admin', 'grants', 'site', 'deny'],
      { note: ['delte'] }
    ],
    [
      'site grants of a role of one organization',
      ['orgRoles', 'o1', 'helper', 'grants'],
      { site: { allow: { '*': '*' } } }
    ],
    ["an organization's role at the site", ['siteRoles', 'extra', 'kind'], 'org'],
    ['a role that replaces a shipped one', ['siteRoles', 'admin'], { kind: 'site' }],
    ['delegation', ['document', 'roles', 'admin', 'assigns'], ['*']],
    ['a list that names no parameter', ['document', 'scopeTemplates', 'one', 'allowList'], ['note:{ide}']],
    ['a default that is no value', ['document', 'options', 'isOpen', 'default'], 'true']
  ])('is refused with %s, at its place', (_, path, value) => {
    const content = structuredClone(contents[0] ?? null)
    const parent = path.slice(0, -1).reduce<Json>((at, step) => (at as never)[step], content)
    Reflect.set(parent as object, path.at(-1) ?? '', value)
    expect(load(content)).toBe('refused')
  })

  it('is refused, and nothing else is thrown, for what JSON cannot say', () => {
    const cycle: { content?: unknown } = {}
    cycle.content = cycle
    let deep: unknown = null
    for (let i = 0; i < 100_000; i++) deep = [deep]
    for (const content of [cycle, 1n, { a: 1n }, () => 1, Symbol('x'), deep])
      expect(() => fromCompiled({ casemate: 2, checksum: checksumOf('null'), content })).toThrow(PolicyError)
  })
})

/** Whether a content has keys that a policy document may have and a file never has. */
function hasMore(content: Json): boolean {
  const unknown =
    /"(?:\$schema|description|title|assigns|assignable|public|publicScopes|defaultScopes|invariants|lint|assignPermissions|unassignPermissions)":/
  const [{ options = {} } = {}] = [
    (content as { document?: { options?: Record<string, { default?: unknown }> } }).document
  ]
  return (
    unknown.test(JSON.stringify(content)) ||
    Object.values(options).some((option) => !Object.hasOwn(option, 'default'))
  )
}

describe('the checksum', () => {
  it('is the same in every version that reads the file', () => {
    expect(checksumOf('')).toBe('01000193811c9dc5')
    expect(checksumOf('{"document":{"name":"café","resources":{}}}')).toBe('b4d6d78fa804c09d')
    expect(
      toCompiled(compile(parsePolicy({ name: 'golden', resources: { log: { actions: { read: 'x' } } } })))
        .checksum
    ).toBe('37609f0c7b39d3f2')
  })
})
