// The decisions spell the order of levels out for speed; this holds them, for every combination of votes, to the one
// list of levels that everything else reads.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Grants, type Level } from 'casemate'
import { levelBits, levels, levelsTo, voteBit } from '../../src/levels.js'
import type { FixedLevel } from '../../src/types.js'

/** An object whose narrowest level this is to `ada`, who holds the role in `o1`. */
const objects: Readonly<Record<Level, object>> = {
  site: { org: 'o2', owner: 'ada' },
  org: { org: 'o1', owner: 'eve' },
  orgMember: { org: 'o1', owner: 'ada' },
  user: { owner: 'ada' }
}

function grantsOf(byte: number): Grants {
  const allow = { note: ['read'] }
  return Object.fromEntries(
    levels.map((level) => [
      level,
      {
        ...((byte & levelBits[level].allow) === 0 ? {} : { allow }),
        ...((byte & levelBits[level].deny) === 0 ? {} : { deny: allow })
      }
    ])
  )
}

/** The first level on the way to an object's own that does not abstain. */
function decides(
  byte: number,
  level: FixedLevel
): { readonly allowed: boolean; readonly level: Level | undefined } {
  const first = levelsTo[level].find((one) => voteBit(byte, one) !== 0)
  const allowed = first !== undefined && voteBit(byte, first) === levelBits[first].allow
  return { allowed, level: first }
}

describe('the order of levels', () => {
  it('is the same in decisions, in explanations and in the list, for all 256 bytes of votes', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte)
    const policy = compile(
      parsePolicy({
        name: 'notes',
        resources: { note: { actions: { read: 'Read' } } },
        roles: Object.fromEntries(bytes.map((byte) => [`r${byte}`, { kind: 'org', grants: grantsOf(byte) }]))
      })
    )
    for (const byte of bytes) {
      const subject = policy.subject({ id: 'ada', roles: [{ role: `r${byte}`, org: 'o1' }] })
      for (const level of levels) {
        const object = { type: 'note', ...objects[level] }
        const expected = decides(byte, level)
        expect([byte, level, subject.can('read', object)]).toEqual([byte, level, expected.allowed])
        expect([byte, level, subject.explain('read', object).level]).toEqual([byte, level, expected.level])
      }
    }
  })
})
