// What is added to a catalogue later reaches every wildcard, wherever it is written: in a system subject, in a
// variant, in the ceiling of a key. Whoever gives a wildcard holds one for all that it may come to mean.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type PermissionSet, type RoleDocument } from 'casemate'

const role = (allow: PermissionSet): RoleDocument => ({ kind: 'org', grants: { org: { allow } } })
const resources = {
  doc: { actions: { read: '', write: '' } },
  log: { actions: { read: '', purge: '' } }
} as const

/** Whether a system subject with such grants at the site may give such a role. */
const systemGives = (allow: PermissionSet, deny: PermissionSet | undefined, given: PermissionSet): boolean =>
  compile(
    parsePolicy({
      name: 'x',
      resources,
      systemSubjects: { s: { grants: { site: { allow, ...(deny === undefined ? {} : { deny }) } } } }
    })
  )
    .systemSubject('s')
    .canGrant(role(given), 'o1')

describe('a system subject gives of what comes', () => {
  it('what its wildcard reaches and its lists do not', () => {
    expect(systemGives({ '*': '*' }, undefined, { '*': '*' })).toBe(true)
    expect(systemGives({ doc: '*', log: '*' }, undefined, { '*': '*' })).toBe(false)
    expect(systemGives({ doc: '*' }, undefined, { doc: '*' })).toBe(true)
    expect(systemGives({ doc: ['read', 'write'] }, undefined, { doc: '*' })).toBe(false)
    expect(systemGives({ doc: ['read', 'write'] }, undefined, { doc: ['read', 'write'] })).toBe(true)
  })

  it('what no `except` of its own takes away, in an added resource too', () => {
    expect(systemGives({ '*': { except: ['purge'] } }, undefined, { '*': { except: ['purge'] } })).toBe(true)
    expect(systemGives({ '*': { except: ['purge'] } }, undefined, { '*': '*' })).toBe(false)
    expect(systemGives({ '*': ['read'] }, undefined, { '*': ['read'], doc: [], log: [] })).toBe(true)
    expect(systemGives({ '*': ['read'] }, undefined, { '*': ['write'], doc: [], log: [] })).toBe(false)
  })

  it('what none of its denies takes away', () => {
    expect(systemGives({ '*': '*' }, { '*': ['purge'] }, { '*': { except: ['purge'] } })).toBe(true)
    expect(systemGives({ '*': '*' }, { '*': ['purge'] }, { '*': '*' })).toBe(false)
    expect(
      systemGives({ '*': '*' }, { doc: { except: ['read', 'write'] } }, { doc: ['read', 'write'] })
    ).toBe(true)
    expect(systemGives({ '*': '*' }, { doc: { except: ['read', 'write'] } }, { doc: '*' })).toBe(false)
  })
})

describe('a variant', () => {
  const policy = compile(
    parsePolicy({
      name: 'x',
      orgOptions: { open: { values: [true, false], default: false } },
      resources,
      roles: {
        lister: { kind: 'org', grants: { org: { allow: { '*': ['read'] } } } },
        keeper: { kind: 'org', grants: { org: { allow: { '*': { except: ['purge'] } } } } },
        varying: {
          kind: 'org',
          grants: { org: { allow: { doc: '*', log: '*' } } },
          variants: [{ when: { open: true }, grants: { org: { allow: { '*': '*' } } } }]
        }
      }
    })
  )
  const held = (name: string, open?: boolean): ReturnType<typeof policy.subject> =>
    policy.subject({
      id: 'u',
      roles: [{ role: name, org: 'o1' }],
      ...(open === undefined ? {} : { orgOptions: { o1: { open } } })
    })
  const variant = (allow: PermissionSet): RoleDocument => ({
    kind: 'org',
    variants: [{ when: { open: true }, grants: { org: { allow } } }]
  })
  const gives = (subject: ReturnType<typeof held>, given: RoleDocument): boolean =>
    subject.canGrant(given, 'o1')

  it('of the role that is given counts with all that its wildcard comes to mean', () => {
    expect(gives(held('keeper'), variant({ '*': { except: ['purge'] } }))).toBe(true)
    expect(gives(held('keeper'), variant({ '*': '*' }))).toBe(false)
    expect(gives(held('lister'), variant({ '*': ['read'] }))).toBe(true)
    expect(gives(held('lister'), variant({ '*': ['write'], doc: [], log: [] }))).toBe(false)
    expect(gives(held('lister'), variant({ doc: [], log: [] }))).toBe(true)
  })

  it('of the role that is held counts where its setting is', () => {
    expect(gives(held('varying', true), role({ '*': '*' }))).toBe(true)
    expect(gives(held('varying', false), role({ '*': '*' }))).toBe(false)
    expect(gives(held('varying'), role({ doc: '*', log: '*' }))).toBe(true)
  })
})

describe('a ceiling', () => {
  const policy = compile(
    parsePolicy({
      name: 'x',
      resources,
      roles: { all: { kind: 'org', grants: { org: { allow: { '*': '*' } } } } },
      scopes: {
        everything: { allow: { '*': '*' } },
        keeping: { allow: { '*': { except: ['purge'] } } },
        reading: { allow: { '*': ['read'] } },
        docs: { allow: { doc: '*' } },
        today: { allow: { doc: ['read', 'write'], log: ['read', 'purge'] } }
      }
    })
  )
  const gives = (scopes: string[] | undefined, given: PermissionSet): boolean => {
    const subject = policy.subject({ id: 'u', roles: [{ role: 'all', org: 'o1' }] })
    const narrowed = scopes === undefined ? subject : subject.within({ scopes })
    return narrowed.canGrant(role(given), 'o1')
  }

  it('lets through of what comes what its wildcards reach', () => {
    expect(gives(undefined, { '*': '*' })).toBe(true)
    expect(gives(['everything'], { '*': '*' })).toBe(true)
    expect(gives(['keeping'], { '*': { except: ['purge'] } })).toBe(true)
    expect(gives(['keeping'], { '*': '*' })).toBe(false)
    expect(gives(['docs'], { doc: '*' })).toBe(true)
    expect(gives(['docs'], { '*': '*' })).toBe(false)
    expect(gives(['today'], { doc: ['read', 'write'] })).toBe(true)
    expect(gives(['today'], { doc: '*' })).toBe(false)
    expect(gives(['reading'], { '*': ['read'], doc: [], log: [] })).toBe(true)
    expect(gives(['reading'], { '*': ['write'], doc: [], log: [] })).toBe(false)
  })
})
