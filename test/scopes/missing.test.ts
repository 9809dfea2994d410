// What a refused key is told: scopes and entries that would do, and nothing about roles, ACLs or what exists.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import coderDocument from '../../policies/coder/index.js'
import { compile, definePolicy, parsePolicy, type Subject } from '../../src/index.js'
import { forbiddenResponse, missingScopes } from '../../src/scopes/index.js'
import { asGiven, orFailure, policyOf, subjectOf } from '../support/engine.js'
import { mintsPerWorld, worldsWithMints } from '../delegate/mint-cases.js'
import { policy, uuid } from './worlds.js'
import { least, runs } from '../support/depth.js'

const cases = runs(600, 100_000)

const owner = policy.subject({ id: 'u1', roles: ['owner'] })

describe('missingScopes', () => {
  it('is nothing where the ceilings let the action through', () => {
    expect(missingScopes(owner, 'read', { type: 'doc' })).toBeUndefined()
    expect(missingScopes(owner.within({ scopes: ['doc:*'] }), 'read', { type: 'doc' })).toBeUndefined()
  })

  it('lists the public scopes that would do, smallest first, those without wildcard before their equals', () => {
    const key = owner.within({ scopes: ['key:rotate'] })
    expect(missingScopes(key, 'read', { type: 'doc', id: uuid(1) })).toEqual({
      permission: 'doc:read',
      isOutsideScope: true,
      isOutsideAllowList: false,
      scopes: ['doc:read', 'docs.edit', 'reader', 'docs.keep', 'doc:*', 'everything']
    })
    expect(missingScopes(key, 'delete', { type: 'doc' })?.scopes).toEqual(['doc:*', 'everything'])
    expect(missingScopes(key, 'create', { type: 'log' })?.scopes).toEqual(['log:create', 'everything'])
  })

  it('names the entry that the list lacks, `type:*` where no list can name the object', () => {
    const key = owner.within({ allowList: [`doc:${uuid(1)}`] })
    const entry = (object: { type: 'doc'; id?: string | null }): unknown => missingScopes(key, 'read', object)
    expect(entry({ type: 'doc', id: uuid(2) })).toEqual({
      permission: 'doc:read',
      isOutsideScope: false,
      isOutsideAllowList: true,
      scopes: [],
      allowListEntry: `doc:${uuid(2)}`
    })
    for (const id of [undefined, null, '', 'd1', '*', 'AAAAAAAA-AAAA-4AAA-AAAA-AAAAAAAAAAAA'])
      expect(entry({ type: 'doc', ...(id === undefined ? {} : { id }) })).toMatchObject({
        allowListEntry: 'doc:*'
      })
    const full = owner.within({ allowList: Array.from({ length: 128 }, (_, index) => `doc:${uuid(index)}`) })
    expect(missingScopes(full, 'read', { type: 'doc', id: uuid(500) })).toEqual({
      permission: 'doc:read',
      isOutsideScope: false,
      isOutsideAllowList: true,
      scopes: []
    })
  })

  it('says both where both are in the way, and counts a template’s own list as its scope', () => {
    const template = policy.scopes.template('one_doc', { doc: uuid(1) })
    const key = owner.within({ scopes: [template], allowList: ['log:*'] })
    expect(missingScopes(key, 'read', { type: 'doc', id: uuid(2) })).toMatchObject({
      isOutsideScope: true,
      allowListEntry: `doc:${uuid(2)}`
    })
    expect(missingScopes(key, 'read', { type: 'doc', id: uuid(1) })).toMatchObject({
      isOutsideScope: false,
      scopes: [],
      allowListEntry: `doc:${uuid(1)}`
    })
  })

  it('takes a resolved permission, and throws for what no question is about', () => {
    const key = owner.within({ scopes: [] })
    expect(missingScopes(key, policy.permission('doc', 'delete'), { type: 'doc' })?.permission).toBe(
      'doc:delete'
    )
    const code = (action: unknown, object: unknown): unknown =>
      orFailure(() => missingScopes(key, asGiven(action), asGiven(object)))
    expect(code('raed', { type: 'doc' })).toEqual({ error: 'unknown_action' })
    expect(code('read', { type: 'docs' })).toEqual({ error: 'unknown_resource' })
    expect(code('read', { type: 'doc', id: 7 })).toEqual({ error: 'invalid_request' })
    expect(code(policy.permission('doc', 'read'), { type: 'log' })).toEqual({ error: 'invalid_request' })
    expect(code('read', null)).toEqual({ error: 'invalid_request' })
    expect(code(null, { type: 'doc' })).toEqual({ error: 'invalid_request' })
  })

  it('reads the type and the id alone: what else is wrong with the object is not its business', () => {
    const key = owner.within({ scopes: [] })
    expect(missingScopes(key, 'read', asGiven({ type: 'log', owner: 7, org: 8 }))?.scopes).toEqual([
      'reader',
      'everything'
    ])
  })
})

describe('forbiddenResponse', () => {
  const key = owner.within({ scopes: ['key:rotate'], allowList: ['key:*'] })

  it('is a problem body and a challenge that names the smallest scope', () => {
    expect(forbiddenResponse(key, 'read', { type: 'doc', id: uuid(1) })).toEqual({
      status: 403,
      headers: {
        'content-type': 'application/problem+json',
        'www-authenticate': 'Bearer error="insufficient_scope", scope="doc:read"'
      },
      body: {
        type: 'about:blank',
        title: 'Forbidden',
        status: 403,
        detail: 'this key does not let through read on this doc',
        code: 'insufficient_scope',
        permission: 'doc:read',
        scopes: ['doc:read', 'docs.edit', 'reader', 'docs.keep', 'doc:*', 'everything'],
        allow_list_entry: `doc:${uuid(1)}`
      }
    })
  })

  it('names no scope where none is missing, or none can be asked for', () => {
    const listed = owner.within({ allowList: [] })
    expect(forbiddenResponse(listed, 'rotate', { type: 'key' })).toMatchObject({
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
      body: { allow_list_entry: 'key:*' }
    })
    expect(forbiddenResponse(listed, 'rotate', { type: 'key' }).body).not.toHaveProperty('scopes')
    const internal = compile(
      definePolicy({ name: 'internal', resources: { doc: { actions: { read: '' } } } })
    )
    expect(
      forbiddenResponse(internal.subject({ id: 'u1', scopes: [] }), 'read', { type: 'doc' })
    ).toMatchObject({
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
      body: { scopes: [] }
    })
  })

  it('says that the action is forbidden, and nothing else, where the key is not in the way', () => {
    const nobody = policy.subject({ id: 'u2' })
    expect(forbiddenResponse(nobody, 'read', { type: 'doc', id: uuid(1) }, { realm: 'keys' })).toEqual({
      status: 403,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        type: 'about:blank',
        title: 'Forbidden',
        status: 403,
        detail: 'not allowed to read this doc',
        code: 'forbidden',
        permission: 'doc:read'
      }
    })
  })

  it('takes a type for its body and a realm for its challenge, both quoted', () => {
    const settings = { type: 'https://example.com/problems/scope', realm: 'the "keys" \\ API' }
    const response = forbiddenResponse(key, policy.permission('doc', 'delete'), { type: 'doc' }, settings)
    expect(response.body).toMatchObject({ type: settings.type, title: 'Insufficient scope' })
    expect(response.headers['www-authenticate']).toBe(
      'Bearer realm="the \\"keys\\" \\\\ API", error="insufficient_scope", scope="doc:*"'
    )
    for (const realm of ['a\r\nset-cookie: x=1', 'né', '\u0000'])
      expect(() => forbiddenResponse(key, 'read', { type: 'doc' }, { realm })).toThrow(
        expect.objectContaining({ code: 'invalid_settings', path: 'realm', value: realm })
      )
  })

  it('keeps scopes that a header cannot hold out of it, and shows them in the body', () => {
    const odd = compile(
      parsePolicy({
        name: 'odd',
        resources: { doc: { actions: { read: '', write: '' } } },
        scopes: Object.fromEntries(
          ['with space', 'with"quote', 'with\\back', 'né'].map((name) => [
            name,
            { allow: { doc: ['read'] }, public: true }
          ])
        ),
        publicScopes: ['doc:*']
      })
    )
    const { headers, body } = forbiddenResponse(odd.subject({ id: 'u1', scopes: [] }), 'read', {
      type: 'doc'
    })
    expect(headers['www-authenticate']).toBe('Bearer error="insufficient_scope", scope="doc:*"')
    expect(body.scopes).toEqual(['with space', 'with"quote', 'with\\back', 'né', 'doc:*'])
  })

  it('looks the same whether or not a role or an ACL would have granted', () => {
    const coder = compile(coderDocument)
    const ceiling = { scopes: ['template:read'], allowList: [`template:${uuid(3)}`] } as const
    const holders = [
      coder.subject({ id: uuid(1) }),
      coder.subject({ id: uuid(1), roles: ['owner'] }),
      coder.subject({ id: uuid(2), roles: ['member', { role: 'organization-admin', org: uuid(9) }] }),
      coder.subject({ id: uuid(2), groups: [uuid(8)] })
    ].map((subject) => subject.within(ceiling))
    const acl = { users: { [uuid(1)]: ['*'] }, groups: { [uuid(8)]: ['read'] } } as const
    const responses = holders.flatMap((holder) =>
      [{}, { owner: uuid(1) }, { owner: uuid(2), org: uuid(9) }, { org: uuid(9), acl }].map((more) => {
        const object = { type: 'workspace' as const, id: uuid(5), ...more }
        expect(holder.can('read', object)).toBe(false)
        return JSON.stringify(forbiddenResponse(holder, 'read', object))
      })
    )
    expect(new Set(responses).size).toBe(1)
    expect(responses[0]).toContain('workspace:read')
  })
})

describe('in every world', () => {
  it('what is missing is missing: with a scope and the entry the ceilings let it through, and not without', () => {
    const seen = { scopes: 0, entries: 0 }
    fc.assert(
      fc.property(worldsWithMints, ({ world, mints }) => {
        const compiled = policyOf(world)
        // Whatever the roles say, the ceilings alone are asked here.
        const all = compile(
          parsePolicy({
            ...world.document,
            roles: { everything: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
          }),
          {}
        ).subject({ id: 'u1', roles: ['everything'] })
        for (const { minter, user, questions } of mints) {
          const one = minter.length === 0 ? [{ scopes: [] }] : minter
          const key = subjectOf(compiled, { subject: user, within: one })
          for (const { action, object } of questions) {
            const asked = { type: String(object['type']), id: idOf(object) }
            const missing = missingScopes(key, asGiven(action), asGiven(asked))
            const isThrough = (within: readonly object[]): boolean =>
              within
                .reduce<Subject>((subject, ceiling) => subject.within(asGiven(ceiling)), all)
                .can(asGiven(action), asGiven({ ...asked, ...placed(world, asked.type) }))
            expect(isThrough(one)).toBe(missing === undefined)
            if (missing === undefined) continue
            const { scopes, allowListEntry, isOutsideScope, isOutsideAllowList } = missing
            expect(isOutsideScope || isOutsideAllowList).toBe(true)
            const isFull = isOutsideAllowList && allowListEntry === undefined
            const widened = (scope: string | undefined): object[] =>
              one.map((ceiling) => ({
                ...ceiling,
                ...('scopes' in ceiling && scope !== undefined ? { scopes: [...ceiling.scopes, scope] } : {}),
                ...(ceiling.allowList !== undefined && allowListEntry !== undefined
                  ? { allowList: [...ceiling.allowList, allowListEntry].slice(-128) }
                  : {})
              }))
            for (const scope of isOutsideScope ? scopes : [undefined]) {
              if (!isFull && !isThrough(widened(scope))) expect.unreachable(fc.stringify({ one, missing }))
              if (scope !== undefined) {
                seen.scopes++
                expect(compiled.scopes.get(scope)?.isPublic).toBe(true)
              }
            }
            if (allowListEntry !== undefined) seen.entries++
            if (isOutsideScope) {
              const others = compiled.scopes
                .list({ public: true })
                .filter(({ name }) => !scopes.includes(asGiven(name)))
              for (const { permissions } of others) expect(permissions).not.toContain(missing.permission)
            }
          }
        }
      }),
      { numRuns: Math.ceil(cases / mintsPerWorld) }
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(least(cases / 20))
  })

  it('the response does not depend on who asks, nor on anything of the object but its type and id', () => {
    fc.assert(
      fc.property(worldsWithMints, ({ world, mints }) => {
        const compiled = policyOf(world)
        const within = mints[0]?.minter ?? []
        const subjects = mints.map(({ user }) => subjectOf(compiled, { subject: user, within }))
        const responses = new Map<string, string>()
        for (const subject of subjects)
          for (const { action, object } of mints.flatMap(({ questions }) => questions)) {
            const key = JSON.stringify([action, object['type'], idOf(object)])
            const response = JSON.stringify(forbiddenResponse(subject, asGiven(action), asGiven(object)))
            expect(responses.get(key) ?? response).toBe(response)
            responses.set(key, response)
          }
      }),
      { numRuns: Math.ceil(cases / mintsPerWorld / 4) }
    )
  })
})

function idOf(object: Readonly<Record<string, unknown>>): string | null {
  return typeof object['id'] === 'string' ? object['id'] : null
}

/** What an object of the type needs to be one. */
function placed(
  world: { readonly document: { readonly resources: Readonly<Record<string, { readonly org?: unknown }>> } },
  type: string
): object {
  return world.document.resources[type]?.org === 'required' ? { anyOrg: true } : {}
}
