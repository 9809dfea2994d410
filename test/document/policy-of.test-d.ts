// The types of policies and subjects by one word: what `PolicyOf` and `SubjectOf` name, and what fits where.
import { compile, definePolicy } from 'casemate'
import type {
  CustomRoleOf,
  RoleDocument,
  Names,
  NamesOf,
  Policy,
  PolicyDocument,
  PolicyOf,
  Subject,
  SubjectOf,
  WithRoles
} from 'casemate'
import { describe, expectTypeOf, it } from 'vitest'

const document = definePolicy({
  name: 'typed',
  resources: { doc: { actions: { read: '', write: '' } }, note: { org: 'required', actions: { pin: '' } } },
  options: { mode: { values: ['open', 'closed'], default: 'open' } },
  roles: { owner: { kind: 'site' }, admin: { kind: 'org' } }
})
const policy = compile(document)
const custom = policy.withRoles({ reader: { kind: 'site' } })
type Document = typeof document

describe('PolicyOf', () => {
  it('is what `compile` returns', () => {
    expectTypeOf(policy).toEqualTypeOf<PolicyOf<Document>>()
    expectTypeOf<PolicyOf<typeof policy>>().toEqualTypeOf<PolicyOf<Document>>()
    expectTypeOf<PolicyOf<PolicyDocument>>().toEqualTypeOf<Policy>()
  })

  it('is with `custom` what `withRoles` returns, once or twice', () => {
    type Custom = PolicyOf<Document, 'custom'>
    expectTypeOf(custom).toEqualTypeOf<Custom>()
    expectTypeOf(custom.withRoles({})).toExtend<Custom>()
    expectTypeOf<Custom>().toExtend<ReturnType<typeof custom.withRoles>>()
    expectTypeOf<PolicyOf<typeof custom>>().toEqualTypeOf<Custom>()
  })

  it('takes a policy without custom roles for one that may have some, and not the other way round', () => {
    expectTypeOf(policy).toExtend<PolicyOf<Document, 'custom'>>()
    expectTypeOf(custom).not.toExtend<PolicyOf<Document>>()
    expectTypeOf(policy).toExtend<Policy>()
  })
})

describe('SubjectOf', () => {
  it('is what `subject` and `within` return', () => {
    const subject = policy.subject({ id: 'u' })
    expectTypeOf(subject).toEqualTypeOf<SubjectOf<Document>>()
    expectTypeOf(subject.within({ scopes: [] })).toEqualTypeOf<SubjectOf<typeof policy>>()
    expectTypeOf(custom.subject({ id: 'u' })).toEqualTypeOf<SubjectOf<typeof custom>>()
    expectTypeOf(subject).toExtend<Subject>()
  })
})

describe('a policy with custom roles', () => {
  const subject = custom.subject({ id: 'u', roles: ['any', { role: 'other', org: 'acme' }] })

  it('knows any role, and its resources and actions as before', () => {
    expectTypeOf<WithRoles<NamesOf<Document>>>().toExtend<Names>()
    subject.can('read', { type: 'doc' })
    // @ts-expect-error: a doc is not pinned
    subject.can('pin', { type: 'doc' })
    // @ts-expect-error: there are no docs
    subject.can('read', { type: 'docs' })
    // @ts-expect-error: a note is in an organization
    subject.can('pin', { type: 'note' })
  })
})

describe('a custom role', () => {
  it('is any role document, and completes the names of the policy', () => {
    expectTypeOf<RoleDocument>().toExtend<CustomRoleOf<Document>>()
    const stored: Readonly<Record<string, RoleDocument>> = {}
    expectTypeOf(policy.withRoles(stored)).toEqualTypeOf<PolicyOf<Document, 'custom'>>()
    policy.withRoles({ reader: { kind: 'site', grants: { site: { allow: { '*': ['read'], doc: '*' } } } } })
    // @ts-expect-error: there is no such level
    policy.withRoles({ reader: { kind: 'site', grants: { everywhere: {} } } })
  })
})

describe('a policy that declares no options', () => {
  it('takes none', () => {
    compile(document, { options: { mode: 'closed' } })
    // @ts-expect-error: there is no such mode
    compile(document, { options: { mode: 'shut' } })
    const bare = definePolicy({ name: 'bare', resources: {} })
    // @ts-expect-error: there are no options
    compile(bare, { options: { mode: 'open' } })
  })
})
