// The OpenAPI schemas: valid, saying what the policy says, and put into a document without a change to anything else.
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { compile, isCasemateError, parsePolicy, type Policy } from 'casemate'
import { tokenRequestParser } from 'casemate/scopes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as yaml from 'yaml'
import coderDocument from '../../policies/coder/index.js'
import { generateOpenApi, generateOpenApiInto, type DocumentFormat } from '../../src/generate/index.js'
import { componentNames, componentSchemas } from '../../src/generate/openapi/index.js'
import { hostilePolicy } from '../fixtures/hostile-policy.js'
import { runs } from '../support/depth.js'

const coder: Policy = compile(coderDocument)
const bare = compile(
  parsePolicy({
    name: 'bare',
    resources: { doc: { actions: { read: '' } }, file: { actions: { read: '' } } }
  })
)
const policies = {
  coder,
  bare,
  hostile: compile(hostilePolicy),
  empty: compile(parsePolicy({ name: 'empty', resources: {} }))
}
const settings = { maxLifetime: 2_592_000e9, defaultLifetime: 86_400e9 }
const formats: readonly DocumentFormat[] = ['yaml', 'json']

/** One for all, because it compiles the schema of OpenAPI. */
const validator = new Validator()

type Reading = Readonly<Record<string, unknown>>
const read = (text: string, format: DocumentFormat): Reading =>
  (format === 'json' ? JSON.parse(text) : yaml.parse(text)) as Reading
const into = (text: string, format: DocumentFormat, policy: Policy = coder): string =>
  generateOpenApiInto(policy, text, format, settings)

describe.each(Object.entries(policies))('the document of the policy %s', (_name, policy) => {
  it.each(formats)('is valid OpenAPI 3.1 as %s, and has the five schemas', async (format) => {
    const text = generateOpenApi(policy, format, settings)
    const document = read(text, format)
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: policy.name } })
    expect(document['components']).toEqual({ schemas: componentSchemas(policy, settings) })
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })

  it('has no word that a reader of YAML 1.1 takes for anything but text', () => {
    const text = generateOpenApi(policy, 'yaml', settings)
    expect(yaml.parse(text, { version: '1.1' })).toEqual(yaml.parse(text))
  })
})

describe('the enumerations', () => {
  const { RBACResource, RBACAction, APIKeyScope } = componentSchemas(coder, settings)

  it('are the resources with the wildcard first, and the actions', () => {
    const names = coder.resources.list().map(({ name }) => name)
    expect(RBACResource).toMatchObject({ enum: ['*', ...names.sort()] })
    const actions = new Set(coder.resources.list().flatMap((one) => one.actions.map(({ name }) => name)))
    expect(RBACAction).toMatchObject({ enum: [...actions].sort() })
  })

  it('are every scope, declared or not, and its aliases as deprecated', () => {
    const values = coder.scopes.list().map(({ name }) => name)
    expect(APIKeyScope).toMatchObject({
      anyOf: [
        { enum: expect.arrayContaining(values) as string[] },
        { const: 'all', deprecated: true },
        { const: 'application_connect', deprecated: true }
      ]
    })
    expect(values).toContain('boundary_log:*')
    const { enum: listed } = (APIKeyScope as unknown as { anyOf: [{ enum: string[] }] }).anyOf[0]
    expect([...listed].sort()).toEqual(values.sort())
    expect(componentSchemas(bare, settings).APIKeyScope).toEqual({
      description: expect.any(String) as string,
      type: 'string',
      enum: ['doc:*', 'doc:read', 'file:*', 'file:read']
    })
  })
})

const id = '00000000-0000-4000-a000-000000000041'

const validators = new Map<Policy, ValidateFunction>()

/** What the schema says of a body, as a server's validator would find it. */
function accepts(policy: Policy, body: unknown): boolean {
  const known = validators.get(policy)
  const validate = known ?? compileRequest(policy)
  validators.set(policy, validate)
  return validate(body)
}

function compileRequest(policy: Policy): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, strictRequired: false })
  ajv.addKeyword('components')
  ajv.addSchema({ $id: 'doc', components: { schemas: componentSchemas(policy, settings) } })
  return ajv.compile({ $ref: 'doc#/components/schemas/CreateTokenRequest' })
}

describe('the schema of a token request', () => {
  it.each<[string, unknown]>([
    ['nothing', {}],
    ['public scopes', { scopes: ['workspace:read', 'coder:all'] }],
    ['an alias', { scopes: ['all'], scope: 'application_connect' }],
    ['any text as `scope` beside `scopes`', { scopes: ['all'], scope: 'nope' }],
    ['entries in both forms', { allow_list: [`workspace:${id}`, '*:*', { type: 'template', id: '*' }] }],
    ['an id in capitals', { allow_list: [`workspace:${id.toUpperCase()}`] }],
    ['the longest lifetime', { lifetime: settings.maxLifetime }],
    ['the default lifetime', { lifetime: 0 }],
    ['the longest name', { token_name: 'a-'.repeat(15) + 'bc' }],
    ['the most entries', { allow_list: Array.from({ length: 128 }, () => '*:*') }]
  ])('takes %s', (_what, body) => {
    expect(accepts(coder, body)).toBe(true)
  })

  it.each<[string, unknown]>([
    ['a list', []],
    ['an unknown key', { scope_list: [] }],
    ['null in place of a value', { scopes: null }],
    ['no scopes', { scopes: [] }],
    ['an internal scope', { scopes: ['boundary_log:read'] }],
    ['an internal declared scope', { scopes: ['no_user_data'] }],
    ['an unknown scope', { scope: 'workspace:fly' }],
    ['`scope` as null beside `scopes`', { scopes: ['all'], scope: null }],
    ['no entries', { allow_list: [] }],
    ['too many entries', { allow_list: Array.from({ length: 129 }, () => '*:*') }],
    ['an entry without colon', { allow_list: ['workspace'] }],
    ['an entry of an unknown type', { allow_list: [`workspaces:${id}`] }],
    ['an entry of another id', { allow_list: ['workspace:w1'] }],
    ['an id that only begins like one', { allow_list: [`workspace:${id}\n`] }],
    ['a target without id', { allow_list: [{ type: 'workspace' }] }],
    ['a target with more', { allow_list: [{ type: 'workspace', id, org: 'o1' }] }],
    ['a target of an unknown type', { allow_list: [{ type: 'workspaces', id }] }],
    ['a negative lifetime', { lifetime: -1 }],
    ['a lifetime that is too long', { lifetime: settings.maxLifetime + 1 }],
    ['a lifetime in seconds', { lifetime: 86_400 }],
    ['half a nanosecond', { lifetime: 1.5 }],
    ['a lifetime as text', { lifetime: '1' }],
    ['an empty name', { token_name: '' }],
    ['a name that is too long', { token_name: 'a'.repeat(33) }],
    ['a name with two hyphens', { token_name: 'a--b' }],
    ['a name that ends in a hyphen', { token_name: 'a-' }]
  ])('refuses %s', (_what, body) => {
    expect(accepts(coder, body)).toBe(false)
  })

  it('agrees with the parser on `scopes` and `scope`', () => {
    const open = compile(parsePolicy({ ...bare.document, publicScopes: ['doc:read'] }))
    const names = ['doc:read', 'all', 'boundary_log:create', 'nope', '', null, 1]
    const scope = names.map((name) => ({ scope: name }))
    const scopes = [[], null, ...names.map((name) => [name])].map((list) => ({ scopes: list }))
    for (const policy of [coder, open]) {
      const parse = tokenRequestParser(policy, settings)
      for (const one of [{}, ...scope])
        for (const many of [{}, ...scopes]) {
          const body = { ...one, ...many }
          expect(accepts(policy, body), JSON.stringify(body)).toBe(parse(body).ok)
        }
    }
  })

  it('demands scopes where the policy has none by default', () => {
    const open = compile(parsePolicy({ ...bare.document, publicScopes: ['doc:read'] }))
    expect(accepts(open, {})).toBe(false)
    expect(accepts(open, { scope: 'doc:read' })).toBe(true)
    expect(accepts(open, { scope: 'doc:write' })).toBe(false)
    expect(accepts(open, { scopes: ['doc:read'], allow_list: ['doc:any id at all', 'doc:a:b\nc'] })).toBe(
      true
    )
    expect(accepts(open, { scopes: ['doc:*'] })).toBe(false)
    expect(accepts(open, { scopes: ['doc:read'], allow_list: ['doc:'] })).toBe(false)
    expect(accepts(bare, { scopes: ['doc:read'] })).toBe(false)
  })
})

/** A document in parts: what has to stay, and between these the values of schemas that are to be replaced. */
function compose(parts: readonly string[]): string {
  return parts.join('')
}

/** The result with the parts that had to stay taken out: what is left are the new values, one between any two. */
function replaced(result: string, stays: readonly string[]): string[] {
  let rest = result
  return stays.map((part, index) => {
    const at = index === 0 ? (rest.startsWith(part) ? 0 : -1) : rest.indexOf(part)
    expect(at, `lost or moved: ${JSON.stringify(part)}`).toBeGreaterThanOrEqual(0)
    const between = rest.slice(0, at)
    rest = rest.slice(at + part.length)
    if (index === stays.length - 1) expect(rest).toBe('')
    return between
  })
}

const styles: Record<string, { format: DocumentFormat; parts: string[] }> = {
  'block YAML with comments in every place': {
    format: 'yaml',
    parts: [
      '# head\n\nopenapi: "3.1.0"   # quoted\ninfo:   {title: \'T\', version: 1}\npaths: {}\ncomponents: # c\n  # before schemas\n  schemas:\n\n    # first\n    Zebra: {type: object} # z\n    RBACResource: # mine\n      # above\n      ',
      'type: string\n      enum:\n        - old # old',
      '\n      # below\n    # before the next\n    "RBACAction":',
      ' {type: string, enum: [x]}',
      "   # same line\n    'APIKeyScope':",
      ' # keep',
      '\n    CreateTokenRequest: &used\n      ',
      'type: object\n      description: |\n        long\n\n        text',
      '\n\n\n    APIAllowListTarget:',
      '',
      '\n\n    Other:\n      $ref: "#/components/schemas/Zebra"\n  responses: {}\n# tail\n'
    ]
  },
  'YAML with four columns a level and Windows line breaks': {
    format: 'yaml',
    parts: [
      'openapi: 3.1.0\r\ncomponents:\r\n    schemas:\r\n        RBACResource:\r\n            ',
      'type: string',
      '\r\n        Mine:\r\n            type: "object"\r\n        RBACAction:\r\n            ',
      'a: 1\r\n            b:\r\n            - 1',
      '\r\n        APIKeyScope:',
      ' null',
      '\r\n        APIAllowListTarget:',
      ' []',
      '\r\n        CreateTokenRequest:',
      ' x',
      '\r\nx-mine: [ 1,2 ]'
    ]
  },
  'indented JSON': {
    format: 'json',
    parts: [
      '{\n\t"openapi" : "3.1.0",\n\n\t"components": {\n\t\t"schemas": {\n\t\t\t"RBACResource": ',
      '{\n\t\t\t\t"type": "string"\n\t\t\t}',
      ',\n\t\t\t"Other": {"a":1, "a b":[ ]},\n\t\t\t"RBACAction":',
      '{}',
      ',\n\t\t\t"APIKeyScope" : ',
      'null',
      ' ,"APIAllowListTarget":',
      '[1]',
      ',\n\t\t\t"CreateTokenRequest":    ',
      'true',
      '\n\t\t}\n\t},\n\t"é": "\\u00e9\\/ \\ud83d\\ude00"\n}\n'
    ]
  },
  'JSON on one line': {
    format: 'json',
    parts: [
      '{"components":{"schemas":{"RBACAction":',
      '1',
      ',"RBACResource":',
      '2',
      ',"APIKeyScope":',
      '3',
      ',"APIAllowListTarget":',
      '4',
      ',"CreateTokenRequest":',
      '5',
      '}},"openapi":"3.1.0"}'
    ]
  },
  'YAML in braces': {
    format: 'yaml',
    parts: [
      'components: { schemas: { RBACAction: ',
      '1',
      ', RBACResource: ',
      '{a: b}',
      ', APIKeyScope: ',
      'x',
      ', APIAllowListTarget: ',
      '[ ]',
      ', CreateTokenRequest: ',
      "'5'",
      ', } } # end\n'
    ]
  }
}

describe.each(Object.entries(styles))('into %s', (_name, { format, parts }) => {
  const text = compose(parts)
  const stays = parts.filter((_part, index) => index % 2 === 0)
  const result = into(text, format)

  it('puts every schema where it was', () => {
    expect(read(result, format)['components']).toMatchObject({ schemas: componentSchemas(coder, settings) })
    const order = componentNames
      .map((name) => [text.search(`${name}['"]? ?:`), name] as const)
      .sort(([a], [b]) => a - b)
    const found = componentNames
      .map((name) => [result.search(`${name}['"]? ?:`), name] as const)
      .sort(([a], [b]) => a - b)
    expect(found.map(([, name]) => name)).toEqual(order.map(([, name]) => name))
  })

  it('leaves every other byte as it was', () => {
    const values = replaced(result, stays)
    expect(values.slice(1).every((value) => value.includes('string') || value.includes('object'))).toBe(true)
    const { components: schemas } = read(result, format)
    expect({ ...read(text, format), components: schemas }).toEqual(read(result, format))
  })

  it('changes nothing a second time, and only the values with another policy', () => {
    expect(into(result, format)).toBe(result)
    const other = into(result, format, bare)
    replaced(other, stays)
    expect(into(other, format)).toBe(result)
  })

  it('ends its lines as the document does', () => {
    const breaks = new Set(result.match(/\r?\n/g))
    expect([...breaks]).toEqual([...new Set(text.match(/\r?\n/g))])
  })
})

describe('into a document that lacks them', () => {
  it.each<[string, DocumentFormat, string, string]>([
    [
      'some',
      'yaml',
      'components:\n  schemas:\n    RBACAction:\n      type: x\n    A: {} # a\n      # of a\n    # of the map\n  links: {}\n',
      'components:\n  schemas:\n    RBACAction:\n      '
    ],
    [
      'all of them',
      'yaml',
      'components:\n  schemas:\n    A:\n      type: object',
      'components:\n  schemas:\n    A:\n      type: object\n    RBACResource:'
    ],
    [
      'schemas',
      'yaml',
      'a: 1\ncomponents:\n  links: {}\n# end\n',
      'a: 1\ncomponents:\n  links: {}\n  schemas:\n    RBACResource:'
    ],
    ['any schema', 'yaml', 'components:\n  schemas:\nz: 1\n', 'components:\n  schemas:\n    RBACResource:'],
    [
      'any schema',
      'yaml',
      'components:\n  schemas: {} # none\nz: 1\n',
      'components:\n  schemas:\n    RBACResource:'
    ],
    [
      'components',
      'yaml',
      '# only\nopenapi: 3.1.0\n\n# end\n',
      '# only\nopenapi: 3.1.0\ncomponents:\n  schemas:\n'
    ],
    [
      'components',
      'json',
      '{\n  "openapi": "3.1.0"\n}\n',
      '{\n  "openapi": "3.1.0",\n  "components": {\n    "schemas": {\n      "RBACResource": {'
    ],
    ['everything', 'json', '{}', '{"components":{"schemas":{"RBACResource":'],
    ['some', 'json', '{"components":{"schemas":{"A":1}}}', '{"components":{"schemas":{"A":1,"RBACResource":'],
    [
      'some',
      'json',
      '{\n "components": {\n  "schemas": {\n   "A": 1\n  }\n }\n}',
      '{\n "components": {\n  "schemas": {\n   "A": 1,\n   "RBACResource": {\n    "description"'
    ]
  ])('%s, adds these (%s)', (_what, format, text, start) => {
    const result = into(text, format)
    expect(result.slice(0, start.length)).toBe(start)
    expect(read(result, format)['components']).toMatchObject({ schemas: componentSchemas(coder, settings) })
    expect(into(result, format)).toBe(result)
    for (const line of text.match(/#.*|z: 1|links.*|"(?:A|openapi)":\s*[\w".]+/g) ?? [])
      expect(result).toContain(line)
  })

  it('keeps a byte order mark', () => {
    expect(into('\uFEFFa: 1\n', 'yaml').startsWith('\uFEFFa: 1\ncomponents:\n')).toBe(true)
  })
})

describe('a document that they do not fit into is refused, not damaged', () => {
  it.each<[string, DocumentFormat, string]>([
    ['a list', 'yaml', '- 1\n'],
    ['an empty text', 'yaml', ''],
    ['broken YAML', 'yaml', 'a: [1\n'],
    ['two documents', 'yaml', 'a: 1\n---\nb: 2\n'],
    ['a key that is there twice', 'yaml', 'components:\n  schemas:\n    RBACAction: 1\n    RBACAction: 2\n'],
    ['components that are a list', 'yaml', 'components: [1]\n'],
    ['schemas that are an alias', 'yaml', 'x: &x {A: 1}\ncomponents:\n  schemas: *x\n'],
    [
      'an anchor in a schema that something else uses',
      'yaml',
      'components:\n  schemas:\n    RBACAction:\n      type: &t string\n    A:\n      type: *t\n'
    ],
    [
      'an anchored schema that something else uses',
      'yaml',
      'components:\n  schemas:\n    RBACAction: &t\n      type: string\n    A: *t\n'
    ],
    ['YAML as JSON', 'json', 'a: 1\n'],
    ['broken JSON', 'json', '{"a": }']
  ])('%s', (_what, format, text) => {
    try {
      into(text, format)
      expect.unreachable()
    } catch (error) {
      expect(isCasemateError(error) && error.message).toContain('cannot put the schemas into this document')
    }
  })
})

describe('any document', () => {
  const name = fc.constantFrom(
    'A',
    'b',
    'on',
    'null',
    '1',
    '__proto__',
    'constructor',
    'a b',
    '*',
    '- x',
    'é',
    ...componentNames
  )
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>('text', 'a\nb\n', '', '# no comment', 'yes', 1, null, true, [], {}),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries))
    )
  })).value
  const schemas = fc.uniqueArray(fc.tuple(name, value), { maxLength: 8, selector: ([key]) => key })
  const around = fc.uniqueArray(fc.tuple(name, value), { maxLength: 3, selector: ([key]) => key })

  it('keeps everything else, in YAML and JSON, with comments between the lines', () => {
    const property = fc.property(
      around,
      schemas,
      around,
      fc.constantFrom<[DocumentFormat, (document: unknown) => string]>(
        ['json', (document) => JSON.stringify(document)],
        ['json', (document) => JSON.stringify(document, undefined, 3)],
        ['yaml', (document) => yaml.stringify(document)],
        ['yaml', (document) => yaml.stringify(document, { indent: 4, indentSeq: false, lineWidth: 20 })],
        [
          'yaml',
          (document) => yaml.stringify(document, { defaultStringType: 'QUOTE_DOUBLE', blockQuote: false })
        ],
        ['yaml', (document) => yaml.stringify(document, { collectionStyle: 'flow' })]
      ),
      (first, inner, last, [format, write]) => {
        const document: Reading = Object.fromEntries<unknown>([
          ...first,
          [
            'components',
            Object.fromEntries([
              ['links', 1],
              ['schemas', Object.fromEntries(inner)],
              ['z', 2]
            ])
          ],
          ...last.filter(([key]) => !first.some(([other]) => other === key))
        ])
        // Without shared parts, for which YAML would have anchors.
        const text = write(JSON.parse(JSON.stringify(document)) as unknown)
        const result = into(text, format, bare)
        const expected: Reading = Object.fromEntries(inner)
        for (const [key, schema] of Object.entries(componentSchemas(bare, settings)))
          Object.defineProperty(expected, key, { value: schema, enumerable: true, configurable: true })
        const components = Object.fromEntries<unknown>([
          ['links', 1],
          ['schemas', expected],
          ['z', 2]
        ])
        expect(JSON.stringify(read(result, format))).toBe(JSON.stringify({ ...document, components }))
        expect(into(result, format, bare)).toBe(result)
      }
    )
    fc.assert(property, { numRuns: runs(150) })
  })
})
