// Places as they are stored, as the policy takes them, and as messages name them.
import type { CompiledPolicy } from '../compile/compile.js'
import { idAt, kindAt, type PlaceInput } from '../delegate/place.js'
import { readPlace } from '../delegate/read.js'
import { quoteValue } from '../problems/quote.js'
import type { StoredName, StoredPlace } from './database.js'

/** Where the roles of a place are stored: those of a container in the container, whichever organization it lies in. */
export function storedPlace(policy: CompiledPolicy, place: PlaceInput): StoredPlace {
  const read = readPlace(policy, place)
  return { kind: kindAt(read), id: idAt(read) ?? '' }
}

/** A place as `withRoles` and `subject` take it. */
export function placeGiven({ kind, id }: StoredPlace): Readonly<Record<string, string>> {
  return kind === 'site' ? {} : { [kind]: id }
}

/** A key of a map; kinds have no line breaks. */
export function keyOf({ kind, id }: StoredPlace): string {
  return `${kind}\n${id}`
}

/** `the role NAME`, with its place, for messages. */
export function describeRole({ kind, id, name }: StoredName): string {
  const where =
    kind === 'site' ? '' : kind === 'org' ? ` in ${quoteValue(id)}` : ` in the ${kind} ${quoteValue(id)}`
  return `the role ${quoteValue(name)}${where}`
}
