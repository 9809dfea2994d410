// What is printed, and what is recognized across copies of the package, is called by its public name.
import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'
import {
  CasemateError,
  compile,
  ForbiddenError,
  isCasemateError,
  isForbidden,
  PolicyError,
  RequestError
} from 'casemate'
import { CheckError } from 'casemate/testing'
import { recordChecks } from 'casemate/scopes'
import { toCompiled } from 'casemate/node'
import { fromCompiled } from 'casemate/runtime'
import type * as Errors from '../../src/errors.js'
import saas from '../../policies/saas/index.js'

const policy = compile(saas)
const loaded = fromCompiled(JSON.parse(JSON.stringify(toCompiled(policy))))

describe('what is printed', () => {
  it.each<[string, object]>([
    ['Subject', policy.subject({ id: 'ada' })],
    ['Subject', policy.subject({ id: 'ada' }).within({ scopes: [] })],
    ['Subject', loaded.subject({ id: 'ada' })],
    ['Subject', recordChecks(policy).policy.subject({ id: 'ada' })],
    ['Policy', policy],
    ['Policy', policy.withRoles({})],
    ['Policy', recordChecks(policy).policy],
    ['Permission', policy.permission('project', 'read')],
    ['Permission', loaded.permission('project', 'read')]
  ])('is called `%s`', (name, value) => {
    expect(inspect(value)).toMatch(new RegExp(`^${name} \\{`))
    expect(Object.prototype.toString.call(value)).toBe(`[object ${name}]`)
    expect(value.constructor.name).toBe(name)
  })

  it('shows nothing of what is behind it', () => {
    expect(inspect(policy.subject({ id: 'ada', groups: ['secret'] }))).toBe('Subject {}')
    const all = inspect(policy.subject({ id: 'ada', groups: ['secret'] }), { showHidden: true, depth: 9 })
    expect(all).not.toMatch(/secret|ada|engine/)
    expect(inspect(policy.permission('project', 'read'), { depth: 9 })).not.toContain('catalogue')
    expect(inspect(policy, { depth: 9 })).not.toContain('engine')
  })
})

describe('errors of another copy of the package', () => {
  it('are known by `instanceof` and by what tells errors apart, each as what it is', async () => {
    // As the ESM and the CommonJS copy are to each other: the same code, loaded twice.
    const copy = (await import('../../src/errors.js' + '?copy')) as typeof Errors
    expect(copy.RequestError).not.toBe(RequestError)
    const made = [
      [new copy.CasemateError('not_expressible', 'x'), CasemateError],
      [new copy.RequestError('unknown_role', 'x'), RequestError],
      [new copy.PolicyError([]), PolicyError],
      [
        new copy.ForbiddenError(policy.subject({ id: 'a' }).explain('read', { type: 'project', org: 'o1' })),
        ForbiddenError
      ]
    ] as const
    const classes = [RequestError, PolicyError, ForbiddenError, CheckError]
    for (const [error, own] of made) {
      expect(error instanceof own && error instanceof CasemateError && error instanceof Error).toBe(true)
      expect(classes.filter((each) => error instanceof each)).toEqual(classes.filter((each) => each === own))
      expect([isCasemateError(error), isForbidden(error)]).toEqual([true, own === ForbiddenError])
      expect(error.name).toBe(own.name)
    }
  })

  it('do not make an error of everything, nor of classes that others derive', () => {
    class Missing extends RequestError {}
    const missing = new Missing('unknown_role', 'x')
    expect(
      missing instanceof Missing && missing instanceof RequestError && missing instanceof CasemateError
    ).toBe(true)
    expect(new RequestError('unknown_role', 'x') instanceof Missing).toBe(false)
    expect(missing instanceof PolicyError).toBe(false)
    for (const other of [undefined, null, 'x', 5, {}, new Error('x'), () => 1, Object.create(null)])
      expect([CasemateError, RequestError, Missing].some((each) => other instanceof each)).toBe(false)
  })
})
