// Documents that make proofs large: what one permission tells apart is ranged over and nothing else, and what is still
// too much is an error with a code that names what makes it so.
import { describe, expect, it } from 'vitest'
import type { CasemateError } from 'casemate'
import { compile, isCasemateError, parsePolicy, type Policy } from 'casemate'
import { generateDocs } from '../../src/generate/docs/index.js'
import type { PolicyData } from '../../src/document/types.js'
import { runSuite, verify } from '../../src/verify/index.js'
import { mutate } from '../../src/mutate/index.js'
import { lint } from '../../src/lint/index.js'
import { matrixOf } from '../../src/verify/matrix/write/index.js'
import { largeDocuments } from './large-documents.js'

const policyOf = (document: unknown): Policy => compile(parsePolicy(document))

/** The refusal that a use throws; `undefined` where it answers. */
function refusalOf(use: () => unknown): CasemateError | undefined {
  try {
    use()
    return undefined
  } catch (error) {
    if (isCasemateError(error) && error.code === 'too_many_cases') return error
    throw error
  }
}

/** As many options, each read by one variant; `resourceOf` says what each is about. */
function withOptions(count: number, resourceOf: (index: number) => string): PolicyData {
  const numbers = Array.from({ length: count }, (_, index) => index)
  return {
    name: 'options',
    resources: Object.fromEntries(
      ['doc', ...numbers.map(resourceOf)].map((name) => [name, { actions: { read: '' } }])
    ),
    options: Object.fromEntries(
      numbers.map((index) => [`o${index}`, { values: [0, 1, 2, 3, 4], default: 0 }])
    ),
    roles: {
      reader: {
        kind: 'site',
        variants: numbers.map((index) => ({
          when: { [`o${index}`]: 1 },
          grants: { site: { allow: { [resourceOf(index)]: ['read'] } } }
        }))
      }
    },
    invariants: [
      { name: 'only readers read', permissions: ['doc:read'], only: ['reader'] },
      { name: 'readers read', permissions: ['doc:read'], always: ['reader'] }
    ]
  }
}

/** A template with as many flags, of which each changes what it lets through of one resource. */
function withFlags(count: number, resourceOf: (index: number) => string): PolicyData {
  const numbers = Array.from({ length: count }, (_, index) => index)
  return {
    name: 'flags',
    resources: Object.fromEntries(
      ['doc', ...numbers.map(resourceOf)].map((name) => [name, { actions: { read: '' } }])
    ),
    roles: { reader: { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } } },
    scopeTemplates: {
      agent: {
        params: Object.fromEntries(numbers.map((index) => [`f${index}`, 'flag'])),
        allow: { doc: ['read'] },
        variants: numbers.map((index) => ({
          when: { [`f${index}`]: true },
          allow: { [resourceOf(index)]: [] }
        }))
      }
    },
    invariants: [
      { name: 'agents of readers read', permissions: ['doc:read'], always: ['reader'], scope: 'agent' }
    ]
  }
}

describe('what a permission tells apart', () => {
  it('is proved under ten options of five values, of which one each matters', () => {
    const { invariants } = verify(policyOf(withOptions(10, () => 'doc')))
    expect(invariants.map(({ ok }) => ok)).toEqual([true, false])
    const { request, options } = invariants[1]!.counterexample!
    expect(request).toMatchObject({ subject: { roles: ['reader'] }, object: { type: 'doc' } })
    expect(new Set(Object.values(options))).toEqual(new Set([0]))
  })

  it('is refused where thirteen options change one permission, and names them', () => {
    const policy = policyOf(withOptions(13, () => 'doc'))
    for (const use of [verify, lint, (one: Policy) => runSuite(one, []), (one: Policy) => mutate(one, [])]) {
      const refusal = refusalOf(() => use(policy))
      expect(refusal?.message).toContain('role `reader` about `doc:read`: too many cases')
      expect(refusal?.value).toEqual(Array.from({ length: 13 }, (_, index) => `o${index}`))
    }
  })

  it('is not what other permissions tell apart: as many options of as many resources are proved', () => {
    const policy = policyOf(withOptions(13, (index) => (index === 0 ? 'doc' : `r${index}`)))
    expect(verify(policy).invariants.map(({ ok }) => ok)).toEqual([true, false])
    expect(refusalOf(() => lint(policy))).toBeUndefined()
  })

  it('is refused where eighteen flags of a template change one permission, and proved where they change others', () => {
    const refusal = refusalOf(() => verify(policyOf(withFlags(18, () => 'doc'))))
    expect(refusal?.message).toContain('scope template `agent` about `doc:read`: too many cases')
    const elsewhere = policyOf(withFlags(18, (index) => `r${index}`))
    expect(verify(elsewhere).invariants.map(({ ok }) => ok)).toEqual([true])
  })
})

describe('a large document', () => {
  it.each(largeDocuments(0.01))('$name: every use answers or refuses with a code', ({ document }) => {
    const policy = policyOf(document)
    const uses = [
      () => lint(policy),
      () => runSuite(policy, [], { coverage: true }),
      () => mutate(policy, [], { max: 5 }),
      () => matrixOf(policy),
      () => generateDocs(policy)
    ]
    for (const use of uses) refusalOf(use)
  })
})
