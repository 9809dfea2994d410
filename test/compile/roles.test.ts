// What a role says where: shipped roles of organizations that reach the site, alone and where another includes them, and
// roles of organizations with their settings.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type PolicyData } from 'casemate'

const list = { doc: ['read'] }
const levels = ['site', 'user', 'org', 'orgMember'] as const
const effects = ['allow', 'deny'] as const
const pairs = levels.flatMap((level) => effects.map((effect) => [level, effect] as const))

const document = {
  name: 'x',
  containers: [{ name: 'project' }],
  resources: { doc: { actions: { read: '', write: '' } }, log: { actions: { read: '' } } },
  orgOptions: {
    plan: { values: ['free', 'paid'], default: 'free' },
    tier: { values: ['low', 'high'] }
  },
  roles: {
    ...Object.fromEntries(
      pairs.flatMap(([level, effect]): [string, object][] => [
        [`${level} ${effect}`, { kind: 'org', grants: { [level]: { [effect]: list } } }],
        [`with ${level} ${effect}`, { kind: 'org', includes: [`${level} ${effect}`, 'idle'], grants: {} }]
      ])
    ),
    idle: { kind: 'org', grants: {} },
    all: { kind: 'site', grants: { site: { allow: list } } },
    own: { kind: 'site', grants: { user: { allow: list } } },
    ordered: { kind: 'org', includes: ['org allow', 'second', 'third'], grants: {} },
    second: { kind: 'org', includes: ['org allow'], grants: { org: { allow: list } } },
    third: { kind: 'org', grants: { org: { allow: list } } },
    planned: {
      kind: 'org',
      grants: { org: { allow: list } },
      variants: [
        { when: { plan: 'paid' }, grants: { org: { allow: { doc: ['read', 'write'] } } } },
        { when: { plan: 'paid', tier: 'high' }, grants: { org: { allow: { log: ['read'] } } } }
      ]
    }
  },
  systemSubjects: { purge: { grants: { site: { allow: list } } } }
} as PolicyData
const policy = compile(parsePolicy(document))

const places = [undefined, 'o1', 'o2'].flatMap((org) =>
  ['me', 'you'].map((owner) => ({ type: 'doc', owner, org }))
)

describe.each(pairs)('a role of an organization with a grant at %s, %s', (level, effect) => {
  it.each(['', 'with '])('speaks where its level does: %sit', (how) => {
    for (const base of ['all', 'own', undefined]) {
      const subject = policy.subject({
        id: 'me',
        roles: [...(base === undefined ? [] : [base]), { role: `${how}${level} ${effect}`, org: 'o1' }]
      })
      for (const object of places) {
        const isMine = object.owner === 'me'
        const isThere = { site: true, user: object.org === undefined && isMine }[level as string]
        const isInOrg = object.org === 'o1' && (level === 'org' || (level === 'orgMember' && isMine))
        const isSpeaking = isThere ?? isInOrg
        const sayOf = (at: string): string | undefined => (isSpeaking && level === at ? effect : undefined)
        // The site decides first; there, a deny beats an allow.
        const site = sayOf('site') === 'deny' ? 'deny' : base === 'all' ? 'allow' : sayOf('site')
        const user =
          object.org !== undefined || !isMine
            ? undefined
            : sayOf('user') === 'deny'
              ? 'deny'
              : base === 'own'
                ? 'allow'
                : sayOf('user')
        const expected = site ?? user ?? sayOf('org') ?? sayOf('orgMember')
        expect(subject.can('read', object), JSON.stringify([base, object])).toBe(expected === 'allow')
        expect(subject.explain('read', object).allowed).toBe(expected === 'allow')
      }
    }
  })
})

describe('a role that includes others', () => {
  it('names all that decide, in the order in which they are included', () => {
    const subject = policy.subject({ id: 'me', roles: [{ role: 'ordered', org: 'o1' }] })
    const { roles } = subject.explain('read', { type: 'doc', org: 'o1' })
    expect(roles.map(({ included }) => included)).toEqual(['org allow', 'second', 'third'])
  })
})

describe('a role with settings', () => {
  const subjectWith = (orgOptions?: object): ReturnType<typeof policy.subject> =>
    policy.subject({ id: 'me', roles: [{ role: 'planned', org: 'o1' }, 'own'], orgOptions } as never)
  const write = { type: 'doc', org: 'o1' }
  const log = { type: 'log', org: 'o1' }

  it.each([
    [{ o1: { plan: 'free', tier: 'low' } }, false, false],
    [{ o1: { plan: 'free', tier: 'high' } }, false, false],
    [{ o1: { plan: 'paid', tier: 'low' } }, true, false],
    [{ o1: { plan: 'paid', tier: 'high' } }, true, true],
    [{ o1: { tier: 'high' } }, false, false]
  ])('holds under those of its organization: %j', (orgOptions, canWrite, canSee) => {
    for (let again = 0; again < 2; again++) {
      const holder = subjectWith(orgOptions)
      expect(holder.can('write', write)).toBe(canWrite)
      expect(holder.can('read', log)).toBe(canSee)
      expect(holder.can('read', write)).toBe(true)
    }
  })

  it.each([[undefined], [{}], [{ o2: { tier: 'high' } }], [{ o1: { plan: 'paid' } }]])(
    'needs every one that has no default: %j',
    (orgOptions) => {
      expect(() => subjectWith(orgOptions)).toThrow(expect.objectContaining({ code: 'missing_option' }))
    }
  )
})

it('a system subject is named as one', () => {
  const { roles } = policy.systemSubject('purge').explain('read', { type: 'doc' })
  expect(roles.map(({ role }) => role)).toEqual(['system:purge'])
})

describe('a role that is added', () => {
  const added = policy
    .withRoles({ earlier: { kind: 'site', grants: { site: { allow: list } } } })
    .withRoles({ later: { kind: 'site', grants: { site: { allow: { log: ['read'] } } } } })

  it('leaves those that were added before, at the site too', () => {
    expect(added.roles.get('earlier')?.isCustom).toBe(true)
    expect(added.roles.get('later')?.isCustom).toBe(true)
    expect(added.withoutRoles(['earlier']).roles.get('earlier')).toBeUndefined()
    expect(added.withoutRoles(['earlier']).roles.get('later')?.isCustom).toBe(true)
  })

  it('is explained by its place in what was added', () => {
    const subject = added.subject({ id: 'me', roles: ['earlier'] })
    expect(subject.explain('read', { type: 'doc' }).roles[0]?.path).toBe('earlier.grants.site.allow.doc')
  })
})

describe('a line', () => {
  const lines = compile(
    parsePolicy({
      name: 'lines',
      resources: {
        doc: {
          attributes: { state: { values: ['a', 'b', 'c'], default: 'a' } },
          actions: { read: '', write: '', drop: '' }
        }
      },
      roles: {
        root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
        shy: { kind: 'site', grants: { site: { deny: { '*': ['read'], doc: ['write'] } } } },
        parted: {
          kind: 'site',
          grants: {
            site: {
              allow: {
                doc: [
                  'drop',
                  { actions: ['read'], where: { state: 'b' } },
                  { actions: '*', where: { state: 'c' } }
                ]
              }
            }
          }
        }
      }
    })
  )
  const allowedTo = (...roles: ('root' | 'shy' | 'parted')[]): string => {
    const subject = lines.subject({ id: 'me', roles })
    return (['a', 'b', 'c'] as const)
      .map((state) => {
        const actions = ['read', 'write', 'drop'] as const
        return actions.filter((action) => subject.can(action, { type: 'doc', state })).join()
      })
      .join(' | ')
  }

  it('of a deny is added to that of the wildcard', () => {
    expect(allowedTo('root')).toBe('read,write,drop | read,write,drop | read,write,drop')
    expect(allowedTo('root', 'shy')).toBe('drop | drop | drop')
  })

  it('of a deny is of no action that another one implies', () => {
    const implying = compile(
      parsePolicy({
        name: 'implying',
        resources: {
          doc: { actions: { read: '', write: '', drop: '' }, implies: { write: ['read'], drop: ['write'] } }
        },
        roles: {
          reader: { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } },
          dropper: { kind: 'site', grants: { site: { allow: { doc: ['drop'] } } } },
          all: { kind: 'site', grants: { site: { allow: { doc: { except: ['drop'] } } } } },
          stuck: { kind: 'site', grants: { site: { deny: { doc: ['write'] } } } }
        }
      })
    )
    const of = (...roles: ('reader' | 'dropper' | 'all' | 'stuck')[]): string => {
      const subject = implying.subject({ id: 'me', roles })
      return (['read', 'write', 'drop'] as const)
        .filter((action) => subject.can(action, { type: 'doc' }))
        .join()
    }
    expect([of('reader'), of('dropper'), of('all')]).toEqual(['read', 'read,write,drop', 'read,write'])
    expect([of('reader', 'stuck'), of('dropper', 'stuck'), of('all', 'stuck')]).toEqual([
      'read',
      'read,drop',
      'read'
    ])
  })

  it('allows what any of its parts allows', () => {
    expect(allowedTo('parted')).toBe('drop | read,drop | read,write,drop')
    expect(allowedTo('parted', 'shy')).toBe('drop | drop | drop')
  })
})
