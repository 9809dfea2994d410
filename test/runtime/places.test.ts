// What is wrong with a compiled file, and where: one thing at a time, each beside the nearest that is taken.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, PolicyError, type Policy } from 'casemate'
import { fromCompiled } from 'casemate/runtime'
import { checksumOf } from '../../src/compile/compiled-file.js'
import { toCompiled } from '../../src/policy/to-compiled.js'
import { formatPath } from '../../src/problems/path.js'
import { content, refused, taken, type Refused } from './places.js'
import { refusedWide, takenWide, wideContent } from './wide-places.js'
import { untraced } from '../support/untraced.js'

/** A content with another value at one place, as a file with the checksum that it then has. */
function fileWith(content: unknown, place: readonly string[], value: unknown): unknown {
  const changed = structuredClone({ content })
  const parent = place
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], changed) as object
  Reflect.set(parent, place.at(-1) ?? '', value)
  return { casemate: 2, checksum: checksumOf(JSON.stringify(changed.content)), content: changed.content }
}

const stepsOf = (place: string): string[] => ['content', ...(place === '' ? [] : place.split('/'))]

function problemsOf(file: unknown): unknown {
  try {
    untraced(() => fromCompiled(file))
    return []
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return error.problems.map(({ code, path, message }) => ({ code, path, message }))
  }
}

describe.each([
  ['a compiled file', content, refused, taken],
  ['one with containers, attributes and the rest', wideContent, refusedWide, takenWide]
])('%s with one thing wrong', (_, whole, wrong, right) => {
  it.each<Refused>(wrong)('is refused at its place: `%s` as %j', (place, value, what, where) => {
    const steps = stepsOf(place).map((step) => (/^\d+$/.test(step) ? Number(step) : step))
    const path = where ?? formatPath(steps)
    expect(problemsOf(fileWith(whole, stepsOf(place), value))).toEqual([
      { code: 'invalid_file', path, message: `${path}: ${what}` }
    ])
  })

  it.each<[place: string, value: unknown]>(right)(
    'is told apart from one with what may stand there: `%s` as %j',
    (place, value) => {
      expect(problemsOf(fileWith(whole, stepsOf(place), value))).toEqual([])
    }
  )
})

describe('what is no compiled file', () => {
  const file = fileWith(content, ['content'], content) as {
    casemate: number
    checksum: string
    content: object
  }
  const refusal = (path: string, what: string): unknown => [
    { code: 'invalid_file', path, message: `${path}: ${what}` }
  ]

  it('is told what it lacks: the version, a content that is data, and its checksum', () => {
    expect(problemsOf(file)).toEqual([])
    for (const other of [5, null, [], {}, { ...file, casemate: undefined }])
      expect(problemsOf(other)).toEqual(refusal('casemate', 'not a policy that `casemate compile` wrote'))
    for (const casemate of [0, 1, 3, null])
      expect(problemsOf({ ...file, casemate })).toEqual(
        refusal(
          'casemate',
          `compiled for version \`${casemate}\`, and this release reads version 2: make a new file with \`casemate compile\``
        )
      )
    for (const given of [1n, () => 1])
      expect(problemsOf({ ...file, content: given })).toEqual(refusal('content', 'not plain data'))
    for (const checksum of [undefined, '', 5, file.checksum.toUpperCase()])
      expect(problemsOf({ ...file, checksum })).toEqual(
        refusal('checksum', 'the content is not what was compiled: cut, or changed by hand')
      )
    for (const given of [undefined, null])
      expect(problemsOf({ ...file, content: given, checksum: checksumOf('null') })).toEqual(
        refusal('content', 'expected a record, not `null`')
      )
  })

  it('is refused at its content where that is nested too deep, however deep', () => {
    for (let depth = 500; depth <= 8_000; depth += 500) {
      const text = `${'['.repeat(depth)}${']'.repeat(depth)}`
      const deep: unknown = JSON.parse(text)
      const refused = problemsOf({ ...file, checksum: checksumOf(text), content: deep })
      expect([
        refusal('content', 'expected a record, not `[…]`'),
        refusal('content', 'not plain data')
      ]).toContainEqual(refused)
    }
  })
})

describe('a compiled file of a policy with roles that were added', () => {
  it('has those of the site at the site, and those of each organization there', () => {
    const role = { kind: 'site', grants: {} } as const
    const clerk = { kind: 'org', grants: {} } as const
    const policy = compile(parsePolicy({ name: 'p', resources: {} })).withRoles({ role })
    const placed = (one: Policy): unknown => {
      const { siteRoles, orgRoles } = toCompiled(one).content
      return [siteRoles, orgRoles]
    }
    expect(placed(policy)).toEqual([{ role }, {}])
    expect(placed(policy.withRoles({ clerk }, { org: 'o1' }))).toEqual([{ role }, { o1: { clerk } }])
  })
})
