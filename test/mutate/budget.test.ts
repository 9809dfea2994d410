// More mutants than can be tried are refused before the first of them; fewer of the same policy are tried.
import { expect, it } from 'vitest'
import { compile, parsePolicy } from 'casemate'
import { mutate } from '../../src/mutate/index.js'
import { largeDocuments } from '../compile/large-documents.js'

it('refuses more mutants than can be tried before the first of them', () => {
  const [roles] = largeDocuments(0.2)
  if (roles === undefined) throw new Error('no large document')
  const policy = compile(parsePolicy(roles.document))
  let tried = 0
  const count = (): number => tried++
  expect(() => mutate(policy, [], { onProgress: count })).toThrow(
    expect.objectContaining({ code: 'too_many_cases' }) as Error
  )
  expect(tried).toBe(0)
  expect(mutate(policy, [], { max: 3, onProgress: count }).report?.possible).toBeGreaterThan(3)
  expect(tried).toBe(3)
})
