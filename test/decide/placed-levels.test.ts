// Every combination of what an organization and up to three containers say about an object that is in each of them or
// not: the first level that says something decides.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Policy } from 'casemate'

const kinds = ['project', 'folder', 'shelf']
/** What the two levels of a place say: that of everybody, and that of the owner. */
const sayings = ['nothing', 'allow', 'deny', 'own allow', 'own deny'] as const
type Saying = (typeof sayings)[number]

function policyWith(containers: readonly string[]): Policy {
  const rolesOf = (kind: string): readonly (readonly [string, object])[] =>
    sayings.map((saying) => {
      const [effect, level] = saying.startsWith('own ') ? [saying.slice(4), `${kind}Member`] : [saying, kind]
      const grants = saying === 'nothing' ? {} : { [level]: { [effect]: { doc: ['read'] } } }
      return [`${kind} ${saying}`, { kind, grants }]
    })
  return compile(
    parsePolicy({
      name: 'levels',
      containers: containers.map((name) => ({ name })),
      resources: {
        doc: { in: Object.fromEntries(containers.map((kind) => [kind, 'optional'])), actions: { read: '' } }
      },
      roles: {
        member: { kind: 'site', grants: { user: { allow: { doc: ['read'] } } } },
        ...Object.fromEntries(['org', ...containers].flatMap(rolesOf))
      }
    })
  )
}

/** Every list of as many of the values. */
function listsOf<T>(values: readonly T[], length: number): readonly (readonly T[])[] {
  if (length === 0) return [[]]
  return listsOf(values, length - 1).flatMap((list) => values.map((value) => [...list, value]))
}

function isAllowed(isIn: readonly boolean[], said: readonly Saying[], isOwner: boolean): boolean {
  for (const [i, saying] of said.entries()) {
    if (isIn[i] !== true || saying === 'nothing') continue
    if (!saying.startsWith('own ')) return saying === 'allow'
    if (isOwner) return saying === 'own allow'
  }
  return isOwner && !isIn.includes(true)
}

describe('the first level that says something decides', () => {
  it.each([1, 2, 3])('in an organization and in %s containers', (count) => {
    const containers = kinds.slice(0, count)
    const policy = policyWith(containers)
    const places = ['org', ...containers]
    for (const said of listsOf(sayings, places.length)) {
      const held = places.map((kind, i) => ({ role: `${kind} ${said[i]}`, [kind]: `${kind}-0001` }))
      const subject = policy.subject({ id: 'me', roles: ['member', ...held] as never })
      for (const isIn of listsOf([false, true], places.length))
        for (const owner of ['me', 'you']) {
          const inside = places.flatMap((kind, i) => (isIn[i] === true ? [[kind, `${kind}-0001`]] : []))
          const object = { type: 'doc', owner, ...(Object.fromEntries(inside) as Record<string, string>) }
          const expected = isAllowed(isIn, said, owner === 'me')
          if (subject.can('read', object) !== expected)
            expect.fail(`not ${expected} where ${said.join(', ')}: ${JSON.stringify(object)}`)
        }
    }
  })
})
