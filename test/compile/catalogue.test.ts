// Permissions are of one catalogue: those of another that differs in anything are refused, and those of one that is the
// same mean the same.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type PolicyData } from 'casemate'

const doc = { actions: { read: '', write: '' } }
const state = { values: ['draft', 'final'], default: 'draft' }
const roles = { root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
const documentOf = (resources: object, containers?: readonly object[]): PolicyData =>
  ({ name: 'x', resources, roles, ...(containers === undefined ? {} : { containers }) }) as PolicyData

const project = [{ name: 'project' }]
const documents: Readonly<Record<string, PolicyData>> = {
  plain: documentOf({ doc }),
  'of other actions': documentOf({ doc: { actions: { read: '', remove: '' } } }),
  'of the same actions in another order': documentOf({ doc: { actions: { write: '', read: '' } } }),
  'with another resource': documentOf({ doc, log: doc }),
  'with another resource before': documentOf({ log: doc, doc }),
  'in organizations': documentOf({ doc: { ...doc, org: 'required' } }),
  'never in organizations': documentOf({ doc: { ...doc, org: 'never' } }),
  shared: documentOf({ doc: { ...doc, acl: true } }),
  'shared with settings': documentOf({ doc: { ...doc, acl: { requires: 'write' } } }),
  'shared with other settings': documentOf({ doc: { ...doc, acl: { members: true } } }),
  'with a container that nothing is in': documentOf({ doc }, project),
  'with two containers': documentOf({ doc }, [...project, { name: 'folder' }]),
  'in projects': documentOf({ doc: { ...doc, in: { project: 'optional' } } }, project),
  'always in projects': documentOf({ doc: { ...doc, in: { project: 'required' } } }, project),
  implying: documentOf({ doc: { ...doc, implies: { write: ['read'] } } }),
  'with an attribute': documentOf({ doc: { ...doc, attributes: { state } } }),
  'with one of another name': documentOf({ doc: { ...doc, attributes: { stage: state } } }),
  'with one of other values': documentOf({
    doc: { ...doc, attributes: { state: { values: ['draft', 'done'], default: 'draft' } } }
  }),
  'with one of another default': documentOf({
    doc: { ...doc, attributes: { state: { ...state, default: 'final' } } }
  }),
  'with one without default': documentOf({ doc: { ...doc, attributes: { state: { values: state.values } } } })
}
const names = Object.keys(documents)
const policies = new Map(
  Object.entries(documents).map(([name, document]) => [name, compile(parsePolicy(document))])
)

describe.each(names)('the permissions of a policy %s', (name) => {
  const permission = policies.get(name)!.permission('doc', 'read')
  const object = { type: 'doc', org: 'o1', project: 'p1', state: 'final' } as never

  it('are known to the same policy, compiled anew', () => {
    const again = compile(parsePolicy(documents[name]))
    const own = policies.get(name)!.subject({ id: 'me', roles: ['root'] })
    const other = again.subject({ id: 'me', roles: ['root'] })
    const ask = (subject: typeof own): unknown => {
      try {
        return subject.can(permission, object)
      } catch (error) {
        return (error as { readonly code: string }).code
      }
    }
    expect(ask(other)).toBe(ask(own))
  })

  it('are refused by every other', () => {
    for (const [other, policy] of policies) {
      if (other === name) continue
      const subject = policy.subject({ id: 'me', roles: ['root'] })
      expect(() => subject.can(permission, object), other).toThrow(
        expect.objectContaining({ code: 'invalid_request', path: 'action' })
      )
    }
  })
})

it('an ACL that is declared as none is none', () => {
  const permission = policies.get('plain')!.permission('doc', 'read')
  const without = compile(parsePolicy(documentOf({ doc: { ...doc, acl: false } })))
  expect(without.subject({ id: 'me', roles: ['root'] }).can(permission, { type: 'doc' })).toBe(true)
  expect(without.resources.get('doc')?.acl).toBe(false)
})
