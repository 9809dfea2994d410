// The test that `casemate init` writes: the page, the invariants, and one decision as an application asks it. One text for
// each kind of module and each runner, since a CommonJS module has no `import.meta` and waits for nothing at its top.
import type { PolicyFormat } from './policy.js'

/** The runners that a test can be written for; `none` writes no test. */
export const runners = ['vitest', 'jest', 'node', 'none'] as const

/** A runner of tests. */
export type Runner = (typeof runners)[number]

/** The kinds of modules of a project. */
export const moduleKinds = ['esm', 'commonjs'] as const

/** How the files of a project are modules. */
export type ModuleKind = (typeof moduleKinds)[number]

/** What a test is written for. */
export interface TestSettings {
  readonly format: PolicyFormat
  readonly runner: Exclude<Runner, 'none'>
  readonly module: ModuleKind
}

/** The text of the test. */
export function testText({ format, runner, module }: TestSettings): string {
  const isData = format !== 'ts'
  const isCommon = module === 'commonjs'
  const waits = isData && isCommon
  const near = (name: string): string =>
    isCommon ? `join(__dirname, '${name}')` : `new URL('${name}', import.meta.url)`
  const policyFile = isCommon ? near(`policy.${format}`) : `fileURLToPath(${near(`policy.${format}`)})`
  const imports = [
    ...(runner === 'node' ? ["import assert from 'node:assert/strict'"] : []),
    "import { readFileSync } from 'node:fs'",
    ...(isCommon ? ["import { join } from 'node:path'"] : []),
    ...(runner === 'node' ? [`import { ${waits ? 'before, ' : ''}describe, it } from 'node:test'`] : []),
    ...(isData && !isCommon ? ["import { fileURLToPath } from 'node:url'"] : []),
    `import { compile${waits ? ', type Policy' : ''} } from 'casemate'`,
    ...(isData ? ["import { loadPolicy } from 'casemate/node'"] : []),
    ...importsOf(runner, waits),
    ...(isData ? [] : [`import document from './policy${isCommon ? '' : '.js'}'`])
  ]
  const begin = runner === 'node' ? 'before' : 'beforeAll'
  const policy = waits
    ? `let policy: Policy\n${begin}(async () => {\n  policy = compile(await loadPolicy(${policyFile}))\n})`
    : `const policy = compile(${isData ? `await loadPolicy(${policyFile})` : 'document'})`
  const header =
    '// What the policy says, as tests: the tables of policy.md, the invariants, and single decisions.'
  return `${[header, ...imports].join('\n')}\n\n${policy}\n${runner === 'node' ? plainTests(near) : matcherTests(near)}`
}

function importsOf(runner: Runner, waits: boolean): string[] {
  if (runner === 'node') return ["import { assertMatrix, checkPolicy } from 'casemate/testing'"]
  const names = `{ ${waits ? 'beforeAll, ' : ''}describe, expect, it }`
  return runner === 'jest'
    ? ["import { matchers } from 'casemate/testing/jest'", `import ${names} from '@jest/globals'`]
    : ["import { matchers } from 'casemate/testing'", `import ${names} from 'vitest'`]
}

function matcherTests(near: (name: string) => string): string {
  return `expect.extend(matchers)

describe('the policy', () => {
  it('does what policy.md says', () => {
    expect(policy).toMatchMatrix(readFileSync(${near('policy.md')}, 'utf8'))
  })

  it('keeps its invariants', () => {
    expect(policy).toHoldInvariants()
  })

  it("lets a member throw away their own projects, and nobody else's", () => {
    const ada = policy.subject({ id: 'ada', roles: [{ role: 'member', org: 'acme' }] })
    expect(ada).toBeAllowed('delete', { type: 'project', owner: 'ada', org: 'acme' })
    expect(ada).toBeDenied('delete', { type: 'project', owner: 'eve', org: 'acme' })
  })
})
`
}

function plainTests(near: (name: string) => string): string {
  return `
describe('the policy', () => {
  it('does what policy.md says', () => {
    assertMatrix(policy, readFileSync(${near('policy.md')}, 'utf8'))
  })

  it('keeps its invariants', () => {
    checkPolicy(policy)
  })

  it("lets a member throw away their own projects, and nobody else's", () => {
    const ada = policy.subject({ id: 'ada', roles: [{ role: 'member', org: 'acme' }] })
    assert.equal(ada.can('delete', { type: 'project', owner: 'ada', org: 'acme' }), true)
    assert.equal(ada.can('delete', { type: 'project', owner: 'eve', org: 'acme' }), false)
  })
})
`
}
