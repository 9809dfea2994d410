// The vitest test that `casemate init` writes: the page, the invariants, and one decision as an application asks it.
import type { PolicyFormat } from './policy.js'

export function testText(format: PolicyFormat): string {
  return format === 'ts' ? codeTest : dataTest(format)
}

const codeTest = `// What the policy says, as tests: the tables of policy.md, the invariants, and single decisions.
import { readFileSync } from 'node:fs'
import { compile } from 'casemate'
import { matchers } from 'casemate/testing'
import { describe, expect, it } from 'vitest'
import document from './policy.js'

const policy = compile(document)
${tests()}`

function dataTest(format: PolicyFormat): string {
  return `// What the policy says, as tests: the tables of policy.md, the invariants, and single decisions.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile } from 'casemate'
import { loadPolicy } from 'casemate/node'
import { matchers } from 'casemate/testing'
import { describe, expect, it } from 'vitest'

const policy = compile(await loadPolicy(fileURLToPath(new URL('policy.${format}', import.meta.url))))
${tests()}`
}

function tests(): string {
  return `expect.extend(matchers)

describe('the policy', () => {
  it('does what policy.md says', () => {
    expect(policy).toMatchMatrix(readFileSync(new URL('policy.md', import.meta.url), 'utf8'))
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
