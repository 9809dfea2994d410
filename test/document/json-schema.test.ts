// The JSON Schema that editors get says the same about a document's shape as the parser.
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import coder from '../../policies/coder/index.js'
import { parsePolicy, policyJsonSchema } from '../../src/document/index.js'
import { PolicyError } from '../../src/errors.js'
import { rolled, rollWorld, worldTape } from '../arbitraries/index.js'
import { fullPolicy } from '../fixtures/document/full.js'
import { changed, smallPolicy } from '../fixtures/document/small.js'
import { problemsOf } from '../support/problems.js'
import { fineChanges, fullCases } from './full-cases.js'

const schema = policyJsonSchema()
const accepts = new Ajv2020({ strict: true }).compile(schema)

describe('the JSON Schema', () => {
  it('is one of 2020-12, as plain data', () => {
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' })
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
  })

  it('has an id of its own, by which another schema can refer to it', () => {
    const ajv = new Ajv2020({ strict: true, schemas: [schema] })
    const list = ajv.compile({ type: 'array', items: { $ref: 'urn:casemate:policy' } })
    expect(list([coder, smallPolicy()])).toBe(true)
    expect(list([coder, changed('name', 7)])).toBe(false)
  })

  it('says of a wildcard what it means: in an allow all other resources, in a deny all resources', () => {
    const effects = effectsOf(schema)
    expect(effects.allow).toContain('every resource without a key of its own')
    expect(effects.deny).toContain('every resource, and adds to the keys of their own')
  })

  it.each<[string, unknown, boolean]>([
    ['*', '*', true],
    ['*', ['read'], true],
    ['*', { except: ['read'] }, true],
    ['*', [], true],
    ['*', 'read', false],
    ['*', true, false],
    ['*', { except: '*' }, false],
    ['*', {}, false],
    ['*', { only: ['read'] }, false],
    ['*', null, false],
    ['workspace', '*', true],
    ['workspace', { except: ['read'] }, true],
    ['workspace', '**', false]
  ])('in a deny as in an allow: %s: %j is one (%s)', (key, list, isShape) => {
    for (const effect of ['allow', 'deny']) {
      const document = changed(`roles/owner/grants/site/${effect}`, { [key]: list })
      expect(accepts(document)).toBe(isShape)
      if (isShape) expect(() => parsePolicy(document)).not.toThrow()
      else expect(() => parsePolicy(document)).toThrow(PolicyError)
    }
  })

  it('accepts what is a policy', () => {
    expect(accepts(coder)).toBe(true)
    expect(accepts(smallPolicy())).toBe(true)
    expect(accepts(fullPolicy())).toBe(true)
    for (const [what, path, value] of fineChanges)
      expect(accepts(changed(path, value, fullPolicy())), what).toBe(true)
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
    ['resources/workspace/actions/_read', ''],
    ['resources/workspace/actions/a..b', ''],
    [`resources/workspace/actions/${'a'.repeat(129)}`, ''],
    ['options/mode/values', undefined],
    ['options/exec/values/0', [true]],
    ['roles/owner/kind', 'sites'],
    ['roles/system:b', { kind: 'site' }],
    ['roles/a*b', { kind: 'site' }],
    ['roles/ a', { kind: 'site' }],
    ['roles/a ', { kind: 'site' }],
    ['roles/a + b', { kind: 'site' }],
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

  it('refuses what is written wrong with containers, attributes and the like, as far as it can', () => {
    // What is left to the parser: which containers there are, what differs in case alone, and which names are taken.
    const parserOnly =
      /grants\.proj|^(?:un)?assignPermissions|\.kind|case alone|combinations|not both|twice|names no/
    for (const [path, value, code, message] of fullCases) {
      const isShape = ['missing_key', 'unknown_key', 'invalid_type', 'invalid_name', 'invalid_value']
      if (isShape.includes(code) && !parserOnly.test(message))
        expect(accepts(changed(path, value, fullPolicy())), message).toBe(false)
    }
  })

  it('knows the kinds and levels of a policy without containers', () => {
    const grants = { project: {} }
    for (const [path, value] of [
      ['roles/owner/kind', 'project'],
      ['roles/owner/grants', grants],
      ['roles/owner/variants/0/grants', grants],
      ['assignPermissions', { project: 'workspace:read' }]
    ] as const) {
      const document = changed(path, value)
      expect(accepts(document), path).toBe(false)
      expect(codesOf(document)).not.toEqual([])
      expect(accepts(changed('containers', [{ name: 'project' }], document)), path).toBe(true)
    }
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

describe('a generated document with a defect', () => {
  const documents = rolled(worldTape, (dice) => rollWorld(dice).document)
  const defects = fc.oneof(
    fc.record({ kind: fc.constant('delete' as const) }),
    fc.record({
      kind: fc.constant('rename' as const),
      key: fc.constantFrom('x', '*', 'alow', 'Read', 'a:b')
    }),
    fc.record({ kind: fc.constant('replace' as const), value: fc.jsonValue({ maxDepth: 1 }) })
  )
  // What only a schema can refuse is a shape, a value of a closed list, or how a name is written.
  const shapes = new Set(['missing_key', 'unknown_key', 'invalid_type'])
  const written = new Set([...shapes, 'invalid_value', 'invalid_name'])

  it('has the shape for both or for neither', () => {
    fc.assert(
      fc.property(documents, defects, fc.nat(), (world, defect, at) => {
        const document: unknown = JSON.parse(JSON.stringify(world))
        const paths = everyPath(document)
        const path = paths[at % paths.length] ?? ''
        const broken = breakAt(document, path.split('/'), defect)
        const codes = codesOf(broken)
        const isShape = accepts(broken)
        if (codes.some((code) => shapes.has(code))) expect(isShape).toBe(false)
        if (!isShape) expect(codes.filter((code) => written.has(code))).not.toEqual([])
      })
    )
  })
})

type Defect =
  | { readonly kind: 'delete' }
  | { readonly kind: 'rename'; readonly key: string }
  | { readonly kind: 'replace'; readonly value: unknown }

function breakAt(value: unknown, [key = '', ...rest]: readonly string[], defect: Defect): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    return items.flatMap((item, index) => {
      if (String(index) !== key) return [item]
      if (rest.length > 0) return [breakAt(item, rest, defect)]
      return defect.kind === 'replace' ? [defect.value] : []
    })
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
      if (name !== key) return [[name, inner]]
      if (rest.length > 0) return [[name, breakAt(inner, rest, defect)]]
      if (defect.kind === 'delete') return []
      return defect.kind === 'rename' ? [[defect.key, inner]] : [[name, defect.value]]
    })
  )
}

function effectsOf(root: unknown): { readonly allow: unknown; readonly deny: unknown } {
  const defs: unknown = JSON.parse(JSON.stringify(root))
  const texts = new Map<string, unknown>()
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, inner] of Object.entries(node)) {
      const described: unknown = inner
      if ((key === 'allow' || key === 'deny') && typeof described === 'object' && described !== null)
        if ('description' in described) texts.set(key, described.description)
      walk(inner)
    }
  }
  walk(defs)
  return { allow: texts.get('allow'), deny: texts.get('deny') }
}

function codesOf(document: unknown): readonly string[] {
  return problemsOf(document).map(({ code }) => code)
}

function everyPath(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}/${key}`
    return [at, ...everyPath(inner, at)]
  })
}
