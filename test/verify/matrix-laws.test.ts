// Laws of matrices on generated policies, with containers, attributes and ACL settings: a written page holds, no cell of
// it can be flipped, and a cell says what enumerated objects say.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ObjectRef, Policy } from 'casemate'
import { compiledOf } from '../../src/compile/compile.js'
import type { PolicyData, ResourceDocument } from '../../src/document/types.js'
import { checkMatrix, matrixOf, matrixToMarkdown } from '../../src/verify/index.js'
import { rolled, rollWorldV2, worldTapeV2 } from '../arbitraries/index.js'
import { policyOf } from '../support/engine.js'
import { floor, runs } from '../support/depth.js'

const worlds = rolled(worldTapeV2, rollWorldV2)

describe('a written page of a generated policy', () => {
  it('holds, and fails in every cell that says the opposite', () => {
    let flipped = 0
    fc.assert(
      fc.property(worlds, (world) => {
        const policy = policyOf(world)
        const text = matrixToMarkdown(matrixOf(policy))
        const result = checkMatrix(policy, text)
        expect(result.problems.map(({ message }) => message)).toEqual([])
        expect(result.wrong).toBe(0)
        const turned = text.replace(/\| (yes|no) /g, (_, cell: string) =>
          cell === 'no' ? '| yes ' : '| no  '
        )
        for (const cell of checkMatrix(policy, turned).tables.flatMap(({ rows }) =>
          // A row for everyone else may be about nobody.
          rows.flatMap(({ cells, subjects }) => (subjects.length === 0 ? [] : cells))
        )) {
          if (!/^(?:yes|no)$/.test(cell.text)) continue
          expect(cell.ok, `${cell.permission} ${cell.text}`).toBe(false)
          flipped++
        }
      }),
      { numRuns: runs(16) }
    )
    expect(flipped).toBeGreaterThan(floor(100))
  })
})

type Data = Readonly<Record<string, unknown>>

const most = 1500

/** Objects of two users, two organizations and two containers of each kind, with every combination of attributes. */
function* objectsOf(document: PolicyData, type: string, action: string): Generator<Data> {
  const resource: ResourceDocument = document.resources[type] ?? { actions: {} }
  const places = (placement: unknown, ids: readonly unknown[]): unknown[] => [
    ...(placement === 'required' ? [] : [undefined]),
    ...(placement === 'never' ? [] : ids)
  ]
  const fields: [string, readonly unknown[]][] = [
    ['owner', [undefined, 'u1', 'u2']],
    ['org', [...places(resource.org ?? 'optional', ['o1', 'other', true])]],
    ...(document.containers ?? []).map(({ name }): [string, readonly unknown[]] => [
      name,
      places(resource.in?.[name] ?? 'never', [`${name}1`, 'other', [`${name}1`, 'other']])
    ]),
    ...Object.entries(resource.attributes ?? {}).map(([name, { values }]): [string, readonly unknown[]] => [
      name,
      values
    ]),
    [
      'acl',
      resource.acl !== undefined && resource.acl !== false
        ? [undefined, { users: { u1: [action] } }]
        : [undefined]
    ]
  ]
  const count = fields.reduce((product, [, values]) => product * values.length, 1)
  // Of very many objects some are enough.
  let step = Math.max(1, Math.floor(count / most))
  while (step > 1 && fields.some(([, { length }]) => length > 1 && step % length === 0)) step++
  for (let number = 0; number < count; number += step) {
    let rest = number
    const object: Record<string, unknown> = { type }
    for (const [name, values] of fields) {
      const value = values[rest % values.length]
      rest = Math.floor(rest / values.length)
      if (value === true && name === 'org') object['anyOrg'] = true
      else if (value !== undefined) object[name] = value
    }
    yield object
  }
}

/** Whether an object is of a relation that is written as its parts, told from the object alone. */
function isOf(parts: readonly string[], object: Data, kinds: readonly string[], belongs: boolean): boolean {
  const of = (value: unknown, own: string): string =>
    value === undefined ? 'no' : [value].flat().includes(own) ? 'own' : 'other'
  return (
    (object['acl'] !== undefined) === parts.includes('shared') &&
    parts.every((part) => {
      if (part === 'all' || part === 'shared') return true
      if (part === 'own' || part === 'other') {
        const isPlaced = parts.some((one) => one.includes(' ') && !one.includes('='))
        const isOutside = ['org', 'anyOrg', ...kinds].every((key) => object[key] === undefined)
        return (object['owner'] === 'u1') === (part === 'own') && (isPlaced || isOutside)
      }
      const [name, value] = part.split(' = ')
      if (value !== undefined) return String(object[name ?? '']) === value
      const [place, kind = ''] = part.split(' ')
      if (kind === 'org')
        return object['anyOrg'] === undefined && place === of(object['org'], belongs ? 'o1' : '')
      const isSomewhere =
        belongs || object['anyOrg'] === undefined || parts.some((one) => one.endsWith(' org'))
      return isSomewhere && place === of(object[kind], `${kind}1`)
    })
  )
}

describe('a cell', () => {
  it('says of a generated policy what every object says', () => {
    let compared = 0
    fc.assert(
      fc.property(worlds, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (world, dice) => {
        const policy: Policy = policyOf({ ...world, customRoles: { site: {}, orgs: {} } })
        const { document, catalogue } = compiledOf(policy)
        const kinds = (document.containers ?? []).map(({ name }) => name)
        let at = 0
        const pick = <T>(from: readonly T[]): T => from[(dice[at++ % dice.length] ?? 0) % from.length] as T
        const roles = Object.entries(document.roles ?? {}).filter(
          ([, { variants = [], includes = [] }]) => variants.length === 0 && includes.length === 0
        )
        for (const [role, { kind }] of roles) {
          const held = kind === 'site' ? role : { role, [kind]: kind === 'org' ? 'o1' : `${kind}1` }
          const subject = policy.subject({ id: 'u1', roles: [held] })
          for (let round = 0; round < 4; round++) {
            const { name: type, actions, attributes, acl } = pick([...catalogue.resources.values()])
            const action = pick([...actions.keys()])
            const parts = [
              ...pick([[], ['own'], ['other'], ['own org'], ['own', 'own org'], ['other org'], ['no org']]),
              ...kinds.flatMap((one) => pick([[], [], [`own ${one}`], [`other ${one}`], [`no ${one}`]])),
              ...attributes.flatMap(({ name, values }) =>
                pick([[], values.map((one) => `${name} = ${String(one)}`).slice(0, 1)])
              ),
              ...(acl ? pick([[], ['shared']]) : [])
            ]
            const relation = parts.length === 0 ? 'all' : parts.join(', ')
            const own = kind === 'site' || kind === 'org' ? '' : kind
            // The containers of kinds in which the subject holds nothing are all other ones.
            const objects = [...objectsOf(document, type, action)]
            const about = objects.filter((object) => {
              const seen = Object.fromEntries(
                Object.entries(object).map(([key, value]) =>
                  kinds.includes(key) && key !== own ? [key, 'other'] : [key, value]
                )
              )
              return isOf(parts, seen, kinds, kind === 'org')
            })
            const answers = new Set(
              about.map((object) => subject.can(action, object as unknown as ObjectRef))
            )
            for (const said of ['yes', 'no']) {
              const page = `# \`${type}\`\n\n| Subject | ${type}:${action} (${relation}) |\n|-|-|\n| \`${role}\` | ${said} |\n`
              const result = checkMatrix(policy, page)
              expect(result.problems.map(({ message }) => message)).toEqual([])
              const isEmpty = about.length === 0 && objects.length < most / 2
              const isTrue = said === 'yes' ? !answers.has(false) && !isEmpty : !answers.has(true)
              // What is enumerated is a part of all objects, so it can only refute.
              if (!isTrue) expect(result.ok, `${page} ${JSON.stringify([...answers])}`).toBe(false)
              else if (answers.size === 1 && result.wrong > 0) {
                const failure = result.tables[0]?.rows[0]?.cells[0]?.failure
                const shown = failure?.counterexample?.request.object
                expect(shown !== undefined || failure?.kind === 'no_object').toBe(true)
                if (shown !== undefined) expect(subject.can(action, shown)).toBe(said === 'no')
              }
              compared++
            }
          }
        }
      }),
      { numRuns: runs(20) }
    )
    expect(compared).toBeGreaterThan(floor(200))
  })
})
