// A question as a page keeps it: the request form of docs/semantics.md, as far as it is filled in.
import type { CeilingInput, ObjectRef, OptionValue, SubjectInput } from '../types.js'

/** A request: what `casemate decide` reads a line of. */
export interface ExploreRequest {
  /** Who asks. */
  readonly subject: SubjectInput | { readonly system: string }
  /** Further ceilings, one laid on another. */
  readonly within?: readonly CeilingInput[]
  /** What for. */
  readonly action: string
  /** About what. */
  readonly object: ObjectRef
}

/** A line of an expectation file; options that are not the policy's own are a note, for `casemate test --option`. */
export function expectationOf(
  request: ExploreRequest,
  allowed: boolean,
  options: Readonly<Record<string, OptionValue>>
): { readonly request: ExploreRequest; readonly allowed: boolean; readonly note?: string } {
  const changed = Object.entries(options).map(([name, value]) => `${name}=${String(value)}`)
  return { request, allowed, ...(changed.length === 0 ? {} : { note: `with ${changed.join(', ')}` }) }
}
