// What the compiler knows about keys: scope names are literals wherever a policy that was written in TypeScript comes in.
import { describe, expectTypeOf, it } from 'vitest'

import type { MintDecision, Policy, ScopeInfo, TemplateScope } from '../../src/index.js'
import {
  allowListMatches,
  ceilingOf,
  covers,
  forbiddenResponse,
  missingScopes,
  parseScope,
  recordChecks,
  suggestScopes,
  tokenRequestParser,
  tokenRequestSchema
} from '../../src/scopes/index.js'
import { policy } from './worlds.js'

type Scope =
  | ('everything' | 'all' | 'any' | 'reader' | 'docs.edit' | 'docs.keep' | 'undocumented' | 'no docs')
  | ('doc:read' | 'doc:write' | 'doc:delete' | 'doc:*' | 'log:read' | 'log:create' | 'log:*')
  | ('key:rotate' | 'key:*')

declare const fromFile: Policy
const owner = policy.subject({ id: 'u1', roles: ['owner'] })
const settings = { maxLifetime: 1, defaultLifetime: 1 }

describe('scopes by their names', () => {
  it('are literals of the policy', () => {
    const parsed = parseScope(policy, 'x')
    if (parsed.ok) expectTypeOf(parsed.value).toEqualTypeOf<ScopeInfo<Scope>>()
    expectTypeOf(policy.scopes.canonical('any')).toEqualTypeOf<Scope>()
    // @ts-expect-error no scope has this name
    policy.scopes.canonical('evrything')
  })

  it('cover each other', () => {
    expectTypeOf(covers(policy, ['all'], ['doc:read'])).toBeBoolean()
    covers(policy, [{ template: 'one_doc', params: { doc: 'd' } }], [])
    // @ts-expect-error no scope has this name
    covers(policy, ['all'], ['doc:raed'])
    // @ts-expect-error the template needs its document
    covers(policy, [{ template: 'one_doc', params: {} }], [])
    covers(fromFile, ['whatever'], [{ template: 'whatever', params: { a: 'b' } }])
  })
})

describe('a key', () => {
  it('is minted within a ceiling', () => {
    expectTypeOf(owner.canMint({ scopes: ['doc:read'], allowList: ['doc:*'] })).toBeBoolean()
    expectTypeOf(owner.explainMint({})).toEqualTypeOf<MintDecision>()
    // @ts-expect-error no scope has this name
    owner.canMint({ scopes: ['doc:raed'] })
    // @ts-expect-error a ceiling is there or not, and never undefined
    owner.canMint({ scopes: undefined })
  })

  it('is asked for by a request whose result knows its scopes', () => {
    const parsed = tokenRequestParser(policy, settings)({})
    if (parsed.ok) expectTypeOf(parsed.stored.scopes).toEqualTypeOf<readonly Scope[]>()
    const schema = tokenRequestSchema(policy, settings)
    expectTypeOf(schema.parse({}).scopes).toEqualTypeOf<readonly Scope[]>()
    // @ts-expect-error a policy does not say how long a token may live
    tokenRequestSchema(policy, {})
  })

  it('has a ceiling that `within` takes, once it was looked whether there is one', () => {
    const read = ceilingOf(policy, {})
    expectTypeOf(read).not.toHaveProperty('ceiling')
    if (read.ok) owner.within(read.ceiling)
    const there = ceilingOf(fromFile, {})
    if (there.ok) expectTypeOf(there.ceiling.scopes).toEqualTypeOf<readonly (string | TemplateScope)[]>()
  })
})

describe('a refusal', () => {
  it('is about an object as it is, written down with all that it has', () => {
    forbiddenResponse(owner, 'read', { type: 'doc', id: 'd1', org: 'o1' })
    forbiddenResponse(owner, 'read', { type: 'doc', id: 'd1', owner: 'u1', org: null, acl: {} })
    missingScopes(owner, 'read', { type: 'doc', id: 'd1', org: 'o1' })
    forbiddenResponse(fromFile.subject({ id: 'u1' }), 'whatever', { type: 'thing', org: 'o1' })
    // @ts-expect-error no object has this field
    forbiddenResponse(owner, 'read', { type: 'doc', id: 'd1', ogr: 'o1' })
    // @ts-expect-error no resource has this name
    forbiddenResponse(owner, 'read', { type: 'dok', id: 'd1', org: 'o1' })
    // @ts-expect-error this resource has no such action
    forbiddenResponse(owner, 'rotate', { type: 'doc', id: 'd1', org: 'o1' })
  })

  it('is about an action of the object’s resource', () => {
    expectTypeOf(missingScopes(owner, 'read', { type: 'doc' })?.scopes).toEqualTypeOf<
      readonly Scope[] | undefined
    >()
    expectTypeOf(forbiddenResponse(owner, 'rotate', { type: 'key', id: 'k' }).status).toEqualTypeOf<403>()
    missingScopes(owner, policy.permission('log', 'read'), { type: 'log' })
    // @ts-expect-error keys are rotated, not read
    missingScopes(owner, 'read', { type: 'key' })
    // @ts-expect-error there is no such resource
    forbiddenResponse(owner, 'read', { type: 'docs' })
    // @ts-expect-error there is no such resource
    allowListMatches(policy, [], { type: 'docs' })
  })
})

describe('a suggestion', () => {
  it('names scopes and permissions of the policy', () => {
    const { policy: recording, record } = recordChecks(policy)
    expectTypeOf(recording).toEqualTypeOf(policy)
    const { scopes, uncovered } = suggestScopes(policy, record())
    expectTypeOf(scopes).toEqualTypeOf<readonly Scope[]>()
    expectTypeOf(uncovered).toExtend<readonly Scope[]>()
    recording.subject({ id: 'u1' }).within({ scopes })
  })
})
