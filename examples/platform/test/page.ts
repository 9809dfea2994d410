// What the page of the Users API says, as facts: each request with its parameters and statuses, the keys of its examples
// with the types of their values, and the tables of its schemas.
import { readFileSync } from 'node:fs'

/** A type, or what an object or the elements of a list are. */
export type Shape = string | readonly [Shape] | { readonly [key: string]: Shape }

export interface PageRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly parameters: readonly {
    readonly name: string
    readonly in: 'path' | 'query' | 'body'
    readonly type: string
    readonly required: boolean
  }[]
  readonly statuses: readonly number[]
  readonly body?: Shape
  readonly answer?: { readonly status: number; readonly shape: Shape }
  /** The rows of a response's own table; `»` stands for each level. */
  readonly fields?: Readonly<Record<string, { readonly type: string; readonly required: boolean }>>
  readonly enumerations?: Readonly<Record<string, readonly string[]>>
}

export const requests = JSON.parse(
  readFileSync(new URL('page.json', import.meta.url), 'utf8')
) as readonly PageRequest[]

const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/
const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  uuid: (value) => typeof value === 'string' && isUuid.test(value),
  uri: (value) => typeof value === 'string' && URL.canParse(value),
  email: (value) => typeof value === 'string' && /^[^@\s]+@[^@\s]+$/.test(value),
  'date-time': (value) => typeof value === 'string' && isDate.test(value) && !Number.isNaN(Date.parse(value))
}

/** Each key of a shape that a value lacks, or has with another type. */
export function faultsIn(value: unknown, shape: Shape, path = 'answer'): string[] {
  if (typeof shape === 'string')
    return types[shape]?.(value) === true ? [] : [`${path}: ${JSON.stringify(value)} is no ${shape}`]
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${path}: no list`]
    return value.flatMap((element: unknown, i) => faultsIn(element, shape[0], `${path}[${i}]`))
  }
  if (typeof value !== 'object' || value === null) return [`${path}: no object`]
  return Object.entries(shape).flatMap(([key, inner]) =>
    Object.hasOwn(value, key)
      ? faultsIn((value as Readonly<Record<string, unknown>>)[key], inner, `${path}.${key}`)
      : [`${path}.${key}: missing`]
  )
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape)
}
