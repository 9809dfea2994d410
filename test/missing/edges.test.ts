// What is missing of an allow list: the narrowest entry, the wider one as its alternative, and no entry twice.
import { describe, expect, it } from 'vitest'

import { compile, parsePolicy, type ObjectRef } from '../../src/index.js'
import { missing } from '../../src/missing/index.js'

const policy = compile(
  parsePolicy({
    name: 'entries',
    resources: { doc: { actions: { read: '' } }, log: { actions: { read: '' } } },
    roles: { root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
  })
)
const key = policy.subject({ id: 'u1', roles: ['root'], allowList: ['log:*'] })

describe('an entry that is missing', () => {
  it.each([
    [{ type: 'doc', id: 'd1' }, 'doc:d1', ['doc:*']],
    [{ type: 'doc', id: '*' }, 'doc:*', []],
    [{ type: 'doc', id: '' }, 'doc:*', []],
    [{ type: 'doc' }, 'doc:*', []]
  ] as const)('for %j is %s, or %j', (object: ObjectRef, entry, others) => {
    const step = (one: string): object => ({ kind: 'entry', entry: one, ceiling: 0 })
    expect(missing(key, 'read', object)).toEqual({
      size: 1,
      steps: [step(entry)],
      alternatives: [others.map(step)]
    })
  })
})
