// Where a problem is and what it says, for what came with containers, lists of organizations and further ceilings.
import { describe, expect, it } from 'vitest'
import {
  compile,
  isCasemateError,
  parsePolicy,
  parseRequest,
  parseSubject,
  type Policy,
  type PolicyData
} from 'casemate'

const document = {
  name: 'placed',
  ids: 'uuid',
  containers: [{ name: 'project' }, { name: 'folder' }],
  resources: {
    doc: {
      in: { project: 'optional', folder: 'optional' },
      attributes: { state: { values: ['draft', 'final'], default: 'draft' } },
      actions: { read: '' }
    }
  },
  roles: {
    root: { kind: 'site', grants: {} },
    member: { kind: 'org', grants: {} },
    editor: { kind: 'project', grants: {} },
    reader: { kind: 'folder', grants: {} }
  },
  scopes: { all: { allow: { '*': '*' } } }
} as PolicyData
const policy: Policy = compile(parsePolicy(document))
const o1 = '00000000-0000-4000-a000-000000000001'
const outside = { subject: { id: 'me', roles: [] }, action: 'read', object: { type: 'doc' } }

/** The first problem, whether it is thrown or returned: its place and its message. */
function problemOf(ask: () => unknown): string {
  try {
    const answer = ask() as { readonly problems?: readonly { readonly message: string }[] }
    return answer.problems?.[0]?.message ?? 'no problem'
  } catch (error) {
    if (!isCasemateError(error)) throw error
    return error.message
  }
}

const me = policy.subject({ id: 'me', roles: [] })
const hostile = (value: unknown): never => value as never
const request = (more: object): unknown => parseRequest(policy, { ...outside, ...more })
const held = (role: unknown): unknown => policy.subject({ id: 'me', roles: [hostile(role)] })

const cases: readonly (readonly [() => unknown, string])[] = [
  [() => request({ within: 5 }), 'within: expected a list of ceilings, not `5`'],
  [
    () => request({ within: [5] }),
    'within[0]: expected a ceiling, `{ scopes, allowList, onlyOrgs }`, not `5`'
  ],
  [
    () => request({ within: [{}] }),
    'within[0]: expected `scopes`, `allowList`, `onlyOrgs` or several of them, not `{…}`'
  ],
  [
    () => request({ within: [{ scopes: ['all'] }, { onlyOrg: [] }] }),
    'within[1].onlyOrg: unknown key `onlyOrg`; did you mean `onlyOrgs`?'
  ],
  [
    () => request({ within: [{ onlyOrgs: ['a'] }] }),
    'within[0].onlyOrgs[0]: an id that is neither a UUID nor `*` nor `*none`: `a`'
  ],
  [() => request({ within: [{ onlyOrgs: [5] }] }), 'within[0].onlyOrgs[0]: not a text: `5`'],
  [() => request({ within: [{ onlyOrgs: [''] }] }), 'within[0].onlyOrgs[0]: an entry without id: `""`'],
  [
    () => request({ within: [{ onlyOrgs: 'all' }] }),
    'within[0].onlyOrgs: expected a list of organizations, not `all`'
  ],
  [
    () => request({ within: [{ onlyOrgs: Array.from({ length: 129 }, () => o1) }] }),
    'within[0].onlyOrgs: 129 entries are more than 128'
  ],
  [
    () => request({ subject: { id: 'me', roles: [], onlyOrgs: [o1, null] } }),
    'subject.onlyOrgs[1]: not a text: `null`'
  ],
  [() => held({ role: 'root', project: 'p' }), 'roles[0]: `root` is a site role and is held in no project'],
  [
    () => held({ role: 'member', org: 'o', folder: 'f' }),
    'roles[0]: `member` is an organization role and is held in no folder'
  ],
  [
    () => held({ role: 'editor', project: 'p', folder: 'f' }),
    'roles[0]: `editor` is a project role and is held in no folder'
  ],
  [
    () => held({ role: 'editor', org: 'o', project: 'p' }),
    'roles[0]: `editor` is a project role; give `{ role, project }`'
  ],
  [
    () => held({ role: 'editor', org: 'o' }),
    'roles[0]: `editor` is a project role; give `{ role, project }`'
  ],
  [() => held({ role: 'editor' }), 'roles[0]: `editor` is a project role; give `{ role, project }`'],
  [() => held({ role: 'editor', project: 5 }), 'roles[0].project: expected the id of a project, not `5`'],
  [
    () => held({ role: 'editor', proiect: 'p' }),
    'roles[0]: `editor` is a project role; give `{ role, project }`'
  ],
  [() => held({ role: 'member', org: 5 }), 'roles[0].org: expected an organization, not `5`'],
  [() => policy.withRoles({}, hostile(5)), 'place: expected a place, `{ org }`, not `5`'],
  [
    () => policy.withRoles({}, hostile({ project: 5 })),
    'place.project: expected the id of a project, not `5`'
  ],
  [() => policy.withRoles({}, hostile({ org: 5 })), 'place.org: expected an organization, not `5`'],
  [() => policy.withRoles({}, hostile({ orgs: 'o' })), 'unknown container `orgs`; did you mean `org`?'],
  [() => policy.withoutRoles(hostile(5)), 'names: expected a list of names, not `5`'],
  [() => policy.withoutRoles([hostile(5)], { org: 'o' }), 'names[0]: expected the name of a role, not `5`'],
  [() => policy.withoutRoles(['a', 'b'], { org: 'o' }), 'names[0]: unknown custom role `a`'],
  [
    () => policy.withoutRoles([], hostile({ org: 'o', project: 'p' })),
    'place.project: expected one place, not `{…}`'
  ],
  [() => policy.withoutRoles([], { project: '' }), 'place.project: expected an id, not `""`'],
  [() => policy.roles.get('root', hostile(5)), 'org: expected an organization, not `5`'],
  [() => policy.roles.get('root', hostile(5), 'project'), 'project: expected the id of a project, not `5`'],
  [() => policy.roles.get(hostile(5)), 'name: expected the name of a role, not `5`'],
  [
    () => parseSubject(policy, {}, hostile({ unknownRoles: 'ignore' })),
    'unknownRoles: expected `refuse` or `report`, not `ignore`'
  ],
  [
    () => me.canAssign('root', hostile({ project: 5 })),
    'place.project: expected the id of a project, not `5`'
  ],
  [
    () => me.canAssign('root', hostile({ project: 'p', folder: 'f' })),
    'place.folder: expected one container, not both `project` and `folder`'
  ],
  [() => me.canAssign('root', hostile({ team: 't' })), 'place.team: unknown key `team`'],
  [
    () => me.canAssign('root', hostile(Object.create({ project: 'p' }))),
    'place.project: inherited; only own keys are read'
  ],
  [() => me.canAssign('root', { org: 'o' }), 'role: `root` is a site role'],
  [
    () => me.canAssign('member', { project: 'p' }),
    'role: `member` is an organization role; give its organization'
  ],
  [() => me.canAssign('editor', {}), 'role: `editor` is a project role; give its project'],
  [
    () => me.canMint(hostile({ scopes: ['all'], onlyOrg: [] })),
    'key.onlyOrg: unknown key `onlyOrg`; did you mean `onlyOrgs`?'
  ],
  [() => me.canMint(hostile({ scopes: ['all'], onlyOrgs: [5] })), 'key.onlyOrgs[0]: not a text: `5`']
]

describe('a problem', () => {
  it.each(cases.map(([ask, said], i) => [i, said, ask] as const))('%i: %s', (_, said, ask) => {
    expect(problemOf(ask)).toBe(said)
  })
})
