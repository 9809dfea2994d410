// Matchers and checks for a user's own tests: each holds where the policy does what it says and fails, saying why, where
// it does not; and what the policy cannot answer fails both ways.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, isCasemateError } from 'casemate'
import { assertMatrix, CheckError, checkPolicy, matchers, type PolicyExpectation } from 'casemate/testing'
import coder from '../../policies/coder/index.js'
import tenants from '../fixtures/tenants.js'

expect.extend(matchers)

const policy = compile(tenants)
const eve = policy.subject({ id: 'eve', roles: [{ role: 'viewer', org: 'acme' }] })
const frozen = policy.subject({
  id: 'bob',
  roles: [
    { role: 'admin', org: 'acme' },
    { role: 'frozen', org: 'acme' }
  ]
})
const rocket = { type: 'project', id: 'p1', owner: 'ada', org: 'acme' } as const

/** What a failing expectation says. */
function failure(expectation: () => void): string {
  try {
    expectation()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('the expectation did not fail')
}

describe('toBeAllowed', () => {
  it('holds where the answer is yes, and its negation where it is no', () => {
    expect(eve).toBeAllowed('read', rocket)
    expect(eve).not.toBeAllowed('delete', rocket)
    expect(policy.systemSubject('billing')).toBeAllowed('create', { type: 'invoice', org: 'acme' })
  })

  it('says why the answer is no, and what it would take', () => {
    expect(
      failure(() => {
        expect(eve).toBeAllowed('delete', rocket)
      })
    ).toBe(`expected eve (viewer in acme) to be allowed \`delete\` on this \`project\`
  refused: not_granted: site abstains, org in acme abstains
  {"type":"project","id":"p1","owner":"ada","org":"acme"}
  it would take the role admin in acme`)
  })

  it('names the container of a role, and of the role that it would take', () => {
    const places = compile(
      definePolicy({
        name: 'places',
        containers: [{ name: 'folder' }],
        resources: { page: { in: { folder: 'required' }, actions: { read: '' } } },
        roles: { reader: { kind: 'folder', grants: { folder: { allow: { page: '*' } } } } }
      })
    )
    const reader = places.subject({ id: 'bob', roles: [{ role: 'reader', folder: 'f1' }] })
    const text = failure(() => {
      expect(reader).toBeAllowed('read', { type: 'page', folder: 'f2' })
    })
    expect(text).toContain('expected bob (reader in f1) to be allowed')
    expect(text).toContain('it would take the role reader in the folder f2')
  })

  it('says by what the answer is yes where it should be no', () => {
    expect(
      failure(() => {
        expect(eve).not.toBeAllowed('read', rocket)
      })
    ).toBe(`expected eve (viewer in acme) to be refused \`read\` on this \`project\`
  allowed: granted: viewer in acme at org by project:read (roles.viewer.grants.org.allow.project)
  {"type":"project","id":"p1","owner":"ada","org":"acme"}`)
  })

  it('names the ceiling of a key', () => {
    const key = frozen.within({ scopes: ['project:read'] })
    const said = failure(() => {
      expect(key).toBeAllowed('export', rocket)
    })
    expect(said).toContain('bob (admin in acme, frozen in acme, with a ceiling)')
    expect(said).toContain('refused: outside_scope')
  })
})

describe('toBeDenied', () => {
  it('holds where the answer is no, for the reason that is given', () => {
    expect(eve).toBeDenied('delete', rocket)
    expect(eve).toBeDenied('delete', rocket, { reason: 'not_granted' })
    expect(frozen).toBeDenied('delete', rocket, { reason: 'denied' })
    expect(frozen).not.toBeDenied('read', rocket)
  })

  it('fails where the answer is yes', () => {
    const said = failure(() => {
      expect(frozen).toBeDenied('read', rocket)
    })
    expect(said).toMatch(/^expected bob \(admin in acme, frozen in acme\) to be refused `read`/)
    expect(said).toContain('allowed: granted: admin in acme at org by *:*')
  })

  it('fails where the reason is another one, and holds then after not', () => {
    const said = failure(() => {
      expect(frozen).toBeDenied('delete', rocket, { reason: 'not_granted' })
    })
    expect(said).toContain('with the reason `not_granted`\n  refused: denied: frozen in acme at org')
    expect(frozen).not.toBeDenied('delete', rocket, { reason: 'not_granted' })
    expect(
      failure(() => {
        expect(frozen).not.toBeDenied('delete', rocket, { reason: 'denied' })
      })
    ).toContain('not with the reason `denied`')
    expect(
      failure(() => {
        expect(eve).not.toBeDenied('delete', rocket)
      })
    ).toMatch(/^expected eve \(viewer in acme\) to be allowed `delete`/)
  })

  it('does not take a reason that there is not, also after not', () => {
    for (const expectation of [expect(eve), expect(eve).not])
      expect(
        failure(() => {
          // @ts-expect-error: the compiler refuses it too
          expectation.toBeDenied('delete', rocket, { reason: 'not_grantet' })
        })
      ).toBe('toBeDenied: no refusal has the reason `not_grantet`; did you mean `not_granted`?')
  })
})

describe('a question that the policy cannot answer', () => {
  it.each([
    ['an unknown action', 'raed', rocket, 'unknown_action'],
    ['an unknown resource', 'read', { type: 'projcet', org: 'acme' }, 'unknown_resource'],
    ['an object without its organization', 'read', { type: 'project' }, 'missing_org']
  ] as const)('fails every expectation, whatever it expects: %s', (_, action, object, code) => {
    const matched = [
      () => matchers.toBeAllowed(eve, action, object),
      () => matchers.toBeDenied(eve, action, object)
    ]
    for (const match of matched) expect(match).toThrow(expect.objectContaining({ code }))
    const anyone: unknown = eve
    for (const expectation of [expect(anyone), expect(anyone).not]) {
      expect(() => {
        expectation.toBeAllowed(action, object)
      }).toThrow(expect.objectContaining({ code }))
      expect(() => {
        expectation.toBeDenied(action, object)
      }).toThrow(expect.objectContaining({ code }))
    }
  })

  it('is one that is asked of something else than a subject or a policy', () => {
    for (const received of [undefined, null, 'eve', {}, policy]) {
      expect(() => matchers.toBeAllowed(received, 'read', rocket)).toThrow(/^toBeAllowed: expected a subject/)
      expect(() => matchers.toBeDenied(received, 'read', rocket)).toThrow(/^toBeDenied: expected a subject/)
    }
    for (const received of [undefined, tenants, eve]) {
      expect(() => matchers.toMatchMatrix(received, '')).toThrow(/^toMatchMatrix: expected a policy/)
      expect(() => matchers.toHoldInvariants(received)).toThrow(/^toHoldInvariants: expected a policy/)
    }
  })
})

const page = `## \`project\`

| Subject | Read (own org) | Delete (other, own org) |
| ------- | -------------- | ----------------------- |
| viewer  | yes            | no                      |
| editor  | yes            | no                      |
`
const wrongPage = page.replace('| editor  | yes            | no ', '| editor  | yes            | yes')

describe('toMatchMatrix', () => {
  it('holds where every cell holds', () => {
    expect(policy).toMatchMatrix(page)
    expect(policy).not.toMatchMatrix(wrongPage)
    expect(policy).toMatchMatrix(page.replace('## `project`', ''), { resource: 'project' })
  })

  it('prints the table with the wrong cell, and a request that shows it', () => {
    const said = failure(() => {
      expect(policy).toMatchMatrix(wrongPage)
    })
    expect(said).toContain('expected the policy to do what the matrix says')
    expect(said).toContain('✗ yes [1]')
    expect(said).toContain('"action":"delete"')
    expect(said).toContain('1 of 4 cells is wrong')
    expect(
      failure(() => {
        expect(policy).not.toMatchMatrix(page)
      })
    ).toBe('expected a cell not to hold, but all 4 cells hold')
  })

  it('fails for a page that is not understood, also after not', () => {
    for (const broken of ['', page.replace('viewer', 'vewer'), page.replace('yes', 'maybe')])
      for (const expectation of [expect(policy), expect(policy).not])
        expect(
          failure(() => {
            expectation.toMatchMatrix(broken)
          })
        ).toMatch(/^the page is not understood\n/)
  })
})

describe('toHoldInvariants', () => {
  const claiming = (only: readonly ('owner' | 'guest')[]) =>
    compile(
      definePolicy({
        name: 'claims',
        resources: { doc: { actions: { read: '' } } },
        roles: {
          owner: { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } },
          guest: { kind: 'site', grants: { user: { allow: { doc: ['read'] } } } }
        },
        invariants: [{ name: 'few read', permissions: ['doc:read'], only }]
      })
    )

  it('holds where every invariant is proved', () => {
    expect(compile(coder)).toHoldInvariants()
    expect(claiming(['owner', 'guest'])).toHoldInvariants()
    expect(claiming(['owner'])).not.toHoldInvariants()
  })

  it('prints the counterexample', () => {
    const said = failure(() => {
      expect(claiming(['owner'])).toHoldInvariants()
    })
    expect(said).toMatch(/^expected every invariant to hold\n/)
    expect(said).toContain('✗ few read')
    expect(said).toContain('"roles":["guest"]')
  })

  it('fails for a policy without invariants, also after not: there is nothing to hold', () => {
    const bare = compile(definePolicy({ name: 'bare', resources: { doc: { actions: { read: '' } } } }))
    for (const expectation of [expect(bare), expect(bare).not])
      expect(() => {
        expectation.toHoldInvariants()
      }).toThrow('the policy has no invariants')
  })
})

describe('assertMatrix', () => {
  it('says nothing where every cell holds', () => {
    expect(() => {
      assertMatrix(policy, page)
    }).not.toThrow()
  })

  it('throws the printed report, with the result', () => {
    try {
      assertMatrix(policy, wrongPage)
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof CheckError)) throw error
      expect(isCasemateError(error)).toBe(true)
      expect(error.code).toBe('failed_check')
      expect(error.message).toContain('✗ yes [1]')
      expect(error.result).toMatchObject({ ok: false, wrong: 1, cells: 4 })
      expect(Object.keys(error)).not.toContain('result')
    }
  })

  it('throws for a page that is not understood, and for one without a matrix', () => {
    expect(() => {
      assertMatrix(policy, page.replace('viewer', 'vewer'))
    }).toThrow('did you mean `viewer`?')
    expect(() => {
      assertMatrix(policy, 'nothing here')
    }).toThrow('there is no matrix on this page')
  })
})

describe('checkPolicy', () => {
  const request = {
    subject: { id: 'eve', roles: [{ role: 'viewer', org: 'acme' }] },
    action: 'read',
    object: { type: 'project', org: 'acme' }
  }
  const expectations: readonly PolicyExpectation[] = [
    { request, allowed: true, reason: 'granted' },
    { request: { ...request, action: 'delete' }, allowed: false },
    { request: { ...request, action: 'raed' }, error: 'unknown_action' }
  ]

  it('says nothing where matrices, expectations and invariants hold', () => {
    expect(() => {
      checkPolicy(policy, { matrices: { project: page }, expectations })
      checkPolicy(policy)
    }).not.toThrow()
  })

  it('throws one report of everything that does not hold', () => {
    const wrong: PolicyExpectation[] = [
      ...expectations,
      { request, allowed: false, note: 'viewers are blind' },
      { request, error: 'unknown_action' }
    ]
    const said = failure(() => {
      checkPolicy(policy, { matrices: { 'docs/project.md': wrongPage }, expectations: wrong })
    })
    expect(said).toContain('docs/project.md:6: editor: ')
    expect(said).toContain('expectations.ndjson:4: viewers are blind\n    allowed: granted: viewer in acme')
    expect(said).toContain('expectations.ndjson:5: ')
    expect(said).toMatch(/\n3 of 12 statements do not hold$/)
  })

  it('throws for an invariant that does not hold', () => {
    const broken = compile({
      ...coder,
      invariants: [{ name: 'nobody reads', permissions: ['boundary_log:read'], only: [] }]
    })
    expect(() => {
      checkPolicy(broken)
    }).toThrow(/^invariant: nobody reads\n {4}allowed: granted/)
  })

  it('throws where there is nothing to check, and where something is not understood', () => {
    const bare = compile(definePolicy({ name: 'bare', resources: { doc: { actions: { read: '' } } } }))
    expect(() => {
      checkPolicy(bare)
    }).toThrow('there is nothing to check')
    expect(() => {
      checkPolicy(policy, { expectations: [] })
    }).toThrow('there is no expectation in this file')
    expect(() => {
      checkPolicy(policy, { matrices: { project: '' } })
    }).toThrow('there is no matrix on this page')
  })

  it('never loses a ceiling: one that is undefined is an error, as in a decision', () => {
    const lost = { ...request.subject, scopes: undefined }
    const said = failure(() => {
      // @ts-expect-error: the compiler refuses it too
      checkPolicy(policy, { expectations: [{ request: { ...request, subject: lost }, allowed: true }] })
    })
    expect(said).toContain('no answer but invalid_request')
  })
})
