// Paths as error messages write them.
import { printable, cut } from './quote.js'

const longestSegment = 120

/**
 * Where something is, as `roles.owner.grants.site.allow.boundary_log` or `variants[0]`. A key with other characters
 * than word characters, `$`, `*` and `-` is quoted: `scopes["coder:all"]`. Empty for the whole value. Keys longer
 * than 120 characters are cut.
 */
export function formatPath(segments: readonly (string | number)[]): string {
  let path = ''
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`
    else if (isPlainKey(segment)) path += (path === '' ? '' : '.') + cut(segment, longestSegment)
    else path += `["${printable(segment.replaceAll('\\', '\\\\'), longestSegment).replaceAll('"', '\\"')}"]`
  }
  return path
}

/** Whether a key needs no quotes; checks only the part that is shown. */
function isPlainKey(key: string): boolean {
  return /^[\w$*-]+$/.test(key.slice(0, longestSegment))
}

/** Where in a document: its keys and list positions from the root. */
export type Path = readonly (string | number)[]
