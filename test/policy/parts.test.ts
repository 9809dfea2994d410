// Small parts that others are made of: roles of a subject as data, an object of JSON, settings and places that are none.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type PolicyData } from 'casemate'
import { parseJsonObject } from '../../src/policy/parse.js'
import { heldFrom } from '../../src/policy/subject-data.js'

const document = {
  name: 'parts',
  resources: { doc: { actions: { read: '' } } },
  roles: { root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
} as PolicyData
const policy = compile(parsePolicy(document))

describe('a role of a subject as data', () => {
  it.each([
    ['root', 'root'],
    [
      { role: 'x', org: 'o1' },
      { role: 'x', org: 'o1' }
    ],
    [{ org: 'o1' }, { role: '', org: 'o1' }]
  ])('%j is held as %j', (data, held) => {
    expect(heldFrom(data as never)).toEqual(held)
  })
})

describe('an object of JSON', () => {
  it('is read, or what is wrong with it is said', () => {
    expect(parseJsonObject(policy, { type: 'doc', id: 'd1' })).toMatchObject({
      ok: true,
      value: { type: 'doc', id: 'd1' }
    })
    expect(parseJsonObject(policy, { type: 'dok' })).toMatchObject({
      ok: false,
      problems: [{ code: 'unknown_resource' }]
    })
  })
})

describe('what is no setting and no place', () => {
  it.each([[5], ['yes']])('strictObjects: %j is refused at its place', (strictObjects) => {
    expect(() => compile(parsePolicy(document), { strictObjects } as never)).toThrow(
      expect.objectContaining({
        path: 'strictObjects',
        message: `strictObjects: expected true or false, not \`${strictObjects}\``
      })
    )
  })

  it('a place that is undefined is the site', () => {
    const added = policy.withRoles({ extra: { kind: 'site', grants: {} } }, { org: undefined })
    expect(added.roles.get('extra')).toMatchObject({ kind: 'site', isCustom: true })
    expect(added.withoutRoles(['extra'], { org: undefined }).roles.get('extra')).toBeUndefined()
  })

  it('an object that has more than the policy knows is taken unless objects are strict', () => {
    const object = { type: 'doc', colour: 'red' } as never
    const ask = (strictObjects?: boolean): boolean =>
      compile(parsePolicy(document), strictObjects === undefined ? {} : { strictObjects })
        .subject({ id: 'me', roles: ['root'] })
        .can('read', object)
    expect([ask(), ask(false)]).toEqual([true, true])
    expect(() => ask(true)).toThrow(expect.objectContaining({ path: 'object.colour' }))
  })
})
