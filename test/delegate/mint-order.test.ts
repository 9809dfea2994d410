// What a key has too much is told in catalogue order, whatever the order in which scopes and lists name it.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'

const policy = compile(
  definePolicy({
    name: 'notes',
    resources: {
      bill: { actions: { read: 'Read', pay: 'Pay' } },
      note: { actions: { read: 'Read', write: 'Write' } }
    },
    roles: { owner: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } },
    scopes: {
      nothing: { allow: { bill: [] } },
      mixed: { allow: { note: ['write', 'read'], bill: ['pay', 'read'] } }
    }
  })
)

describe('the excess of a key', () => {
  it('is in catalogue order', () => {
    const subject = policy.subject({ id: 'ada', roles: ['owner'], scopes: ['nothing'] })
    const { excess } = subject.explainMint({ scopes: ['mixed'] })
    expect(excess.flatMap(({ permissions }) => permissions)).toEqual([
      'bill:read',
      'bill:pay',
      'note:read',
      'note:write'
    ])
  })

  it('names ids in the order of the requested list', () => {
    const subject = policy.subject({ id: 'ada', roles: ['owner'], allowList: ['bill:*'] })
    const allowList = ['note:n3', 'note:n1', 'note:n4', 'note:n2']
    const { excess } = subject.explainMint({ scopes: ['note:read'], allowList })
    expect(excess.map((one) => one.allowList)).toEqual([allowList])
  })
})
