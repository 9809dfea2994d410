// Questions as the compiler sees them: an action and a permission are those of the object's resource. Nothing runs.
import { describe, expectTypeOf, it } from 'vitest'

import { compile, definePolicy, parsePolicy } from '../../src/index.js'

const policy = compile(
  definePolicy({
    name: 'typed',
    resources: {
      doc: { actions: { read: '', write: '' } },
      host: { actions: { read: '', ping: '' } }
    }
  })
)
const subject = policy.subject({ id: 'u1' })
const readHost = policy.permission('host', 'read')
const doc = { type: 'doc', id: 'd1' } as const
const docs = [{ type: 'doc', id: 'd1', title: 'a row may have more' }] as const

describe('a question', () => {
  it('takes the actions and permissions of the resource', () => {
    expectTypeOf(subject.can('write', doc)).toEqualTypeOf<boolean>()
    expectTypeOf(subject.can(readHost, { type: 'host' })).toEqualTypeOf<boolean>()
    subject.authorize(policy.permission('doc', 'write'), doc)
    subject.explain(policy.permission('doc', 'write'), doc)
    expectTypeOf(subject.filter('write', docs)).toEqualTypeOf<(typeof docs)[number][]>()
    subject.filter(policy.permission('doc', 'read'), docs)
    subject.filter('write', ['d1'], (id) => ({ type: 'doc', id }))
    subject.filter(readHost, ['h1'], (id) => ({ type: 'host', id }))
  })

  it('takes no action of another resource', () => {
    // @ts-expect-error: a doc is not pinged
    subject.can('ping', doc)
    // @ts-expect-error: a doc is not pinged
    subject.authorize('ping', doc)
    // @ts-expect-error: a doc is not pinged
    subject.explain('ping', doc)
    // @ts-expect-error: a doc is not pinged
    subject.filter('ping', docs)
    // @ts-expect-error: a doc is not pinged
    subject.filter('ping', ['d1'], (id) => ({ type: 'doc', id }))
  })

  it('takes no permission of another resource', () => {
    // @ts-expect-error: a permission of hosts
    subject.can(readHost, doc)
    // @ts-expect-error: a permission of hosts
    subject.authorize(readHost, doc)
    // @ts-expect-error: a permission of hosts
    subject.explain(readHost, doc)
    // @ts-expect-error: a permission of hosts
    subject.filter(readHost, docs)
    // @ts-expect-error: a permission of hosts
    subject.filter(readHost, ['d1'], (id) => ({ type: 'doc' as const, id }))
  })

  it('takes any text where the policy came from a file', () => {
    const loaded = compile(parsePolicy({})).subject({ id: 'u1' })
    const rows: { type: string; id: string }[] = []
    expectTypeOf(loaded.filter('ping', rows)).toEqualTypeOf<typeof rows>()
    expectTypeOf(loaded.can('ping', { type: 'doc' })).toEqualTypeOf<boolean>()
  })
})
