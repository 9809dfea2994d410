// What the slots and flags of a condition are filled from: the reach of one subject, each part read once.
import type { CompiledPermission } from '../../compile/catalogue.js'
import { createAdmittedReader, type AdmittedIds } from '../../reach/admitted.js'
import { readGround, type Ground } from '../../reach/ground.js'
import { createReachReader, type Reach } from '../../reach/votes.js'
import type { SubjectState } from '../../request/state.js'

export interface Facts {
  readonly state: SubjectState
  readonly ground: Ground
  readonly reachOf: (permission: CompiledPermission) => Reach
  readonly admittedOf: (permission: CompiledPermission) => AdmittedIds
}

export function readFacts(state: SubjectState): Facts {
  const ground = readGround(state)
  return {
    state,
    ground,
    reachOf: remember(createReachReader(state, ground)),
    admittedOf: remember(createAdmittedReader(state))
  }
}

function remember<T>(read: (permission: CompiledPermission) => T): (permission: CompiledPermission) => T {
  const known = new Map<CompiledPermission, T>()
  return (permission) => {
    const found = known.get(permission)
    if (found !== undefined) return found
    const made = read(permission)
    known.set(permission, made)
    return made
  }
}
