// A source as given → one that is ready to be asked: every default in its place.
import type { Policy } from '../policy/types/index.js'
import type { Action, DecisionSource, Entity, Find, List, Store } from './types.js'

/** A source with its defaults. */
export interface ReadySource {
  readonly policy: Policy
  /** `undefined`: subjects are what the request says. */
  readonly findSubject: Find | undefined
  readonly listSubjects: List | undefined
  readonly findResource: Find | undefined
  readonly listResources: List | undefined
  readonly systems: ReadonlySet<string>
  readonly nameOf: (action: Action, resource: Entity) => string
  readonly actionName: (action: string, resource: Entity) => string | undefined
  readonly reasons: boolean
  readonly record: DecisionSource['record']
  readonly report: (error: unknown) => void
}

/** Remembers what it made, since a source is asked for at every request and is mostly the same. */
export function sourceReader(report: (error: unknown) => void): (source: DecisionSource) => ReadySource {
  const made = new WeakMap<DecisionSource, ReadySource>()
  return (source) => {
    const known = made.get(source)
    if (known !== undefined) return known
    const ready = readSource(source, report)
    made.set(source, ready)
    return ready
  }
}

function readSource(source: DecisionSource, report: (error: unknown) => void): ReadySource {
  const { subjects, resources } = source
  const users = subjects === 'properties' ? undefined : storeOf(subjects)
  const objects = resources === undefined ? undefined : storeOf(resources)
  return {
    policy: source.policy,
    findSubject: users?.find,
    listSubjects: users?.list,
    findResource: objects?.find,
    listResources: objects?.list,
    systems: new Set(source.systems ?? []),
    nameOf: source.action ?? (({ name }) => name),
    actionName: source.actionName ?? ((name) => name),
    reasons: source.reasons === true,
    record: source.record,
    report
  }
}

/** The functions of a store, bound to it: a store may be of a class. */
function storeOf(given: Store | Find): Store {
  if (typeof given === 'function') return { find: given }
  const { list } = given
  return {
    find: (entity, context) => given.find(entity, context),
    ...(list === undefined ? {} : { list: (type, after) => list.call(given, type, after) })
  }
}
