// Valid policies as large as a document may be, each large in another way: what no command may stumble over. The same
// shapes come small for tests and at full size for `npm run stress`.
import type {
  PolicyData,
  ResourceDocument,
  RoleDocument,
  ScopeTemplateDocument
} from '../../src/document/types.js'

export interface LargeDocument {
  readonly name: string
  readonly document: PolicyData
}

type Shape = (count: number) => Omit<PolicyData, 'name'>

const doc: Readonly<Record<string, ResourceDocument>> = { doc: { actions: { read: '', write: '' } } }

function each<T>(count: number, make: (index: number) => readonly [string, T]): Record<string, T> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => make(index)))
}

function siteRole(role: Partial<RoleDocument> = {}): RoleDocument {
  return { kind: 'site', grants: { site: { allow: { doc: ['read'] } } }, ...role }
}

/** A word of letters alone, so that numbers do not tell names apart. */
function word(index: number): string {
  return Array.from(index.toString(26).padStart(4, '0'))
    .map((digit) => 'abcdefghijklmnopqrstuvwxyz'[parseInt(digit, 26)])
    .join('')
}

const shapes: Readonly<Record<string, readonly [most: number, Shape]>> = {
  roles: [12_000, (count) => ({ resources: doc, roles: each(count, (i) => [`r${i}`, siteRole()]) })],
  'roles that assign': [
    10_000,
    (count) => ({ resources: doc, roles: each(count, (i) => [`r${i}`, siteRole({ assigns: ['*'] })]) })
  ],
  'roles that each hold and assign everything': [
    7_000,
    (count) => ({
      resources: doc,
      roles: each(count, (i) => [
        `r${i}`,
        siteRole({
          grants: { site: { allow: { '*': '*' } }, user: { deny: { doc: [i % 2 ? 'read' : 'write'] } } },
          assigns: ['*']
        })
      ])
    })
  ],
  'roles of many resources': [
    1_500,
    (count) => ({
      resources: each(count, (i) => [`r${i}`, { actions: { read: '', write: '' } }]),
      roles: each(count, (i) => [
        `r${i}`,
        {
          kind: 'org',
          grants: {
            org: {
              allow: { [`r${i}`]: ['read'], '*': ['write'] },
              deny: { [`r${(i * 7) % count}`]: ['write'] }
            },
            orgMember: { allow: { [`r${(i * 3) % count}`]: '*' } }
          },
          assigns: ['*']
        }
      ])
    })
  ],
  grants: [
    200,
    (count) => ({
      resources: each(count, (i) => [`r${i}`, { actions: { read: '', write: '', drop: '' } }]),
      roles: each(count, (i) => [
        `r${i}`,
        {
          kind: i % 2 ? 'org' : 'site',
          grants: { site: { allow: each(count, (j) => [`r${j}`, (i + j) % 3 ? ['read'] : '*']) } }
        }
      ])
    })
  ],
  resources: [
    20_000,
    (count) => ({
      resources: each(count, (i) => [`r${i}`, { acl: true, actions: { read: '' } }]),
      roles: { owner: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
    })
  ],
  actions: [
    60_000,
    (count) => ({
      resources: { doc: { actions: each(count, (i) => [`a${i}`, '']) } },
      roles: { owner: { kind: 'site', grants: { site: { allow: { '*': '*' } } } }, none: { kind: 'org' } }
    })
  ],
  'resources and actions': [
    250,
    (count) => ({
      resources: each(count, (i) => [`r${i}`, { actions: each(count, (j) => [`a${j}`, '']) }]),
      roles: {
        owner: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
        reader: {
          kind: 'site',
          grants: { site: { allow: { '*': Array.from({ length: count }, (_, j) => `a${j}`) } } }
        }
      }
    })
  ],
  scopes: [
    15_000,
    (count) => ({
      resources: doc,
      roles: { owner: siteRole() },
      scopes: each(count, (i) => [`s${i}`, { allow: { doc: ['read'] }, aliases: [`t${i}`], public: true }])
    })
  ],
  'scope templates': [
    3_000,
    (count) => ({
      resources: doc,
      roles: { owner: siteRole() },
      scopeTemplates: each(count, (i): [string, ScopeTemplateDocument] => [
        `t${i}`,
        {
          params: { id: 'required', more: 'optional', all: 'flag' },
          allow: { doc: ['read'] },
          variants: [{ when: { all: true }, allow: { doc: '*' } }],
          allowList: ['doc:{id}', 'doc:{more}']
        }
      ])
    })
  ],
  flags: [
    4_000,
    (count) => ({
      resources: doc,
      roles: { owner: siteRole() },
      scopeTemplates: {
        agent: {
          params: each(count, (i) => [`f${i}`, 'flag']),
          allow: { doc: ['read'] },
          variants: Array.from({ length: count }, (_, i) => ({
            when: { [`f${i}`]: i % 2 === 0 },
            allow: { doc: '*' }
          }))
        }
      },
      invariants: [{ name: 'read', permissions: ['doc:read'], only: ['owner'], scope: 'agent' }]
    })
  ],
  options: [
    5_000,
    (count) => ({
      resources: each(count, (i) => [`r${i}`, { actions: { read: '' } }]),
      options: each(count, (i) => [`o${i}`, { values: [true, false], default: true }]),
      roles: {
        owner: {
          kind: 'site',
          grants: { site: { allow: { '*': '*' } } },
          variants: Array.from({ length: count }, (_, i) => ({
            when: { [`o${i}`]: false },
            grants: { site: { allow: { [`r${i}`]: [] } } }
          }))
        }
      },
      invariants: [{ name: 'owner', permissions: ['r0:read'], only: ['owner'] }]
    })
  ],
  'options of one permission': [
    40,
    (count) => ({
      resources: doc,
      options: each(count, (i) => [`o${i}`, { values: [0, 1, 2, 3, 4], default: 0 }]),
      roles: {
        owner: siteRole({
          variants: Array.from({ length: count * 5 }, (_, i) => ({
            when: { [`o${i % count}`]: i % 5 },
            grants: { site: { allow: { doc: [i % 2 ? 'read' : 'write'] } } }
          }))
        })
      },
      invariants: [{ name: 'owner', permissions: ['doc:read'], always: ['owner'] }]
    })
  ],
  'settings without default': [
    40,
    (count) => ({
      resources: doc,
      orgOptions: each(count, (i) => [`o${i}`, { values: [0, 1, 2, 3, 4] }]),
      roles: {
        owner: {
          kind: 'org',
          variants: Array.from({ length: count }, (_, i) => ({
            when: { [`o${i}`]: 1 },
            grants: { org: { allow: { doc: ['read'] } } }
          })),
          assigns: ['*']
        }
      },
      invariants: [{ name: 'owner', permissions: ['doc:read'], only: ['owner'] }]
    })
  ],
  values: [
    12_000,
    (count) => ({
      resources: doc,
      options: { o: { values: Array.from({ length: count }, (_, i) => i), default: 0 } },
      roles: {
        owner: siteRole({
          variants: Array.from({ length: count }, (_, i) => ({
            when: { o: i },
            grants: { site: { allow: { doc: ['read'] } } }
          }))
        })
      },
      invariants: [{ name: 'owner', permissions: ['doc:read'], only: ['owner'] }]
    })
  ],
  variants: [
    12_000,
    (count) => ({
      resources: doc,
      options: { o: { values: [0, 1], default: 0 } },
      roles: {
        owner: siteRole({
          variants: Array.from({ length: count }, (_, i) => ({
            when: { o: i % 2 },
            grants: { site: { allow: { doc: [i % 3 ? 'read' : 'write'] } } }
          }))
        })
      },
      invariants: [{ name: 'owner', permissions: ['doc:*'], only: ['owner'] }]
    })
  ],
  'system subjects': [
    12_000,
    (count) => ({
      resources: doc,
      systemSubjects: each(count, (i) => [`s${i}`, { grants: { site: { allow: { doc: ['read'] } } } }]),
      invariants: [{ name: 'none', permissions: ['doc:write'], only: [] }]
    })
  ],
  invariants: [
    8_000,
    (count) => ({
      resources: each(30, (i) => [`r${i}`, { actions: { read: '', write: '', drop: '' } }]),
      roles: each(40, (i) => [
        `r${i}`,
        {
          kind: i % 2 ? 'org' : 'site',
          grants: { [i % 2 ? 'org' : 'user']: { allow: { [`r${i % 30}`]: ['read'] } } }
        }
      ]),
      invariants: Array.from({ length: count }, (_, i) => ({
        name: `i${i}`,
        permissions: [`r${i % 30}:*`],
        ...(i % 2 ? { always: [`r${i % 40}`], relation: 'other, own org' } : { only: [`r${i % 40}`] })
      }))
    })
  ],
  'one invariant about all': [
    300,
    (count) => ({
      resources: each(count, (i) => [`r${i}`, { acl: true, actions: each(20, (j) => [`a${j}`, '']) }]),
      roles: each(count, (i) => [
        `r${i}`,
        {
          kind: i % 2 ? 'org' : 'site',
          grants: {
            [i % 2 ? 'org' : 'user']: {
              allow: { [`r${i}`]: [`a${i % 20}`] },
              deny: { '*': [`a${(i * 7) % 20}`] }
            }
          }
        }
      ]),
      invariants: Array.from({ length: 4 }, (_, n) => ({
        name: `i${n}`,
        permissions: Array.from({ length: count }, (_, i) => `r${i}:*`),
        ...(n % 2 ? { always: Array.from({ length: count }, (_, i) => `r${i}`) } : { only: ['r1'] })
      }))
    })
  ],
  'similar names': [
    12_000,
    (count) => ({ resources: doc, roles: each(count, (i) => [`role ${word(i)}`, siteRole()]) })
  ],
  'long texts': [
    10,
    (count) => ({
      description: '`|<*_ '.repeat(count * 1_500),
      resources: each(count, (i) => [
        `r${i}`,
        { description: '# `|\\'.repeat(1_000), actions: { read: '*_'.repeat(2_000) } }
      ]),
      roles: each(count, (i) => [
        `r${i}`,
        { kind: 'site', title: '[x](y)'.repeat(1_000), grants: { site: { allow: { '*': '*' } } } }
      ])
    })
  ],
  'long names': [
    10,
    (count) => ({
      resources: doc,
      roles: each(count, (i) => [`${'`|'.repeat(count * 400)}${i}`, siteRole({ assigns: ['*'] })])
    })
  ],
  suppressions: [
    5_000,
    (count) => ({
      resources: each(count, (i) => [`r${i}`, { actions: { read: '' } }]),
      lint: {
        ignore: Array.from({ length: count }, (_, i) => ({
          rule: 'unheld-permission',
          path: `resources.r${i + 1}`,
          reason: 'x'
        }))
      }
    })
  ]
}

/** Every shape, at a part of the size that fills a document: 1 is as large as there can be. */
export function largeDocuments(part: number): LargeDocument[] {
  return Object.entries(shapes).map(([name, [most, shape]]) => {
    const made = shape(Math.max(3, Math.floor(most * part)))
    const [resource = '', { actions = {} } = {}] = Object.entries(made.resources)[0] ?? []
    const [action = ''] = Object.keys(actions).slice(-1)
    // Something that tests can be about: who the holders are is all that holds of it.
    const holders = [
      ...Object.keys(made.roles ?? {}),
      ...Object.keys(made.systemSubjects ?? {}).map((system) => `system:${system}`)
    ]
    const invariants = [
      {
        name: 'holders',
        permissions: [`${resource}:${action}`],
        only: holders.slice(0, 10_000),
        acl: false as const
      }
    ]
    return { name, document: { name: 'large', invariants, ...made } }
  })
}
