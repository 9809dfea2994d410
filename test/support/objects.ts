// The object of a generated question, as the engine takes it.
import type { ObjectRef } from 'casemate'
import type { RolledQuestion } from '../arbitraries/index.js'

export function objectOf({ object }: RolledQuestion): ObjectRef {
  return object as unknown as ObjectRef
}
