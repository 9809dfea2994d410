// What reading the entries of an allow list needs to know about the policy.
import type { Catalogue } from './catalogue.js'

/** The catalogue and the kind of ids that entries are checked against. */
export interface AllowListContext {
  readonly catalogue: Catalogue
  readonly ids: 'uuid' | 'string'
}

/** The id as lists store it: in lower case where the policy's ids are UUIDs. */
export function listedId(id: string, context: AllowListContext): string {
  return context.ids === 'uuid' ? id.toLowerCase() : id
}
