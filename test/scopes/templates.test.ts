// Scope templates: parameters checked and named, and the agents that policies/coder makes of one.
import { describe, expect, it } from 'vitest'

import coderDocument from '../../policies/coder/index.js'
import { compile, type RequestError } from '../../src/index.js'
import { asGiven } from '../support/engine.js'
import { policy, uuid } from './worlds.js'
import { quoteValue } from '../../src/problems/quote.js'

describe('policy.scopes.template', () => {
  const attempt = (name: string, params: unknown): unknown => {
    try {
      return policy.scopes.template(asGiven(name), asGiven(params))
    } catch (error) {
      const { code, message } = error as RequestError
      return [code, message]
    }
  }

  it('gives a scope with its parameters, ids in lower case, frozen', () => {
    const scope = policy.scopes.template('one_doc', { doc: uuid(1).toUpperCase(), write: true })
    expect(scope).toEqual({ template: 'one_doc', params: { doc: uuid(1), write: true } })
    expect(Object.isFrozen(scope) && Object.isFrozen(scope.params)).toBe(true)
  })

  it('names a parameter that is missing, unknown or malformed, and the template', () => {
    expect(attempt('one_doc', {})).toEqual(['missing_parameter', 'params.doc: missing parameter'])
    expect(attempt('one_doc', { doc: undefined })).toMatchObject(['missing_parameter', expect.anything()])
    expect(attempt('one_doc', { doc: uuid(1), dco: uuid(1) })).toEqual([
      'unknown_parameter',
      'params.dco: unknown parameter `dco`; did you mean `doc`?'
    ])
    for (const doc of ['d1', '', '*', null, 7, true])
      expect(attempt('one_doc', { doc })).toEqual([
        'invalid_parameter',
        `params.doc: expected a UUID, not ${quoteValue(doc)}`
      ])
    for (const write of ['true', 1, null])
      expect(attempt('one_doc', { doc: uuid(1), write })).toEqual([
        'invalid_parameter',
        `params.write: expected true or false, not ${quoteValue(write)}`
      ])
    expect(attempt('one_dco', { doc: uuid(1) })).toEqual([
      'unknown_scope_template',
      'template: unknown scope template `one_dco`; did you mean `one_doc`?'
    ])
    for (const name of ['__proto__', 'constructor', 'reader', ''])
      expect(attempt(name, {})).toMatchObject(['unknown_scope_template', expect.anything()])
    expect(attempt('one_doc', null)).toMatchObject(['invalid_request', expect.anything()])
    expect(attempt('one_doc', JSON.parse('{"__proto__":1}'))).toMatchObject([
      'unknown_parameter',
      'params.__proto__: unknown parameter `__proto__`'
    ])
  })

  it('limits itself alone by its list, from which an optional id that is not given is left out', () => {
    const owner = policy.subject({ id: 'u1', roles: ['owner'] })
    const key = owner.within({ scopes: [policy.scopes.template('one_doc', { doc: uuid(1) }), 'key:rotate'] })
    expect(key.can('read', { type: 'doc', id: uuid(1) })).toBe(true)
    expect(key.can('read', { type: 'doc', id: uuid(2) })).toBe(false)
    expect(key.can('read', { type: 'doc' })).toBe(false)
    expect(key.can('write', { type: 'doc', id: uuid(1) })).toBe(false)
    expect(key.can('rotate', { type: 'key', id: uuid(9) })).toBe(true)
    const both = policy.scopes.template('one_doc', { doc: uuid(1), other: uuid(2), write: true })
    expect(owner.within({ scopes: [both] }).can('write', { type: 'doc', id: uuid(2) })).toBe(true)
  })
})

describe('the agent of a workspace in policies/coder', () => {
  const coder = compile(coderDocument)
  const ids = { workspace: uuid(41), owner: uuid(1), template: uuid(42), version: uuid(43), task: uuid(44) }
  const agentScope = coder.scopes.template('workspace_agent', {
    workspaceId: ids.workspace,
    ownerId: ids.owner,
    templateId: ids.template,
    versionId: ids.version
  })
  const org = uuid(100)
  const owners = {
    'an ordinary owner': [],
    'a site owner': ['owner'],
    'an auditor': ['auditor']
  } as const

  describe.each(Object.entries(owners))('of %s', (_, siteRoles) => {
    const agent = coder.subject({
      id: ids.owner,
      roles: ['member', ...siteRoles, { role: 'organization-member', org }],
      scopes: [agentScope]
    })

    it('obeys the documented row for boundary logs', () => {
      const log = { type: 'boundary_log' } as const
      expect(agent.can('create', { ...log, owner: ids.owner })).toBe(true)
      expect(agent.can('create', { ...log, owner: uuid(2) })).toBe(false)
      expect(agent.can('create', log)).toBe(false)
      for (const owner of [ids.owner, uuid(2), undefined])
        for (const id of [undefined, uuid(5)])
          for (const action of ['read', 'delete'] as const)
            expect(agent.can(action, { ...log, ...(owner && { owner }), ...(id && { id }) })).toBe(false)
    })

    it('reaches its own workspace and no other of its owner', () => {
      const workspace = (id: string): { type: 'workspace'; id: string; owner: string; org: string } => ({
        type: 'workspace',
        id,
        owner: ids.owner,
        org
      })
      expect(agent.can('read', workspace(ids.workspace))).toBe(true)
      expect(agent.can('read', workspace(uuid(50)))).toBe(false)
    })

    it('mints no key that reaches further', () => {
      expect(agent.canMint({ scopes: ['workspace:read'], allowList: [`workspace:${ids.workspace}`] })).toBe(
        true
      )
      expect(agent.canMint({ scopes: ['workspace:read'] })).toBe(false)
      expect(agent.canMint({ scopes: ['boundary_log:create'] })).toBe(true)
      expect(agent.canMint({ scopes: ['boundary_log:read'], allowList: ['boundary_log:*'] })).toBe(false)
      expect(agent.canMint({ scopes: ['coder:all'] })).toBe(false)
      expect(agent.canMint({})).toBe(false)
    })
  })
})
