// Proofs ask with the compiled permission of one combination of attributes. It means its action: the object says which
// attributes it has.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type ObjectRef } from '../../src/index.js'
import { compiledOf } from '../../src/compile/compile.js'
import { asGiven } from '../support/engine.js'

const policy = compile(
  parsePolicy({
    name: 'p',
    resources: {
      doc: {
        attributes: { status: { values: ['draft', 'published'] }, locked: { values: [true, false] } },
        actions: { read: '', update: '' }
      }
    },
    roles: {
      reader: {
        kind: 'site',
        grants: { site: { allow: { doc: [{ actions: ['read'], where: { status: 'published' } }] } } }
      }
    }
  })
)
const subject = policy.subject({ id: 'u1', roles: ['reader'] })
const { permissions } = compiledOf(policy).catalogue

describe('a compiled permission', () => {
  it.each(permissions.map((one) => [one.name, Object.fromEntries(one.attributes), one] as const))(
    '%s of %j is asked about as its action',
    (_, attributes, permission) => {
      const object: ObjectRef = asGiven({ type: 'doc', ...attributes })
      const expected = permission.action === 'read' && permission.attributes.get('status') === 'published'
      expect(subject.can(asGiven(permission), asGiven(object))).toBe(expected)
      expect(subject.can(asGiven(permission.action), asGiven(object))).toBe(expected)
    }
  )
})
