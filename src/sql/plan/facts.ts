// What the slots and flags of a condition are filled from: the reach of one subject, each part read once.
import type { CompiledPermission } from '../../compile/catalogue.js'
import { createAdmittedReader, type AdmittedIds } from '../../reach/admitted.js'
import { readGround, type Ground } from '../../reach/ground.js'
import { createListReader, type IdLists, type IdSet } from '../../reach/id-sets.js'
import { createReachReader, type Reach } from '../../reach/votes.js'
import type { SubjectState } from '../../request/state.js'
import { Senders } from '../sent.js'

export interface Facts {
  readonly state: SubjectState
  readonly ground: Ground
  /** The organizations of a set. */
  readonly orgsIn: (set: IdSet) => IdLists
  /** The containers of a set, by the number of their kind. */
  readonly containersIn: readonly ((set: IdSet) => IdLists)[]
  readonly reachOf: (permission: CompiledPermission) => Reach
  readonly admittedOf: (permission: CompiledPermission) => AdmittedIds
  readonly senders: Senders
}

/** What was read of a subject that is in use: every table and action asks for the same. */
const known = new WeakMap<SubjectState, Facts>()

export function readFacts(state: SubjectState): Facts {
  const found = known.get(state)
  if (found !== undefined) return found
  const ground = readGround(state)
  const facts: Facts = {
    state,
    ground,
    orgsIn: createListReader(ground.orgs),
    containersIn: ground.containers.map(createListReader),
    reachOf: remember(createReachReader(state, ground)),
    admittedOf: remember(createAdmittedReader(state)),
    senders: new Senders()
  }
  known.set(state, facts)
  return facts
}

function remember<T>(read: (permission: CompiledPermission) => T): (permission: CompiledPermission) => T {
  const made = new Map<CompiledPermission, T>()
  return (permission) => {
    const before = made.get(permission)
    if (before !== undefined) return before
    const now = read(permission)
    made.set(permission, now)
    return now
  }
}
