// From the path of a request to what it asks, and for which tenant: `/access/v1/evaluation`, or
// `/TENANT/access/v1/evaluation`. A path in the server's identifier stands before both.

/** What can be asked; the name is also the label of its metrics. */
export type Endpoint =
  | 'evaluation'
  | 'evaluations'
  | 'search/subject'
  | 'search/resource'
  | 'search/action'
  | 'metadata'
  | 'openapi'
  | 'healthz'
  | 'readyz'
  | 'metrics'

export interface Route {
  readonly endpoint: Endpoint
  readonly tenant: string | undefined
}

/** The endpoints that are asked with POST, as they stand behind `/access/v1/`. */
export const asked: readonly Endpoint[] = [
  'evaluation',
  'evaluations',
  'search/subject',
  'search/resource',
  'search/action'
]

const api = '/access/v1/'
const wellKnown = '/.well-known/authzen-configuration'

/** Reads the paths of a server whose identifier has the path `base`; `undefined` for a path that is none. */
export function router(base: string): (url: string) => Route | undefined {
  const plain = new Map<string, Route>([
    ...asked.map((endpoint): [string, Route] => [
      `${base}${api}${endpoint}`,
      { endpoint, tenant: undefined }
    ]),
    [`${wellKnown}${base}`, { endpoint: 'metadata', tenant: undefined }],
    [`${base}/openapi.json`, { endpoint: 'openapi', tenant: undefined }],
    ['/healthz', { endpoint: 'healthz', tenant: undefined }],
    ['/readyz', { endpoint: 'readyz', tenant: undefined }],
    ['/metrics', { endpoint: 'metrics', tenant: undefined }]
  ])
  return (url) => {
    const path = pathOf(url)
    return plain.get(path) ?? tenantRoute(path, base)
  }
}

function tenantRoute(path: string, base: string): Route | undefined {
  if (path.startsWith(`${wellKnown}${base}/`)) {
    const tenant = readTenant(path.slice(`${wellKnown}${base}/`.length))
    return tenant === undefined ? undefined : { endpoint: 'metadata', tenant }
  }
  const at = path.indexOf(api)
  if (at < 0 || !path.startsWith(`${base}/`)) return undefined
  const endpoint = asked.find((name) => name === path.slice(at + api.length))
  const tenant = readTenant(path.slice(base.length + 1, Math.max(at, base.length + 1)))
  return endpoint === undefined || tenant === undefined ? undefined : { endpoint, tenant }
}

/** One segment of a path, never empty. */
function readTenant(segment: string): string | undefined {
  if (segment === '' || segment.includes('/')) return undefined
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

/** The path of a URL that a server was asked for; `new URL` would be a good part of a decision. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start < 0) return '/'
  const end = url.slice(start).search(/[?#]/)
  return end < 0 ? url.slice(start) : url.slice(start, start + end)
}
