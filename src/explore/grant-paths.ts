// The places of a document that cast votes, with the path that decisions call them by.
import { fieldOf } from '../document/read.js'
import type { PolicyData } from '../document/types.js'
import { formatPath, type Path } from '../problems/path.js'
import { isRecord } from '../problems/plain.js'

/** A line of grants. */
export interface GrantPath {
  /** As `path` of a decision's grant. */
  readonly path: string
  /** Its keys and list positions. */
  readonly at: Path
}

/** Every line of every role and system subject, variants included. */
export function* grantPaths({ roles = {}, systemSubjects = {} }: PolicyData): Generator<GrantPath> {
  for (const [name, role] of Object.entries(roles)) {
    yield* linesOf(role.grants, ['roles', name, 'grants'])
    for (const [index, variant] of (role.variants ?? []).entries())
      yield* linesOf(variant.grants, ['roles', name, 'variants', index, 'grants'])
  }
  for (const [name, { grants }] of Object.entries(systemSubjects))
    yield* linesOf(grants, ['systemSubjects', name, 'grants'])
}

function* linesOf(grants: unknown, at: Path): Generator<GrantPath> {
  for (const level of keysOf(grants))
    for (const effect of keysOf(fieldOf(grants, level)))
      for (const key of keysOf(fieldOf(fieldOf(grants, level), effect))) {
        const place = [...at, level, effect, key]
        yield { path: formatPath(place), at: place }
      }
}

function keysOf(value: unknown): string[] {
  return isRecord(value) ? Object.keys(value) : []
}
