// Ids are found by a few of their characters: those that are alike in them are told apart by all.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy } from 'casemate'

const policy = compile(
  parsePolicy({
    name: 'teams',
    containers: [{ name: 'team' }],
    resources: { page: { in: { team: 'optional' }, actions: { read: '' } } },
    roles: {
      reader: { kind: 'team', grants: { team: { allow: { page: ['read'] } } } },
      guest: { kind: 'team', grants: { team: { deny: { page: ['read'] } } } }
    }
  })
)

/** All of the same length, and equal at the end and at the seventh and eighth character. */
const idOf = (n: number): string =>
  `${String(n).padStart(6, '0')}-x-${String(n * 7).padStart(6, '0')}-same-end`

describe('places of any ids', () => {
  it.each([
    ['short', (n: number) => n.toString(36)],
    ['of eight characters', (n: number) => String(n * 104_729).padStart(8, '0')],
    [
      'long',
      (n: number) =>
        `${(n * 7919).toString(16).padStart(8, '0')}-${(n * 15_485_863).toString(16).padStart(10, '0')}`
    ]
  ])('are found, and no other: %s', (_, idAt) => {
    for (const count of [1, 2, 7, 40, 300]) {
      const roles = Array.from({ length: count }, (_, n) => ({ role: 'reader' as const, team: idAt(n) }))
      const subject = policy.subject({ id: 'me', roles })
      for (let round = 0; round < 2; round++)
        for (let n = 0; n < 2 * count + 20; n++)
          if (subject.can('read', { type: 'page', team: idAt(n) }) !== n < count) expect.unreachable(idAt(n))
    }
  })
})

describe('places whose ids are alike where an index looks', () => {
  it.each([1, 3, 40, 200])('are told apart, with roles held in %d of them', (count) => {
    const roles = Array.from({ length: count }, (_, n) => ({
      role: n % 2 === 0 ? ('reader' as const) : ('guest' as const),
      team: idOf(2 * n)
    }))
    const subject = policy.subject({ id: 'me', roles })
    // Often enough for an index to be made.
    for (let round = 0; round < 3; round++)
      for (let n = 0; n < 2 * count + 2; n++) {
        const isRead = n % 4 === 0 && n < 2 * count
        if (subject.can('read', { type: 'page', team: idOf(n) }) !== isRead) expect.unreachable(idOf(n))
      }
  })
})
