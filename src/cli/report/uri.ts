// A path as SARIF writes it.
import { isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A path as a URI for SARIF; a relative path stays relative. */
export function toUri(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href
  return path
    .split(sep)
    .filter((segment, index) => index > 0 || segment !== '.')
    .map(encodeURIComponent)
    .join('/')
}
