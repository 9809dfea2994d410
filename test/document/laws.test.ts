// Laws of the policy document, over generated ones and over the real one.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import coder from '../../policies/coder/index.js'
import { formatPath, parsePolicy } from '../../src/document/index.js'
import { PolicyError } from '../../src/errors.js'
import { rolled, rollWorld, worldTape } from '../arbitraries/index.js'
import { problemsOf } from '../support/problems.js'

describe('a policy document', () => {
  const documents = rolled(worldTape, (dice) => rollWorld(dice).document)

  it('goes through JSON unchanged', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const text = JSON.stringify(document)
        expect(JSON.stringify(parsePolicy(JSON.parse(text)))).toBe(text)
      })
    )
  })

  it('is parsed or refused with problems, whatever the input: never another error', () => {
    const anything = fc.anything({ withMap: true, withDate: true, withNullPrototype: true, withBigInt: true })
    const almost = fc.record(
      {
        name: anything,
        resources: anything,
        roles: anything,
        scopes: anything,
        options: anything,
        lint: anything
      },
      { requiredKeys: [] }
    )
    fc.assert(
      fc.property(fc.oneof(anything, almost), (input) => {
        try {
          parsePolicy(input)
        } catch (error) {
          expect(error).toBeInstanceOf(PolicyError)
          expect(error instanceof PolicyError && error.problems.length).toBeGreaterThan(0)
        }
      })
    )
  })

  it('with any one part replaced by anything is parsed or refused', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.jsonValue({ maxDepth: 2 }), (document, at, value) => {
        const copy: unknown = JSON.parse(JSON.stringify(document))
        const places = placesIn(copy)
        const place = places[at % places.length]
        if (place !== undefined) put(place, value)
        try {
          parsePolicy(copy)
        } catch (error) {
          expect(error).toBeInstanceOf(PolicyError)
        }
      })
    )
  })
})

describe('a typo in the real policy', () => {
  const text = JSON.stringify(coder)
  const uses = placesIn(JSON.parse(text)).filter(isUse)

  it('has enough places to be made', () => {
    expect(uses.length).toBeGreaterThan(600)
  })

  it('names its path and the right name, wherever it is made', () => {
    fc.assert(
      fc.property(fc.nat(uses.length - 1), (index) => {
        const copy: unknown = JSON.parse(text)
        const place = placesIn(copy).filter(isUse)[index]
        if (place === undefined) return expect.unreachable()
        const { path, name, wrong } = mistype(place)
        const found = problemsOf(copy).find((problem) => problem.path === path)
        expect({ path, hint: found?.hint }).toEqual({ path, hint: name })
        expect(found?.message).toBe(`${path}: ${found?.message.slice(path.length + 2) ?? ''}`)
        expect(found?.message).toContain(`\`${wrong}\``)
      })
    )
  })
})

interface Place {
  readonly path: readonly (string | number)[]
  readonly holder: object
}

/** Every place in a value except its root. */
function placesIn(value: unknown, path: readonly (string | number)[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key]
    return [{ path: at, holder: value }, ...placesIn(inner, at)]
  })
}

function put({ path, holder }: Place, value: unknown): void {
  const property = { value, enumerable: true, configurable: true, writable: true }
  Object.defineProperty(holder, path.at(-1) ?? '', property)
}

/** Whether a place names a resource, an action, a role or a permission that is declared elsewhere. */
function isUse({ path, holder }: Place): boolean {
  const last = path.at(-1)
  if (last === '*') return false
  const inList =
    typeof last === 'number' && Array.isArray(holder) && /^\w+(-\w+)*(:\w+)?$/.test(String(holder[last]))
  const parent = path.at(-2)
  if (parent === 'allow' || parent === 'deny') return true
  const list = inList
    ? path.find((key) => ['allow', 'deny', 'assigns', 'publicScopes'].includes(String(key)))
    : undefined
  return list !== undefined && path[0] !== 'invariants'
}

/** Doubles the last letter of what is named there. */
function mistype({ path, holder }: Place): { path: string; name: string; wrong: string } {
  const last = path.at(-1) ?? ''
  const isItem = Array.isArray(holder)
  const name = isItem ? String(Reflect.get(holder, last)) : String(last)
  const wrong = name + name.slice(-1)
  const value: unknown = isItem ? wrong : Reflect.get(holder, last)
  const wrongPath = isItem ? path : [...path.slice(0, -1), wrong]
  if (!isItem) Reflect.deleteProperty(holder, last)
  put({ path: wrongPath, holder }, value)
  return { path: formatPath(wrongPath), name, wrong }
}
