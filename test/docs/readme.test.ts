// The README is for five minutes. That its blocks, commands and links are right is shown in docs.test.ts.
import { describe, expect, it } from 'vitest'
import { blocksOf, textOf } from '../support/pages.js'

describe('the README', () => {
  it('has fewer than 900 words', () => {
    expect(textOf('README.md').split(/\s+/).length).toBeLessThan(900)
  })

  it('shows one allow and one deny in a block that needs nothing but the package', () => {
    const [block = '', ...more] = blocksOf('README.md').flatMap(({ language, code }) =>
      language === 'ts' ? [code] : []
    )
    expect(more).toEqual([])
    expect([...block.matchAll(/from '(.+)'/g)].map(([, from]) => from)).toEqual(['casemate'])
    expect(block).toContain('allow:')
    expect(block).toContain('deny:')
  })

  it('ends with the two commands of a clone', () => {
    const commands = blocksOf('README.md').flatMap(({ language, code }) =>
      language === 'sh' ? [code.trim()] : []
    )
    expect(commands.slice(-2)).toEqual(['npm ci && npm start', 'npm test'])
  })

  it('shows the documented table of the policy that ships', () => {
    const [table = ''] = /^\| Subject [^]*?\n\n/m.exec(textOf('README.md')) ?? []
    expect(textOf('policies/coder/boundary_log.md')).toContain(table)
  })
})
