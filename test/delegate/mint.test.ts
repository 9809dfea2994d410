// Which keys somebody may mint: the rules one by one, each yes beside its nearest no, and then the theorem in worlds.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  compile,
  definePolicy,
  parsePolicy,
  type MintDecision,
  type MintExcess,
  type Policy,
  type Subject
} from '../../src/index.js'
import { asGiven, policyOf, subjectOf } from '../support/engine.js'
import { mintsPerWorld, worldsWithMints, worldsWithMintsV2, type Mint } from './mint-cases.js'
import { modelCanMint, modelSurplus, type Surplus } from './mint-model.js'
import { least, runs } from '../support/depth.js'

const cases = runs(1_200, 100_000)

const policy = compile(
  definePolicy({
    name: 'mint',
    resources: {
      doc: { actions: { read: '', write: '', delete: '' } },
      log: { actions: { read: '', create: '' } }
    },
    roles: { owner: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } },
    scopes: {
      everything: { allow: { '*': '*' }, aliases: ['all'] },
      reader: { allow: { '*': ['read'] } },
      'docs.edit': { allow: { doc: ['read', 'write'] } },
      'docs.keep': { allow: { doc: { except: ['delete'] } } }
    },
    scopeTemplates: {
      one_doc: { params: { doc: 'required' }, allow: { doc: '*' }, allowList: ['doc:{doc}'] }
    }
  })
)
const owner = policy.subject({ id: 'u1', roles: ['owner'] })
const oneDoc = (doc: string): ReturnType<typeof policy.scopes.template> =>
  policy.scopes.template('one_doc', { doc })

describe('a subject without a ceiling', () => {
  it('mints any key, also one without limits', () => {
    expect(owner.canMint({})).toBe(true)
    expect(owner.canMint({ scopes: ['all'] })).toBe(true)
    expect(owner.explainMint({ allowList: ['*:*'] })).toEqual({
      allowed: true,
      reason: 'within_ceiling',
      excess: []
    })
  })

  it('needs no role for it: what a key may do its owner may, and whether to mint is for the policy to say', () => {
    expect(policy.subject({ id: 'u2' }).canMint({ scopes: ['all'] })).toBe(true)
  })
})

describe('the scopes of a key', () => {
  const reader = owner.within({ scopes: ['reader'] })

  it('are within what the minter’s let through, and not what they are called', () => {
    expect(reader.canMint({ scopes: ['doc:read', 'log:read'] })).toBe(true)
    expect(reader.canMint({ scopes: ['doc:read', 'doc:write'] })).toBe(false)
    expect(owner.within({ scopes: ['doc:read', 'doc:write'] }).canMint({ scopes: ['docs.edit'] })).toBe(true)
    expect(owner.within({ scopes: ['doc:read'] }).canMint({ scopes: ['docs.edit'] })).toBe(false)
    expect(owner.within({ scopes: ['all'] }).canMint({ scopes: ['everything'] })).toBe(true)
  })

  it('with a wildcard need a wildcard, for the actions added later', () => {
    const list = owner.within({ scopes: ['doc:read', 'doc:write', 'doc:delete'] })
    expect(list.canMint({ scopes: ['doc:*'] })).toBe(false)
    expect(list.explainMint({ scopes: ['doc:*'] }).excess).toEqual([
      { reason: 'outside_scope', scope: 'doc:*', permissions: [], future: ['doc:*'], allowList: ['doc:*'] }
    ])
    expect(owner.within({ scopes: ['doc:*'] }).canMint({ scopes: ['doc:*', 'docs.keep'] })).toBe(true)
    expect(owner.within({ scopes: ['docs.keep'] }).canMint({ scopes: ['docs.edit'] })).toBe(true)
    expect(owner.within({ scopes: ['docs.keep', 'doc:delete'] }).canMint({ scopes: ['doc:*'] })).toBe(true)
    expect(owner.within({ scopes: ['docs.keep'] }).canMint({ scopes: ['doc:*'] })).toBe(false)
  })

  it('with the key `*` need that key, for the resources added later', () => {
    expect(reader.canMint({ scopes: ['reader'] })).toBe(true)
    expect(owner.within({ scopes: ['doc:*', 'log:*'] }).explainMint({ scopes: ['reader'] }).excess).toEqual([
      { reason: 'outside_scope', scope: 'reader', permissions: [], future: ['*:read'], allowList: ['*:*'] }
    ])
  })

  it('may be none: such a key can do nothing, and everybody may mint it', () => {
    expect(owner.within({ scopes: [] }).canMint({ scopes: [] })).toBe(true)
    expect(owner.within({ scopes: [] }).canMint({ scopes: ['doc:read'] })).toBe(false)
  })

  it('may be missing: then the key has every permission', () => {
    expect(reader.explainMint({ allowList: ['doc:d1'] }).excess).toEqual([
      {
        reason: 'outside_scope',
        permissions: ['doc:write', 'doc:delete'],
        future: ['doc:*'],
        allowList: ['doc:d1']
      }
    ])
    expect(owner.within({ scopes: ['all'] }).canMint({})).toBe(true)
    expect(reader.canMint({})).toBe(false)
  })
})

describe('the allow list of a key', () => {
  const one = owner.within({ allowList: ['doc:d1', '*:d2', 'log:*'] })

  it('is within the minter’s, id by id', () => {
    expect(one.canMint({ allowList: ['doc:d1', 'doc:d2', 'log:l1', 'log:*', '*:d2'] })).toBe(true)
    expect(one.canMint({ allowList: ['*:d1'] })).toBe(false)
    expect(one.canMint({ allowList: ['doc:D1'] })).toBe(false)
    expect(one.canMint({ allowList: [] })).toBe(true)
    expect(one.explainMint({ scopes: ['doc:read', 'log:*'], allowList: ['doc:d3', 'doc:d1'] })).toEqual({
      allowed: false,
      reason: 'exceeds_ceiling',
      excess: [
        {
          reason: 'outside_allow_list',
          scope: 'doc:read',
          permissions: ['doc:read'],
          future: [],
          allowList: ['doc:d3']
        }
      ]
    })
  })

  it('may be missing: then the key reaches every object, those without id too', () => {
    expect(one.canMint({ scopes: ['log:read'] })).toBe(true)
    expect(one.explainMint({ scopes: ['doc:read'] }).excess).toMatchObject([{ allowList: ['doc:*'] }])
    expect(owner.within({ allowList: ['*:*'] }).canMint({})).toBe(true)
  })

  it('may be a template’s own', () => {
    const docs = owner.within({ scopes: ['doc:*'], allowList: ['doc:d1'] })
    expect(docs.canMint({ scopes: [oneDoc('d1')] })).toBe(true)
    expect(docs.explainMint({ scopes: [oneDoc('d2')] }).excess).toMatchObject([
      { reason: 'outside_allow_list', scope: 'one_doc', allowList: ['doc:d2'] }
    ])
    const agent = owner.within({ scopes: [oneDoc('d1'), 'doc:read'] })
    expect(agent.canMint({ scopes: ['doc:write'], allowList: ['doc:d1'] })).toBe(true)
    expect(agent.canMint({ scopes: ['doc:write'] })).toBe(false)
    expect(agent.canMint({ scopes: ['doc:read'] })).toBe(true)
  })
})

describe('ceilings laid one on another', () => {
  it('must all let it through', () => {
    const both = owner.within({ scopes: ['doc:*'] }).within({ scopes: ['reader'], allowList: ['*:d1'] })
    expect(both.canMint({ scopes: ['doc:read'], allowList: ['doc:d1'] })).toBe(true)
    expect(both.canMint({ scopes: ['doc:write'], allowList: ['doc:d1'] })).toBe(false)
    expect(both.canMint({ scopes: ['log:read'], allowList: ['log:d1'] })).toBe(false)
    expect(both.canMint({ scopes: ['doc:read'] })).toBe(false)
  })
})

describe('a malformed key', () => {
  const bad = (key: unknown): unknown => {
    try {
      return owner.canMint(asGiven(key))
    } catch (error) {
      const { code, path, message } = error as { code: string; path: string; message: string }
      return { code, path, message }
    }
  }

  it('is an error and never a refusal, also where the minter has no ceiling', () => {
    expect(bad({ scopes: null })).toEqual({
      code: 'invalid_request',
      path: 'key.scopes',
      message: 'key.scopes: expected a list of scopes, not `null`'
    })
    expect(bad({ scopes: undefined, allowList: ['*:*'] })).toMatchObject({ path: 'key.scopes' })
    expect(bad({ allowList: undefined })).toMatchObject({ path: 'key.allowList' })
    expect(bad({ scope: ['all'] })).toEqual({
      code: 'invalid_request',
      path: 'key.scope',
      message: 'key.scope: unknown key `scope`; did you mean `scopes`?'
    })
    expect(bad({ scopes: ['doc:raed'] })).toMatchObject({ code: 'unknown_scope', path: 'key.scopes[0]' })
    expect(bad({ allowList: ['docs:*'] })).toMatchObject({
      code: 'invalid_allow_list_entry',
      path: 'key.allowList[0]'
    })
    expect(bad(undefined)).toMatchObject({ code: 'invalid_request', path: 'key' })
    expect(bad([])).toMatchObject({ code: 'invalid_request', path: 'key' })
  })
})

describe('in every world', () => {
  const seen = { allowed: 0, refused: 0, future: 0 }

  it('a key may be minted exactly if all that it lets through, its minter’s ceilings let through', () => {
    fc.assert(
      fc.property(worldsWithMints, ({ world, mints }) => {
        const compiled = compile(parsePolicy(world.document), { options: world.options })
        for (const mint of mints) {
          const surplus = modelSurplus(world, mint.minter, mint.key)
          const decision = decide(compiled, mint)
          const about = { mint, surplus, decision }
          expect({ about, allowed: decision.allowed }).toEqual({ about, allowed: surplus.length === 0 })
          expect(compiledMinter(compiled, mint).canMint(asGiven(mint.key))).toBe(decision.allowed)
          expect({ about, excess: told(decision.excess) }).toEqual({ about, excess: needed(surplus) })
          if (decision.allowed) seen.allowed++
          else seen.refused++
          if (decision.excess.some(({ future }) => future.length > 0)) seen.future++
        }
      }),
      { numRuns: Math.ceil(cases / mintsPerWorld) }
    )
    // Both answers, and refusals for the sake of what is added later, must be common.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(least(cases / 20))
  })

  it('a key may be minted as the oracle says, in worlds of all kinds', () => {
    const answers = { yes: 0, no: 0 }
    fc.assert(
      fc.property(worldsWithMintsV2, ({ world, mints }) => {
        const compiled = compile(parsePolicy(world.document), { options: world.options })
        for (const mint of mints) {
          const { allowed } = decide(compiled, mint)
          expect(allowed, fc.stringify({ mint, world })).toBe(modelCanMint(world, mint.minter, mint.key))
          answers[allowed ? 'yes' : 'no']++
        }
      }),
      { numRuns: Math.ceil(cases / 2 / mintsPerWorld) }
    )
    for (const count of Object.values(answers)) expect(count).toBeGreaterThan(least(cases / 20))
  })

  it('whatever a minted key may do, its minter may do', () => {
    let allowed = 0
    fc.assert(
      fc.property(worldsWithMints, ({ world, mints }) => {
        const compiled = policyOf(world)
        for (const { minter, key, user, questions } of mints) {
          const holder = subjectOf(compiled, { subject: user, within: minter })
          if (!holder.canMint(asGiven(key))) continue
          const within = Object.keys(key).length === 0 ? [] : [key]
          const subject = subjectOf(compiled, { subject: user, within })
          for (const { action, object } of questions) {
            if (!subject.can(asGiven(action), asGiven(object))) continue
            allowed++
            if (!holder.can(asGiven(action), asGiven(object)))
              expect.unreachable(fc.stringify({ key, action, object }))
          }
        }
      }),
      { numRuns: Math.ceil(cases / mintsPerWorld) }
    )
    expect(allowed).toBeGreaterThan(least(cases / 20))
  })
})

function compiledMinter(compiled: Policy, { minter }: Mint): Subject {
  return minter.reduce<Subject>(
    (subject, ceiling) => subject.within(asGiven(ceiling)),
    compiled.subject({ id: 'u1' })
  )
}

function decide(compiled: Policy, mint: Mint): MintDecision {
  return compiledMinter(compiled, mint).explainMint(asGiven(mint.key))
}

/** What an answer says exceeds: today's permissions on their objects, and for those added later only that there are any. */
function told(excess: readonly MintExcess[]): { today: string[]; hasFuture: boolean } {
  const today = excess.flatMap(({ permissions, allowList }) =>
    permissions.flatMap((permission) => allowList.map((entry) => `${permission} ${entry}`))
  )
  return { today: withoutCovered(today), hasFuture: excess.some(({ future }) => future.length > 0) }
}

/** The same from the oracle. */
function needed(surplus: readonly Surplus[]): { today: string[]; hasFuture: boolean } {
  const isKnown = (one: Surplus): boolean =>
    one.isToday || surplus.some((other) => other.isToday && isSame(one, other))
  const today = surplus.filter(({ isToday }) => isToday)
  const entries = today.map(({ type, action, id }) => `${type}:${action} ${type}:${id ?? '*'}`)
  return { today: withoutCovered(entries), hasFuture: surplus.some((one) => !isKnown(one)) }
}

/** Each once and in order; where an object without id exceeds, its entry `type:*` stands for all others too. */
function withoutCovered(entries: readonly string[]): string[] {
  const all = new Set(entries)
  return [...all]
    .filter((entry) => entry.endsWith(':*') || !all.has(entry.replace(/ ([^:]*):[^]*$/, ' $1:*')))
    .sort()
}

function isSame(a: Surplus, b: Surplus): boolean {
  return a.type === b.type && a.action === b.action && a.id === b.id
}
