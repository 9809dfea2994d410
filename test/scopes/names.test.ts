// The names that a key's scopes can have: which there are, what they expand to, which a user may ask for.
import { describe, expect, it } from 'vitest'

import coderDocument from '../../policies/coder/index.js'
import { compile, definePolicy } from '../../src/index.js'
import { parseScope } from '../../src/scopes/index.js'
import { asGiven } from '../support/engine.js'
import { policy } from './worlds.js'

describe('the scopes of a policy', () => {
  it('are the declared ones in document order, then resource:* and each resource:action', () => {
    expect(policy.scopes.list().map(({ name }) => name)).toEqual([
      ...['everything', 'reader', 'docs.edit', 'docs.keep', 'undocumented'],
      ...['doc:*', 'doc:read', 'doc:write', 'doc:delete', 'log:*', 'log:read', 'log:create'],
      ...['key:*', 'key:rotate']
    ])
  })

  it('are public where they say so, or where `publicScopes` names them', () => {
    expect(policy.scopes.list({ public: true }).map(({ name }) => name)).toEqual([
      ...['everything', 'reader', 'docs.edit', 'docs.keep', 'doc:*', 'doc:read', 'doc:write', 'log:create']
    ])
    expect(policy.scopes.list({ public: false }).map(({ name }) => name)).toEqual([
      ...['undocumented', 'doc:delete', 'log:*', 'log:read', 'key:*', 'key:rotate']
    ])
    expect(policy.scopes.list({ public: undefined })).toEqual(policy.scopes.list())
  })

  it('say what they expand to, exactly as the document has it', () => {
    const permissions = (name: string): unknown => policy.scopes.get(name)?.permissions
    expect(permissions('everything')).toEqual([
      ...['doc:read', 'doc:write', 'doc:delete', 'log:read', 'log:create', 'key:rotate']
    ])
    expect(permissions('reader')).toEqual(['doc:read', 'log:read'])
    expect(permissions('docs.keep')).toEqual(['doc:read', 'doc:write'])
    expect(permissions('undocumented')).toEqual(['log:read', 'log:create', 'key:rotate'])
    expect(permissions('log:*')).toEqual(['log:read', 'log:create'])
    expect(permissions('log:read')).toEqual(['log:read'])
  })

  it('are found by their names and aliases, with all that the document says', () => {
    expect(policy.scopes.get('any')).toEqual({
      name: 'everything',
      title: 'Everything',
      description: undefined,
      kind: 'declared',
      isPublic: true,
      aliases: ['all', 'any'],
      allow: { '*': '*' },
      permissions: ['doc:read', 'doc:write', 'doc:delete', 'log:read', 'log:create', 'key:rotate']
    })
    expect(policy.scopes.get('doc:*')).toMatchObject({ kind: 'low-level', isPublic: true, aliases: [] })
    expect(policy.scopes.canonical('all')).toBe('everything')
    expect(policy.scopes.canonical('docs.edit')).toBe('docs.edit')
    expect(policy.scopes.canonical('doc:*')).toBe('doc:*')
  })

  it('are not found by names on a prototype, parts of names, or what is no text', () => {
    for (const name of [
      '__proto__',
      'constructor',
      'toString',
      'doc',
      'doc:',
      ':read',
      'doc:archive',
      '*',
      '*:*',
      ''
    ])
      expect(policy.scopes.get(name), name).toBeUndefined()
    expect(() => policy.scopes.canonical(asGiven('evrything'))).toThrow(
      'unknown scope `evrything`; did you mean `everything`?'
    )
    expect(() => policy.scopes.canonical(asGiven(7))).toThrow('expected the name of a scope, not `7`')
  })

  it('may be called like something on a prototype', () => {
    const odd = compile(
      definePolicy({
        name: 'odd',
        resources: { constructor: { actions: { constructor: '' } } },
        scopes: { toString: { allow: { constructor: '*' }, aliases: ['valueOf'] } },
        publicScopes: ['toString', 'constructor:constructor']
      })
    )
    expect(odd.scopes.list({ public: true }).map(({ name }) => name)).toEqual([
      'toString',
      'constructor:constructor'
    ])
    expect(odd.scopes.canonical('valueOf')).toBe('toString')
    expect(parseScope(odd, 'toString')).toMatchObject({ ok: true, value: { isPublic: true } })
    expect(parseScope(odd, '__proto__')).toMatchObject({ ok: false })
  })
})

describe('parseScope', () => {
  it('gives the scope that a name or an alias stands for', () => {
    expect(parseScope(policy, 'all')).toEqual({ ok: true, value: policy.scopes.get('everything') })
    expect(parseScope(policy, 'key:rotate')).toEqual({ ok: true, value: policy.scopes.get('key:rotate') })
  })

  it('gives a problem with the nearest name, whatever it was given', () => {
    expect(parseScope(policy, 'doc:raed')).toEqual({
      ok: false,
      problems: [
        {
          code: 'unknown_scope',
          path: '',
          value: 'doc:raed',
          hint: 'doc:read',
          message: 'unknown scope `doc:raed`; did you mean `doc:read`?'
        }
      ]
    })
    for (const value of [undefined, null, 7, true, ['all'], { template: 'one_doc' }, Object('all')])
      expect(parseScope(policy, value)).toMatchObject({
        ok: false,
        problems: [{ code: 'invalid_request', path: '' }]
      })
  })
})

describe('the scopes of policies/coder', () => {
  const coder = compile(coderDocument)

  it('have those of boundary logs, and they are internal', () => {
    for (const [name, permissions] of [
      ['boundary_log:*', ['boundary_log:create', 'boundary_log:read', 'boundary_log:delete']],
      ['boundary_log:create', ['boundary_log:create']],
      ['boundary_log:read', ['boundary_log:read']],
      ['boundary_log:delete', ['boundary_log:delete']]
    ] as const) {
      const scope = coder.scopes.get(name)
      expect({ ...scope, permissions: [...(scope?.permissions ?? [])].sort() }).toMatchObject({
        isPublic: false,
        permissions: [...permissions].sort()
      })
    }
  })

  it('expand composites to exactly what the document says, in catalogue order', () => {
    const written = [
      ...['workspace:read', 'workspace:ssh', 'workspace:application_connect'],
      ...['template:read', 'organization_member:read']
    ]
    const inOrder = coder.scopes.get('coder:all')?.permissions.filter((name) => written.includes(name))
    expect(inOrder).toHaveLength(written.length)
    expect(coder.scopes.get('coder:workspaces.access')?.permissions).toEqual(inOrder)
  })
})
