// What entries of allow lists are read against.
import type { Catalogue } from './catalogue.js'

/** What an entry is checked against. */
export interface AllowListContext {
  readonly catalogue: Catalogue
  readonly ids: 'uuid' | 'string'
}

/** The id as lists have it: in lower case where the policy's ids are UUIDs. */
export function listedId(id: string, context: AllowListContext): string {
  return context.ids === 'uuid' ? id.toLowerCase() : id
}
