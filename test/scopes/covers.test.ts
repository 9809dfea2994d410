// When scopes cover others: by what they grant, now and later, never by their names.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { compile, parsePolicy } from '../../src/index.js'
import { covers } from '../../src/scopes/index.js'
import { asGiven, orFailure } from '../support/engine.js'
import { mintsPerWorld, worldsWithMints } from '../delegate/mint-cases.js'
import { modelSurplus } from '../delegate/mint-model.js'
import { policy, uuid } from './worlds.js'
import { least, runs } from '../support/depth.js'

const cases = runs(600, 100_000)

const oneDoc = (params: {
  doc: string
  write?: boolean
}): { template: 'one_doc'; params: typeof params } => ({
  template: 'one_doc',
  params
})

describe('a composite', () => {
  it('covers the low-level names that it expands to, and they together cover it', () => {
    expect(covers(policy, ['docs.edit'], ['doc:read', 'doc:write'])).toBe(true)
    expect(covers(policy, ['docs.edit'], ['doc:read', 'doc:delete'])).toBe(false)
    expect(covers(policy, ['doc:read', 'doc:write'], ['docs.edit'])).toBe(true)
    expect(covers(policy, ['doc:read'], ['docs.edit'])).toBe(false)
  })

  it('is the same by each of its names', () => {
    expect(covers(policy, ['all'], ['any', 'everything'])).toBe(true)
    expect(covers(policy, ['reader'], ['all'])).toBe(false)
  })
})

describe('a wildcard', () => {
  it('covers names, and is covered by a wildcard alone', () => {
    expect(covers(policy, ['doc:*'], ['doc:read', 'doc:write', 'doc:delete'])).toBe(true)
    expect(covers(policy, ['doc:read', 'doc:write', 'doc:delete'], ['doc:*'])).toBe(false)
    expect(covers(policy, ['everything'], ['doc:*', 'log:*', 'key:*'])).toBe(true)
    expect(covers(policy, ['key:rotate'], ['key:*'])).toBe(false)
  })

  it('with `except` is one too', () => {
    expect(covers(policy, ['doc:*'], ['docs.keep'])).toBe(true)
    expect(covers(policy, ['docs.edit'], ['docs.keep'])).toBe(false)
    expect(covers(policy, ['docs.keep'], ['docs.edit'])).toBe(true)
    expect(covers(policy, ['docs.keep', 'doc:delete'], ['doc:*'])).toBe(true)
  })

  it('as a key also means the resources added later', () => {
    expect(covers(policy, ['doc:*', 'log:*', 'key:*'], ['everything'])).toBe(false)
    expect(covers(policy, ['doc:*', 'log:*', 'key:*'], ['reader'])).toBe(false)
    expect(covers(policy, ['undocumented', 'doc:*'], ['everything'])).toBe(true)
    expect(covers(policy, ['undocumented'], ['everything'])).toBe(false)
    expect(covers(policy, ['reader'], ['reader', 'doc:read'])).toBe(true)
  })
})

describe('a template', () => {
  it('covers what its own list lets through', () => {
    expect(covers(policy, ['doc:read'], [oneDoc({ doc: uuid(1) })])).toBe(true)
    expect(covers(policy, ['doc:read'], [oneDoc({ doc: uuid(1), write: true })])).toBe(false)
    expect(covers(policy, [oneDoc({ doc: uuid(1) })], ['doc:read'])).toBe(false)
    expect(covers(policy, [oneDoc({ doc: uuid(1), write: true })], [oneDoc({ doc: uuid(1) })])).toBe(true)
    expect(covers(policy, [oneDoc({ doc: uuid(2), write: true })], [oneDoc({ doc: uuid(1) })])).toBe(false)
  })
})

describe('no scopes', () => {
  it('are covered by any, and cover none but themselves', () => {
    expect(covers(policy, [], [])).toBe(true)
    expect(covers(policy, ['doc:read'], [])).toBe(true)
    expect(covers(policy, [], ['doc:read'])).toBe(false)
  })
})

describe('what is no list of scopes', () => {
  it('is an error that says which of the two it is in', () => {
    const path = (held: unknown, requested: unknown): unknown => {
      try {
        return covers(policy, asGiven(held), asGiven(requested))
      } catch (error) {
        return (error as { path: string }).path
      }
    }
    expect(path(null, [])).toBe('held.scopes')
    expect(path([], undefined)).toBe('requested.scopes')
    expect(path(['doc:read', 'nope'], [])).toBe('held.scopes[1]')
    expect(path([], [{ template: 'one_doc', params: {} }])).toBe('requested.scopes[0].params.doc')
    expect(orFailure(() => covers(policy, asGiven(['nope']), []))).toEqual({ error: 'unknown_scope' })
  })
})

describe('in every world', () => {
  it('scopes cover exactly what every permission on every id says, in the catalogue as it is and as it may become', () => {
    const seen = { yes: 0, no: 0 }
    fc.assert(
      fc.property(worldsWithMints, ({ world, mints }) => {
        const compiled = compile(parsePolicy(world.document), { options: world.options })
        for (const { minter, key } of mints) {
          const held = minter[0]?.scopes ?? []
          const requested = key.scopes ?? []
          const expected = modelSurplus(world, [{ scopes: held }], { scopes: requested }).length === 0
          if (covers(compiled, asGiven(held), asGiven(requested)) !== expected)
            expect.unreachable(fc.stringify({ held, requested, expected }))
          seen[expected ? 'yes' : 'no']++
        }
      }),
      { numRuns: Math.ceil(cases / mintsPerWorld) }
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(least(cases / 20))
  })

  it('scopes cover themselves, fewer of them, and what those cover that they cover', () => {
    fc.assert(
      fc.property(worldsWithMints, ({ world, mints }) => {
        const compiled = compile(parsePolicy(world.document), { options: world.options })
        const lists = mints
          .flatMap(({ minter, key }) => [...minter, key].flatMap(({ scopes }) => scopes ?? []))
          .slice(0, 6)
        const does = (held: readonly unknown[], requested: readonly unknown[]): boolean =>
          covers(compiled, asGiven(held), asGiven(requested))
        expect(does(lists, lists)).toBe(true)
        for (const a of lists) {
          expect(does(lists, [a])).toBe(true)
          for (const b of lists)
            for (const c of lists) if (does([a], [b]) && does([b], [c])) expect(does([a], [c])).toBe(true)
        }
      }),
      { numRuns: Math.ceil(cases / mintsPerWorld) }
    )
  })
})
