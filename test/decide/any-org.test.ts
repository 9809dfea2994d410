// `anyOrg` is the question about one organization, asked of each that the subject belongs to: whatever the roles held in
// two organizations and in a project say.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type PolicyData } from 'casemate'

const list = { doc: ['read'] } as const
const votes = { yes: { allow: list }, no: { deny: list }, none: {} } as const
const words = ['yes', 'no', 'none'] as const
const pairs = words.flatMap((all) => words.map((own) => [all, own] as const))

const document = {
  name: 'pairs',
  containers: [{ name: 'project' }],
  resources: { doc: { in: { project: 'optional' }, actions: { read: '' } } },
  roles: {
    ...Object.fromEntries(
      pairs.flatMap(([all, own]): [string, object][] => [
        [`${all}-${own}`, { kind: 'org', grants: { org: votes[all], orgMember: votes[own] } }],
        [`in-${all}-${own}`, { kind: 'project', grants: { project: votes[all], projectMember: votes[own] } }]
      ])
    ),
    ...Object.fromEntries(
      words.map((word): [string, object] => [word, { kind: 'site', grants: { site: votes[word] } }])
    )
  }
} as PolicyData
const policy = compile(parsePolicy(document))

const roles = pairs.map(([all, own]) => `${all}-${own}`)
const objects = ['me', 'you', undefined].flatMap((owner) =>
  ['p1', 'p2', undefined].map((project) => ({ type: 'doc', owner, project }))
)

describe.each(words)('where the site says %s', (site) => {
  it.each(roles)('is as one of its organizations says, %s among them', (first) => {
    for (const second of [undefined, 'none-none', 'no-none', 'yes-none', 'none-yes'])
      for (const inside of ['none-none', 'none-yes', 'yes-none', 'yes-no', 'no-none']) {
        const held = [
          { role: first, org: 'o1' },
          ...(second === undefined ? [] : [{ role: second, org: 'o2' }])
        ]
        const subject = policy.subject({
          id: 'me',
          roles: [site, ...held, { role: `in-${inside}`, project: 'p1' }]
        })
        for (const object of objects) {
          const expected = site === 'yes' || held.some(({ org }) => subject.can('read', { ...object, org }))
          const said = [first, second, inside, object.owner, object.project].join(' ')
          const asked = { ...object, anyOrg: true }
          if (subject.can('read', asked) !== expected || subject.explain('read', asked).allowed !== expected)
            expect.fail(`${said}: it is not ${expected}`)
        }
      }
  })
})
