// The part of vitest that the project's tests use, so small that a test file is loaded and run in milliseconds: suites,
// tests and their hooks, one after another, and the first failure ends the run.
import { createExpect } from './expect.js'

type Run = (...args: readonly unknown[]) => unknown

interface Suite {
  readonly before: Run[]
  readonly beforeEach: Run[]
  readonly afterEach: Run[]
  readonly after: Run[]
  readonly items: (Suite | Test)[]
}

export interface Test {
  readonly name: string
  readonly run: Run
}

const expect = createExpect()

/** What a test file gets for `vitest`, and the suite that it fills. */
export function openFile(): { readonly module: object; readonly collect: () => Promise<Suite> } {
  const top = newSuite()
  let open = top
  const names: string[] = []
  const pending: { readonly suite: Suite; readonly body: Run; readonly args: readonly unknown[] }[] = []

  const addSuite = (name: string, body: Run, args: readonly unknown[] = []): void => {
    const suite = newSuite()
    open.items.push(suite)
    const [before, depth] = [open, names.length]
    open = suite
    names.push(name)
    const made = body(...args)
    if (made instanceof Promise) pending.push({ suite, body, args })
    open = before
    names.length = depth
  }
  const addTest = (name: string, run: Run, args: readonly unknown[] = []): void => {
    open.items.push({ name: [...names, name].join(' > '), run: () => run(...args) })
  }
  const module = {
    describe: withEach(addSuite),
    it: withEach(addTest),
    test: withEach(addTest),
    expect,
    beforeAll: (hook: Run) => open.before.push(hook),
    beforeEach: (hook: Run) => open.beforeEach.push(hook),
    afterEach: (hook: Run) => open.afterEach.push(hook),
    afterAll: (hook: Run) => open.after.push(hook)
  }
  const collect = (): Promise<Suite> =>
    pending.length === 0 ? Promise.resolve(top) : Promise.reject(new Error('an asynchronous `describe`'))
  return { module, collect }
}

type Add = (name: string, run: Run, args?: readonly unknown[]) => void

function withEach(add: Add): object {
  // Options and a timeout may stand before or behind the function.
  const one = (name: string, ...rest: readonly unknown[]): void => {
    add(name, functionOf(rest))
  }
  const each =
    (rows: readonly unknown[]) =>
    (name: string, ...rest: readonly unknown[]): void => {
      // Rows are lists of arguments where all of them are lists.
      const areLists = rows.every((row) => Array.isArray(row))
      for (const [i, row] of rows.entries())
        add(`${name} [${i}]`, functionOf(rest), areLists ? (row as readonly unknown[]) : [row])
    }
  return Object.assign(one, { each })
}

function functionOf(rest: readonly unknown[]): Run {
  const found = rest.find((part) => typeof part === 'function')
  if (found === undefined) throw new Error('a test without a function')
  return found as Run
}

function newSuite(): Suite {
  return { before: [], beforeEach: [], afterEach: [], after: [], items: [] }
}

/** Told before a test runs, with its number in the file; whether it runs is the answer. */
export type Wanted = (number: number, test: Test) => boolean
/** Told of each test that ran. */
export type Ran = (number: number, test: Test, failure: { readonly error: unknown } | undefined) => void

/** Runs the tests that are wanted, in the file's order, until `ran` throws. Hooks fail the tests that they are for. */
export async function runSuite(top: Suite, wanted: Wanted, ran: Ran): Promise<void> {
  let number = 0
  const countOf = ({ items }: Suite): number =>
    items.reduce((sum, item) => sum + ('run' in item ? 1 : countOf(item)), 0)

  const runIn = async (suite: Suite, outer: readonly Suite[]): Promise<void> => {
    const first = number
    const all = countOf(suite)
    const tests = testsOf(suite)
    if (!tests.some((test, i) => wanted(first + i, test))) {
      number += all
      return
    }
    const chain = [...outer, suite]
    for (const hook of suite.before) await hook()
    for (const item of suite.items) {
      if (!('run' in item)) {
        await runIn(item, chain)
        continue
      }
      const at = number++
      if (!wanted(at, item)) continue
      let failure: { readonly error: unknown } | undefined
      const attempt = async (hooks: readonly Run[]): Promise<void> => {
        try {
          for (const hook of hooks) await hook()
        } catch (error) {
          failure ??= { error }
        }
      }
      await attempt([...chain.flatMap(({ beforeEach }) => beforeEach), item.run])
      // Whatever failed: what a test changed for all is changed back.
      await attempt([...chain].reverse().flatMap(({ afterEach }) => afterEach))
      ran(at, item, failure)
    }
    for (const hook of suite.after) await hook()
  }
  await runIn(top, [])
}

export function testsOf({ items }: Suite): Test[] {
  return items.flatMap((item) => ('run' in item ? [item] : testsOf(item)))
}
