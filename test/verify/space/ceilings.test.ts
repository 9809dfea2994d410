// The ceilings that a scope can mean let through what the scope does: implied actions too, and certain objects alone.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { compiledOf } from '../../../src/compile/compile.js'
import { isWithinSomewhere } from '../../../src/decide/ceilings.js'
import { ScopeCases } from '../../../src/verify/space/ceilings.js'

const compiled = compiledOf(
  compile(
    definePolicy({
      name: 'paper',
      resources: {
        paper: {
          attributes: { status: { values: ['draft', 'final'] } },
          actions: { read: 'Read', update: 'Update', remove: 'Remove' },
          implies: { update: ['read'] }
        }
      },
      scopes: { drafts: { allow: { paper: { actions: ['update'], where: { status: 'draft' } } } } },
      scopeTemplates: {
        one: {
          params: { paper: 'optional', wide: 'flag' },
          allow: { paper: [{ actions: ['update'], where: { status: 'draft' } }] },
          variants: [{ when: { wide: true }, allow: { paper: ['update'] } }],
          allowList: ['paper:{paper}']
        }
      }
    })
  )
)

/** By `action status`, for how many of its ceilings a scope lets it through somewhere. */
function letThrough(scope: string): Record<string, string> {
  const cases = new ScopeCases(compiled, scope)
  return Object.fromEntries(
    compiled.catalogue.permissions.map((permission) => {
      const about = cases.about(permission)
      const through = about.filter(({ ceilings }) => isWithinSomewhere(ceilings, permission))
      return [
        `${permission.action} ${String(permission.attributes.get('status'))}`,
        `${through.length}/${about.length}`
      ]
    })
  )
}

describe('the ceilings of a scope', () => {
  it('let through what a low-level scope implies, and not what it does not', () => {
    expect(letThrough('paper:update')).toEqual({
      'read draft': '1/1',
      'update draft': '1/1',
      'remove draft': '0/1',
      'read final': '1/1',
      'update final': '1/1',
      'remove final': '0/1'
    })
  })

  it('let through implied actions on the objects that a declared scope names alone', () => {
    expect(letThrough('drafts')).toMatchObject({
      'read draft': '1/1',
      'read final': '0/1',
      'remove draft': '0/1'
    })
  })

  it('tell a flag of a template apart only for objects for which it matters', () => {
    expect(letThrough('one')).toMatchObject({
      'read draft': '1/2',
      'read final': '1/4',
      'remove final': '0/2'
    })
  })
})
