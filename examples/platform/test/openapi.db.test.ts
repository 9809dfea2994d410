// The served document says of each request of the page what the page says: its parameters, its statuses, and of a
// response's table the types and which keys are required. Our enumerations are those of the page.
import { Validator } from '@seriousme/openapi-schema-validator'
import { beforeAll, describe, expect, it } from 'vitest'
import { policy } from '../src/policy.js'
import { requests, type PageRequest, type Shape } from './page.js'
import { withService } from './service.js'

/** What is read of a JSON Schema. */
interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

interface Operation {
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}
type Content = Readonly<Record<'application/json', { readonly schema: Schema }>>

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

let served: Document
beforeAll(async () => {
  await withService(async ({ url }) => {
    served = (await (await fetch(`${url}/openapi.json`)).json()) as Document
  })
})

it('is an OpenAPI document without faults', async () => {
  expect(await new Validator().validate({ ...structuredClone(served) })).toEqual({ valid: true })
})

it('has the requests of the page, signing in with a password, and boundary logs', () => {
  const own = Object.entries(served.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
  )
  const page = requests.map(({ method, path }) => `${method} ${path}`)
  expect(own.filter((name) => !page.includes(name)).sort()).toEqual([
    'DELETE /api/v2/boundary-logs',
    'GET /api/v2/boundary-logs',
    'GET /api/v2/boundary-logs/{id}',
    'POST /api/v2/agents/{agent}/boundary-logs',
    'POST /api/v2/users/login'
  ])
  expect(page.filter((name) => !own.includes(name))).toEqual([])
})

describe.each(requests)('$method $path', (request) => {
  it('has the parameters of the page', () => {
    const { parameters = [], requestBody } = operationOf(request)
    expect([
      ...parameters.map(({ name, in: where, required, schema }) => ({
        name,
        in: where,
        // The page says `string(string)` of a string.
        type: schema.format === undefined ? schema.type : `${schema.type ?? ''}(${schema.format})`,
        required
      })),
      ...(requestBody === undefined ? [] : [{ name: 'body', in: 'body', required: requestBody.required }])
    ]).toEqual(
      request.parameters.map(({ name, in: where, required, type }) => ({
        name,
        in: where,
        ...(where === 'body' ? {} : { type: type.replace('string(string)', 'string') }),
        required
      }))
    )
  })

  it('has the statuses of the page, with the keys of its examples', () => {
    const { responses, requestBody } = operationOf(request)
    expect(Object.keys(responses).map(Number)).toEqual(expect.arrayContaining([...request.statuses]))
    if (request.answer !== undefined) {
      const { content } = responses[request.answer.status] ?? {}
      expect(missingIn(content?.['application/json'].schema, request.answer.shape)).toEqual([])
    }
    if (request.body !== undefined)
      expect(missingIn(requestBody?.content['application/json'].schema, request.body)).toEqual([])
  })
})

describe.each(requests.filter(({ fields }) => fields !== undefined))(
  'the table of $method $path',
  (request) => {
    it('is what the answer has, and requires', () => {
      const { responses } = operationOf(request)
      const element = resolve(resolve(responses[200]?.content?.['application/json'].schema).items)
      const { properties = {}, required = [] } = element
      const rows = Object.entries(request.fields ?? {}).filter(([name]) => /^» /.test(name))
      expect(Object.keys(properties).sort()).toEqual(rows.map(([name]) => name.slice(2)).sort())
      for (const [name, { type, required: isRequired }] of rows) {
        const property = resolve(properties[name.slice(2)])
        expect([name, required.includes(name.slice(2))]).toEqual([name, isRequired])
        if (!type.startsWith('codersdk.'))
          expect([
            name,
            property.format === undefined ? property.type : `${property.type ?? ''}(${property.format})`
          ]).toEqual([name, type])
      }
    })
  }
)

it('has the resource types, the ways to sign in and the old scopes of the page', () => {
  const enumerations = requests.find(({ enumerations }) => enumerations !== undefined)?.enumerations ?? {}
  const { RBACResource, APIKey, APIKeyScope } = served.components.schemas
  expect([...(RBACResource?.enum ?? [])].sort()).toEqual([...(enumerations['type'] ?? [])].sort())
  expect(resolve(APIKey?.properties?.['login_type']).enum).toEqual(enumerations['login_type'])
  expect(resolve(APIKey?.properties?.['scope']).enum).toEqual(enumerations['scope'])
  const names = policy.scopes.list().flatMap(({ name, aliases }) => [name, ...aliases])
  expect(APIKeyScope?.enum).toEqual(names)
  expect(names).toEqual(expect.arrayContaining(['boundary_log:*', 'boundary_log:create', 'all']))
})

function operationOf({ method, path }: PageRequest): Operation {
  const operation = served.paths[path]?.[method.toLowerCase()]
  if (operation === undefined) throw new Error(`there is no ${method} ${path}`)
  return operation
}

/** What a schema refers to; of several, the one for objects. */
function resolve({ $ref, anyOf, ...schema }: Schema = {}): Schema {
  if ($ref !== undefined)
    return resolve(served.components.schemas[$ref.slice('#/components/schemas/'.length)])
  return anyOf === undefined ? schema : resolve(anyOf.find(({ type }) => type === 'object'))
}

/** The keys of an example that a schema does not have. */
function missingIn(given: Schema | undefined, shape: Shape, path = ''): string[] {
  const schema = resolve(given)
  if (typeof shape === 'string') return []
  if (Array.isArray(shape)) return missingIn(schema.items, (shape as readonly [Shape])[0], `${path}[]`)
  return Object.entries(shape as Readonly<Record<string, Shape>>).flatMap(([key, inner]) =>
    schema.properties?.[key] === undefined
      ? schema.type === 'object' && schema.properties === undefined
        ? []
        : [`${path}.${key}`]
      : missingIn(schema.properties[key], inner, `${path}.${key}`)
  )
}
