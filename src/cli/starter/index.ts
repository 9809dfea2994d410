// The files that `casemate init` writes: a policy, its page of matrices, and a test of both for vitest.
import { pageText } from './page.js'
import { policyTexts, type PolicyFormat } from './policy.js'
import { testText } from './test.js'

export interface StarterFile {
  readonly name: string
  readonly text: string
}

export function starterFiles(format: PolicyFormat): readonly StarterFile[] {
  return [
    { name: `policy.${format}`, text: policyTexts[format] },
    { name: 'policy.md', text: pageText },
    { name: 'policy.test.ts', text: testText(format) }
  ]
}
