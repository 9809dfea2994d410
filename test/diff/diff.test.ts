// Differences between two policies, example by example: who gains and loses what, on what, and what shows it.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, parseRequest, type Policy } from 'casemate'
import coder from '../../policies/coder/index.js'
import { loadPolicy } from '../../src/node/index.js'
import type { PolicyData } from '../../src/document/types.js'
import {
  areEquivalent,
  diffPolicies,
  diffToJson,
  diffToMarkdown,
  printDiff,
  type Difference,
  type PolicyDiff
} from '../../src/diff/index.js'

const base = {
  name: 'p',
  resources: {
    doc: { actions: { read: '', update: '' } },
    note: { acl: true, actions: { read: '' } },
    team: { org: 'required', actions: { read: '' } }
  },
  options: { strict: { values: [true, false], default: true } },
  orgOptions: { plan: { values: ['free', 'paid'], default: 'free' } },
  roles: {
    root: { kind: 'site', grants: { site: { allow: { '*': '*' } } }, assigns: ['*'] },
    author: { kind: 'site', grants: { user: { allow: { doc: '*' } } } },
    banned: { kind: 'site' },
    member: { kind: 'org', grants: { org: { allow: { doc: ['read'], team: ['read'] } } } },
    guest: { kind: 'org' }
  },
  systemSubjects: { cron: { id: 'cron-1', grants: { site: { allow: { doc: ['update'] } } } } },
  scopes: { reading: { allow: { '*': ['read'] }, aliases: ['ro'] } },
  publicScopes: ['doc:read'],
  defaultScopes: ['reading'],
  scopeTemplates: {
    one: { params: { id: 'required', other: 'optional' }, allow: { doc: '*' }, allowList: ['doc:{id}'] }
  }
} as const satisfies PolicyData

function diff(old: unknown, current: unknown): PolicyDiff {
  return diffPolicies(compile(parsePolicy(old)), compile(parsePolicy(current)))
}

function withRoles(roles: object): object {
  return { ...base, roles: { ...base.roles, ...roles } }
}

const told = (all: readonly Difference[]): string[] =>
  all.map(
    ({ subject, permission, relation, byAcl }) =>
      `${subject}: ${permission} (${relation}${byAcl ? ', acl' : ''})`
  )

describe('who gains and loses what', () => {
  it('is told per role, permission and relation, with the plainest request', () => {
    const { gained, lost } = diff(
      base,
      withRoles({
        author: {
          kind: 'site',
          grants: { user: { allow: { doc: ['read'] } }, site: { allow: { doc: ['read'] } } }
        }
      })
    )
    expect(told(gained)).toEqual([
      'author: doc:read (other)',
      'author: doc:read (own org)',
      'author: doc:read (other org)'
    ])
    expect(told(lost)).toEqual(['author: doc:update (own)'])
    expect(gained[0]?.witness).toEqual({
      subject: { id: 'u1', roles: ['author'] },
      action: 'read',
      object: { type: 'doc' }
    })
    // Belonging to an organization takes a role there, one that says nothing.
    expect(gained[1]?.witness).toEqual({
      subject: { id: 'u1', roles: ['author', { role: 'guest', org: 'o1' }] },
      action: 'read',
      object: { type: 'doc', org: 'o1' }
    })
  })

  it('is told of a pair of roles where neither shows it alone', () => {
    const { gained, lost } = diff(
      base,
      withRoles({ banned: { kind: 'site', grants: { site: { deny: { team: '*' } } } } })
    )
    expect(gained).toEqual([])
    expect(told(lost)).toEqual(['root + banned: team:read (all)', 'banned + member: team:read (own org)'])
    expect(lost[1]?.witness.subject).toEqual({ id: 'u1', roles: ['banned', { role: 'member', org: 'o1' }] })
    // And the other way round: a deny taken away is a gain.
    const back = diff(
      withRoles({ banned: { kind: 'site', grants: { site: { deny: { team: '*' } } } } }),
      base
    )
    expect(told(back.gained)).toEqual(told(lost))
  })

  it('is told of roles in two organizations where one reaches into the other, unless it shows in one', () => {
    const deny = { deny: { team: ['read'] } }
    const denying = (grants: object): object => withRoles({ guest: { kind: 'org', grants } })
    const inOne = ['root + guest: team:read (all)', 'member + guest: team:read (own org)']
    expect(told(diff(base, denying({ site: deny })).lost)).toEqual(inOne)
    // In one organization the two were refused before.
    const { lost } = diff(denying({ org: deny }), denying({ org: deny, site: deny }))
    expect(told(lost)).toEqual([
      'root + guest: team:read (all)',
      'member + guest in another organization: team:read (own org)'
    ])
    expect(lost[1]?.witness).toEqual({
      subject: {
        id: 'u1',
        roles: [
          { role: 'member', org: 'o1' },
          { role: 'guest', org: 'o2' }
        ]
      },
      action: 'read',
      object: { type: 'team', org: 'o1' }
    })
  })

  it('is told of system subjects, and of what an ACL entry grants', () => {
    const { gained } = diff(base, {
      ...base,
      resources: { ...base.resources, doc: { ...base.resources.doc, acl: true } },
      systemSubjects: { cron: { id: 'cron-1', grants: { site: { allow: { doc: ['update', 'read'] } } } } }
    })
    expect(told(gained)).toEqual([
      'no role: doc:read (all, acl)',
      'no role: doc:update (all, acl)',
      'system:cron: doc:read (all)'
    ])
    expect(gained[0]?.witness.object).toEqual({ type: 'doc', acl: { users: { u1: ['read'] } } })
  })

  it('is told of keys whose scope or template lets more through, with somebody who may do it', () => {
    const { gained, lost } = diff(base, {
      ...base,
      scopes: { reading: { allow: { '*': ['read'], doc: '*' }, aliases: ['ro'] } },
      scopeTemplates: {
        one: {
          params: { id: 'required', other: 'optional' },
          allow: { doc: ['read'] },
          allowList: ['doc:{id}', 'doc:{other}']
        }
      }
    })
    expect(told(gained)).toEqual(['scope:reading: doc:update (all)', 'template:one: doc:read (all)'])
    expect(gained[1]?.witness).toMatchObject({
      subject: { roles: ['root'], scopes: [{ template: 'one', params: { id: 'id1', other: 'id2' } }] },
      object: { id: 'id2' }
    })
    expect(told(lost)).toEqual(['template:one: doc:update (all)'])
  })

  it('counts a new action for a wildcard scope that keys have already, and not for the name that comes with it', () => {
    const { gained } = diff(base, {
      ...base,
      resources: { ...base.resources, team: { org: 'required', actions: { read: '', rename: '' } } }
    })
    expect(told(gained)).toEqual(['root: team:rename (all)', 'scope:team:*: team:rename (all)'])
  })

  it('holds under options out of the ordinary, which stand beside the witness', () => {
    const variant = (value: boolean): object =>
      withRoles({
        author: {
          ...base.roles.author,
          variants: value ? [{ when: { strict: false }, grants: { site: { allow: { team: '*' } } } }] : []
        }
      })
    const { gained } = diff(variant(false), variant(true))
    expect(told(gained)).toEqual(['author: team:read (all)'])
    expect(gained[0]?.options).toEqual({ strict: false })
    const under = diffPolicies(compile(parsePolicy(variant(false))), compile(parsePolicy(variant(true))), {
      options: { strict: true }
    })
    expect(under.gained).toEqual([])
  })

  it('takes an option without default, where a policy lacks the value, for the first that it has', () => {
    const under = (values: readonly string[], when: string): object => ({
      ...withRoles({
        author: {
          ...base.roles.author,
          variants: [{ when: { mode: when }, grants: { site: { allow: { team: '*' } } } }]
        }
      }),
      options: { ...base.options, mode: { values } }
    })
    const compiled = (document: object, mode: string): Policy =>
      compile(parsePolicy(document), { options: { mode } })
    const old = under(['open', 'shut'], 'open')
    // Whatever `mode` the policies were compiled with.
    for (const mode of ['open', 'shut']) {
      const { gained, lost } = diffPolicies(
        compiled(old, mode),
        compiled(under(['wide', 'narrow'], 'wide'), 'narrow')
      )
      expect(told(gained)).toEqual(['author: team:read (all)'])
      expect(gained[0]?.options).toEqual({ mode: 'shut' })
      expect(told(lost)).toEqual(['author: team:read (all)'])
      expect(lost[0]?.options).toEqual({ mode: 'narrow' })
    }
  })

  it('gives the settings of the organization that show it, and a changed default shows without any', () => {
    const variants = [{ when: { plan: 'paid' }, grants: { org: { allow: { doc: '*' } } } }]
    const paid = withRoles({ guest: { kind: 'org', variants } })
    const { gained } = diff(base, paid)
    expect(told(gained)).toEqual(['guest: doc:read (own org)', 'guest: doc:update (own org)'])
    expect(gained[0]?.witness.subject).toMatchObject({ orgOptions: { o1: { plan: 'paid' } } })
    const byDefault = { ...paid, orgOptions: { plan: { values: ['free', 'paid'], default: 'paid' } } }
    const moved = diff(paid, byDefault)
    expect(told(moved.gained)).toEqual(told(gained))
    expect(moved.gained[0]?.witness.subject).not.toHaveProperty('orgOptions')
    expect(moved.changes).toEqual(['the default of the setting `plan` was `free` and now `paid`'])
  })

  it('counts what a policy answers with an error as not allowed there', () => {
    const never = diff(base, {
      ...base,
      resources: { ...base.resources, doc: { ...base.resources.doc, org: 'never' } },
      roles: { ...base.roles, member: { kind: 'org', grants: { org: { allow: { team: ['read'] } } } } }
    })
    expect(told(never.lost)).toContain('root: doc:read (other org)')
    expect(told(never.lost)).toContain('member: doc:read (own org)')
    const uuid = diff(base, { ...base, ids: 'uuid' })
    expect(told(uuid.lost)).toContain('allow list: doc:read (all)')
    expect(uuid.lost.find(({ kind }) => kind === 'list')?.witness.subject).toMatchObject({
      allowList: ['*:id1']
    })
  })

  it('makes nothing of a role that says nothing, and all of it of one that allows', () => {
    expect(told(diff(base, withRoles({ extra: { kind: 'site' } })).gained)).toEqual([])
    const extra = withRoles({ extra: { kind: 'site', grants: { site: { allow: { team: '*' } } } } })
    expect(told(diff(base, extra).gained)).toEqual(['extra: team:read (all)'])
    expect(told(diff(extra, base).lost)).toEqual(['extra: team:read (all)'])
  })
})

describe('a role that is written alike', () => {
  const editor = (doc: object, ...containers: object[]): object => ({
    name: 'alike',
    containers,
    resources: { doc },
    roles: { editor: { kind: 'site', grants: { site: { allow: { doc: ['edit'] } } } } }
  })
  const doc = { actions: { read: '', edit: '' } }

  it('gains what an action newly implies', () => {
    const { gained, lost } = diff(editor(doc), editor({ ...doc, implies: { edit: ['read'] } }))
    expect(told(gained)).toEqual(['editor: doc:read (all)'])
    expect(lost).toEqual([])
  })

  it('has nothing to gain in a catalogue of another order', () => {
    const { gained, lost } = diff(editor(doc), editor({ actions: { edit: '', read: '' } }))
    expect([...gained, ...lost]).toEqual([])
  })
})

// The tables of `reader` are equal, byte by byte: what they say depends on the order of the actions.
describe('a role whose votes are those of other actions, in a catalogue of another order', () => {
  const allowing = (resources: object, ...actions: string[]): object => ({
    name: 'ordered',
    resources,
    roles: { reader: { kind: 'site', grants: { site: { allow: { doc: actions } } } } }
  })

  it('gains and loses them', () => {
    const { gained, lost } = diff(
      allowing({ doc: { actions: { read: '', drop: '' } } }, 'read'),
      allowing({ doc: { actions: { drop: '', read: '' } } }, 'drop')
    )
    expect(told(gained)).toEqual(['reader: doc:drop (all)'])
    expect(told(lost)).toEqual(['reader: doc:read (all)'])
  })

  it('gains and loses what entries need', () => {
    const acl = { requires: 'share' }
    const { gained, lost } = diff(
      allowing({ doc: { acl, actions: { read: '', share: '', drop: '' } } }, 'share'),
      allowing({ doc: { acl, actions: { read: '', drop: '', share: '' } } }, 'drop')
    )
    expect(told(gained)).toEqual(['reader: doc:drop (all)'])
    expect(told(lost)).toEqual(['reader: doc:read (all, acl)', 'reader: doc:share (all)'])
  })
})

describe('renames', () => {
  const withoutAuthor = Object.fromEntries(Object.entries(base.roles).filter(([name]) => name !== 'author'))
  const renamed = (grants: object): object => {
    return { ...base, roles: { ...withoutAuthor, writer: { kind: 'site', grants } } }
  }

  it('are recognized where the grants are the same, and fold what is gained and lost away', () => {
    const {
      gained,
      lost,
      renamed: found
    } = diff(base, renamed({ user: { allow: { doc: ['update', 'read'] } } }))
    expect([gained, lost]).toEqual([[], []])
    expect(found).toEqual([{ kind: 'role', from: 'author', to: 'writer' }])
  })

  it('hide no gain: neither other grants, nor a second role with the same', () => {
    const wider = diff(base, renamed({ user: { allow: { doc: '*' } }, site: { allow: { team: '*' } } }))
    expect(wider.renamed).toEqual([])
    expect(told(wider.gained)).toContain('writer: doc:read (own)')
    const twice = diff(base, {
      ...base,
      roles: {
        ...withoutAuthor,
        writer: { ...base.roles.author },
        copy: { ...base.roles.author }
      }
    })
    expect(twice.renamed).toHaveLength(1)
    expect(told(twice.gained)).toEqual(['copy: doc:read (own)', 'copy: doc:update (own)'])
  })

  it('report what a renamed role gains through the catalogue, and what it may newly assign', () => {
    const {
      gained,
      widened,
      narrowed,
      renamed: found
    } = diff(base, {
      ...base,
      resources: { ...base.resources, doc: { actions: { read: '', update: '', erase: '' } } },
      roles: { ...withoutAuthor, writer: { ...base.roles.author, assigns: ['member'], assignable: false } }
    })
    expect(found).toHaveLength(1)
    expect(told(gained)).toContain('writer: doc:erase (own)')
    expect(widened).toEqual([
      { kind: 'assign', subject: 'writer', message: '`writer` may now assign `member`' }
    ])
    // Told in the words of the policy that had it.
    expect(narrowed.map(({ message }) => message)).toEqual(['`author` can no longer be assigned'])
  })

  it('are recognized of scopes, under an alias too, and of system subjects', () => {
    const {
      gained,
      lost,
      renamed: found
    } = diff(base, {
      ...base,
      systemSubjects: { timer: base.systemSubjects.cron },
      scopes: { 'app:read': { allow: { '*': ['read'] }, aliases: ['reading', 'ro'] } }
    })
    expect([told(gained), told(lost)]).toEqual([[], []])
    expect(found).toEqual([
      { kind: 'system', from: 'cron', to: 'timer' },
      { kind: 'scope', from: 'reading', to: 'app:read' }
    ])
  })
})

describe('a role that is gone', () => {
  const deny = { deny: { team: '*' } }

  it('is told apart where it denied something, under a setting too: no request can show what is gone with it', () => {
    const stop = { kind: 'site', grants: { site: deny } }
    expect(diff(withRoles({ stop }), base)).toMatchObject({ gained: [], removedDenies: ['stop'] })
    const other = { kind: 'site', grants: { site: { deny: { team: [] } } } }
    expect(diff(withRoles({ stop }), withRoles({ other })).removedDenies).toEqual(['stop'])
    expect(diff(withRoles({ other }), base).removedDenies).toEqual([])
  })

  it('is not where it has another name now', () => {
    const ban = { kind: 'site', grants: { site: deny } }
    const { renamed, removedDenies } = diff(withRoles({ before: ban }), withRoles({ after: ban }))
    expect(renamed).toEqual([{ kind: 'role', from: 'before', to: 'after' }])
    expect(removedDenies).toEqual([])
  })
})

describe('what also changed', () => {
  it('is named, and is neither gained nor lost', () => {
    const { gained, lost, changes, widened, narrowed } = diff(
      { ...base, invariants: [{ name: 'i', permissions: ['doc:read'], only: ['root'] }] },
      {
        ...base,
        resources: { ...base.resources, empty: { actions: { look: '' } } },
        orgOptions: {},
        roles: {
          ...base.roles,
          root: { ...base.roles.root, grants: { site: { allow: { '*': '*', empty: [] } } } },
          author: { ...base.roles.author, assigns: ['member'] }
        },
        scopes: { reading: { allow: { '*': ['read'] }, aliases: ['ro', 'r'] } },
        publicScopes: ['doc:read', 'doc:update'],
        defaultScopes: [],
        invariants: []
      }
    )
    expect([told(gained), told(lost)]).toEqual([[], []])
    expect(changes).toEqual([
      'new resource: `empty` with `look`',
      'setting that is gone: `plan`; whoever set it is now decided like everybody, which no request shows',
      'invariant that is gone: `i`'
    ])
    // What lets somebody reach more is told apart from it, each with its kind.
    expect(widened).toEqual([
      { kind: 'assign', subject: 'author', message: '`author` may now assign `member`' },
      {
        kind: 'public-scope',
        subject: 'doc:update',
        message: 'users may now request the scope `doc:update`'
      },
      { kind: 'alias', subject: 'r', message: '`r` is now another name of the scope `reading`' }
    ])
    expect(narrowed).toEqual([
      {
        kind: 'default-scopes',
        subject: 'defaultScopes',
        message: 'a token request without scopes meant `reading` and now no scope'
      }
    ])
  })
})

describe('equal policies', () => {
  it('have no difference, whatever the order of their keys; a wildcard that is spelled out, none of today', () => {
    const none = {
      gained: [],
      lost: [],
      widened: [],
      narrowed: [],
      renamed: [],
      removedDenies: [],
      changes: []
    }
    const reversed = (value: unknown): unknown =>
      typeof value !== 'object' || value === null || Array.isArray(value)
        ? value
        : Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, one]) => [key, reversed(one)])
          )
    expect(diff(base, reversed(base))).toEqual(none)
    const spelled = withRoles({
      root: {
        kind: 'site',
        grants: { site: { allow: { doc: { except: [] }, note: ['read'], team: '*' } } },
        assigns: ['*']
      }
    })
    const later = {
      kind: 'future',
      subject: 'root',
      message: '`root` no longer allows what is added later: `note:*`, `*:*`'
    }
    expect(diff(base, spelled)).toEqual({ ...none, narrowed: [later] })
    expect(areEquivalent(compile(coder), compile(coder))).toBe(true)
  })
})

describe('the policy before and after boundary logs', () => {
  it('differs by the documented table, and by what the keys let through', async () => {
    const before = compile(await loadPolicy('policies/coder/before-boundary-log.json'))
    const { gained, lost, renamed } = diffPolicies(before, compile(coder))
    expect([lost, renamed]).toEqual([[], []])
    expect(told(gained)).toEqual([
      'owner: boundary_log:read (all)',
      'auditor: boundary_log:read (all)',
      'member: boundary_log:create (own)',
      'system:dbpurge: boundary_log:delete (all)',
      'system:system: boundary_log:read (all)',
      'scope:coder:all: boundary_log:create (own)',
      'scope:coder:all: boundary_log:read (all)',
      'scope:no_user_data: boundary_log:create (own)',
      'scope:no_user_data: boundary_log:read (all)',
      'template:workspace_agent: boundary_log:create (own)'
    ])
  })
})

describe('custom roles', () => {
  it('are compared where they are held', () => {
    const policy = compile(parsePolicy(base))
    const intern = { intern: { kind: 'org', grants: { org: { allow: { doc: ['update'] } } } } } as const
    const { gained } = diffPolicies(policy, policy.withRoles(intern, { org: 'acme' }))
    expect(told(gained)).toEqual(['intern in acme: doc:update (own org)'])
    expect(gained[0]?.witness).toEqual({
      subject: { id: 'u1', roles: [{ role: 'intern', org: 'acme' }] },
      action: 'update',
      object: { type: 'doc', org: 'acme' }
    })
  })
})

describe('a printed difference', () => {
  const found = diff(
    base,
    withRoles({
      author: { kind: 'site', grants: { site: { allow: { team: ['read'] } } } },
      'we`ird <b>': { kind: 'site' }
    })
  )

  it('is text with a request under each line', () => {
    expect(printDiff(found)).toBe(
      [
        'Gained',
        '  author',
        '  + team:read (all)',
        '      {"subject":{"id":"u1","roles":["author"]},"action":"read","object":{"type":"team","org":"o1"}}',
        '',
        'Lost',
        '  author',
        // The request of the first; with the other action it shows the second.
        '  - doc:read, doc:update (own)',
        '      {"subject":{"id":"u1","roles":["author"]},"action":"read","object":{"type":"doc","owner":"u1"}}',
        '',
        'Also changed',
        '  new role: `we\\u0060ird <b>`',
        '',
        '1 subject gains 1 permission; 1 subject loses 2 permissions'
      ].join('\n')
    )
    expect(printDiff(found, { colour: true })).toContain('\u001B[32m  + team:read (all)\u001B[0m')
    expect(printDiff(diff(base, base))).toBe('nobody gains or loses anything')
  })

  it('is JSON whose witnesses are requests', () => {
    const data = JSON.parse(diffToJson(found)) as { gained: Record<string, unknown>[]; lost: unknown[] }
    expect(data.gained).toEqual([
      {
        subject: 'author',
        permission: 'team:read',
        relation: 'all',
        witness: {
          subject: { id: 'u1', roles: ['author'] },
          action: 'read',
          object: { type: 'team', org: 'o1' }
        }
      }
    ])
    expect(parseRequest(compile(parsePolicy(base)), data.gained[0]?.['witness'])).toMatchObject({ ok: true })
    expect(data.lost).toHaveLength(2)
  })

  it('is Markdown in which a name stays a name', () => {
    const page = diffToMarkdown(found, { title: 'a_b' })
    expect(page).toContain('## a\\_b\n')
    expect(page).toContain('### Gained\n\n#### `author`\n\n- `team:read` (all)\n\n<details><summary>')
    expect(page).toContain('```json\n{"subject":{"id":"u1","roles":["author"]},"action":"read"')
    expect(page).toContain('- new role: `we\\u0060ird <b>`\n')
  })
})
