// The `expect` of vitest, outside vitest: made of the same parts, so that a test says the same here and there.
import {
  addCustomEqualityTesters,
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  getState,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState
} from '@vitest/expect'

type Expect = Parameters<typeof setState>[1]

export function createExpect(): unknown {
  chai.use(JestExtend)
  chai.use(JestChaiExpect)
  chai.use(JestAsymmetricMatchers)
  const expect = ((value: unknown, message?: string) => chai.expect(value, message)) as unknown as Expect
  Object.assign(expect, chai.expect, (globalThis as Record<symbol, unknown>)[ASYMMETRIC_MATCHERS_OBJECT])
  const extendable = chai.expect as unknown as { extend(expect: Expect, matchers: object): void }
  Object.assign(expect, {
    getState: () => getState(expect),
    setState: (state: object) => {
      setState(state, expect)
    },
    extend: (matchers: object) => {
      extendable.extend(expect, matchers)
    },
    addEqualityTesters: (testers: never) => {
      addCustomEqualityTesters(testers)
    },
    unreachable: (message?: string) => chai.assert.fail(message ?? 'not to be reached'),
    fail: (message?: string) => chai.assert.fail(message ?? 'failed')
  })
  setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, expect)
  Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, writable: true, configurable: true })
  extendable.extend(expect, customMatchers)
  return expect
}
