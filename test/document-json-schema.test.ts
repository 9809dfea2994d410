// The JSON Schema that editors get says the same about a document's shape as the parser.
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import coder from '../policies/coder/index.js'
import { parsePolicy, policyJsonSchema } from '../src/document/index.js'
import { PolicyError } from '../src/errors.js'
import { rolled, rollWorld, worldTape } from './arbitraries/index.js'
import { changed, smallPolicy } from './fixtures/document/small.js'

const schema = policyJsonSchema()
const accepts = new Ajv2020({ strict: true, strictTypes: false }).compile(schema)

describe('the JSON Schema', () => {
  it('is one of 2020-12, as plain data', () => {
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' })
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
  })

  it('accepts what is a policy', () => {
    expect(accepts(coder)).toBe(true)
    expect(accepts(smallPolicy())).toBe(true)
    const documents = rolled(worldTape, (dice) => rollWorld(dice).document)
    fc.assert(
      fc.property(documents, (document) => {
        expect(accepts(JSON.parse(JSON.stringify(document)))).toBe(true)
      })
    )
  })

  it.each<[string, unknown]>([
    ['name', undefined],
    ['name', 7],
    ['ids', 'uid'],
    ['role', {}],
    ['resources', undefined],
    ['resources/workspace/acll', true],
    ['resources/workspace/org', 'require'],
    ['resources/workspace/actions', undefined],
    ['resources/workspace/actions/read', null],
    ['resources/workspace/actions/Read', ''],
    ['options/mode/values', undefined],
    ['options/exec/values/0', [true]],
    ['roles/owner/kind', 'sites'],
    ['roles/a:b', { kind: 'site' }],
    ['roles/owner/grants/sites', {}],
    ['roles/owner/grants/site/alow', {}],
    ['roles/owner/grants/site/allow/workspace', 'read'],
    ['roles/owner/grants/site/allow/workspace', { except: [3] }],
    ['roles/owner/grants/site/allow/workspace', { except: [], only: [] }],
    ['roles/owner/variants/1/grants', undefined],
    ['systemSubjects/purge/grants/org', {}],
    ['scopes/app:all/allow', undefined],
    ['scopeTemplates/agent/params/taskId', 'maybe'],
    ['invariants/0/acl', true],
    ['lint/ignore/0/reason', undefined]
  ])('refuses %s = %j, as the parser does', (path, value) => {
    const document = changed(path, value)
    expect(accepts(document)).toBe(false)
    expect(() => parsePolicy(document)).toThrow(PolicyError)
  })

  it('refuses every wrong shape that the parser refuses, and nothing that the parser accepts', () => {
    // Of what names mean a schema knows nothing.
    const shapeCodes = new Set(['missing_key', 'unknown_key', 'invalid_type'])
    const paths = everyPath(smallPolicy())
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 1 }), (path, value) => {
        const document = changed(path, value)
        const codes = codesOf(document)
        if (codes.some((code) => shapeCodes.has(code))) expect(accepts(document)).toBe(false)
        if (codes.length === 0) expect(accepts(document)).toBe(true)
      })
    )
  })
})

function codesOf(document: unknown): readonly string[] {
  try {
    parsePolicy(document)
  } catch (error) {
    if (error instanceof PolicyError) return error.problems.map(({ code }) => code)
    throw error
  }
  return []
}

function everyPath(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}/${key}`
    return [at, ...everyPath(inner, at)]
  })
}
