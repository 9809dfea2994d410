// What is wrong with the containers and attributes of an object, in words, and what a stray key on `Object.prototype`
// does to them: nothing.
import { afterEach, describe, expect, it } from 'vitest'
import { compile, parseObject, parsePolicy } from 'casemate'

const fields = ['project', 'state', 'open', 'tier', 'size']

const policy = compile(
  parsePolicy({
    name: 'placed',
    containers: [{ name: 'project' }],
    resources: {
      doc: {
        in: { project: 'required' },
        attributes: {
          state: { values: ['draft', 'done'] },
          open: { values: [true, false], default: false },
          tier: { values: ['free', 'paid'], default: 'free' },
          size: { values: ['small', 'large'], default: 'small' }
        },
        actions: { read: '' }
      },
      log: { in: { project: 'never' }, actions: { read: '' } }
    },
    roles: {
      reader: {
        kind: 'site',
        grants: {
          site: {
            allow: {
              doc: { actions: ['read'], where: { state: 'done', open: true, tier: 'paid', size: 'large' } }
            }
          }
        }
      }
    }
  })
)

afterEach(() => {
  for (const name of fields) Reflect.deleteProperty(Object.prototype, name)
})

describe('an object with containers and attributes', () => {
  it.each([
    [{ type: 'doc', state: 'done' }, 'missing_container', 'project: `doc` needs a `project`'],
    [{ type: 'log', project: 'p' }, 'unexpected_container', 'project: `log` is in no project'],
    [
      { type: 'doc', project: 7, state: 'done' },
      'invalid_request',
      'project: expected the id of a project, or a list of ids, not `7`'
    ],
    [
      { type: 'doc', project: ['p', null], state: 'done' },
      'invalid_request',
      'project[1]: expected the id of a project, not `null`'
    ],
    [{ type: 'doc', project: 'p' }, 'missing_attribute', 'state: `doc` needs a `state`'],
    [
      { type: 'doc', project: 'p', state: 'dun' },
      'invalid_attribute',
      'state: expected one of `draft`, `done`, not `dun`'
    ]
  ])('is refused: %j', (object, code, message) => {
    const parsed = parseObject(policy, object)
    if (parsed.ok) throw new Error('not refused')
    expect(parsed.problems[0]?.code).toBe(code)
    expect(parsed.problems[0]?.message).toContain(message)
  })

  it.each(fields)('is asked about as it is where every object inherits a `%s`', (name) => {
    const subject = policy.subject({ id: 'me', roles: ['reader'] })
    const whole = {
      type: 'doc',
      project: 'p',
      state: 'done',
      open: true,
      tier: 'paid',
      size: 'large'
    } as const
    const part: Record<string, unknown> = { ...whole }
    Reflect.deleteProperty(part, name)
    const ask = (object: unknown): unknown => {
      try {
        return subject.can('read', object as never)
      } catch (error) {
        return (error as Error).message
      }
    }
    const before = [ask(whole), ask(part)]
    expect(before[0]).toBe(true)
    expect(before[1]).not.toBe(true)
    Object.defineProperty(Object.prototype, name, {
      value: whole[name as 'state'],
      configurable: true,
      writable: true
    })
    expect([ask(whole), ask(part)]).toEqual(before)
  })
})
