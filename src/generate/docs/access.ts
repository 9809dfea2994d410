// Who may do what, computed once for all pages.
import type { Policy } from '../../policy/types/index.js'
import type { DecidingSubject } from '../../decide/subject.js'
import { ReachMemory } from '../../verify/space/reach.js'
import { subjectOf } from '../../verify/space/requests.js'
import { requireFewCells, type Values } from '../../verify/space/settings.js'
import { everybody } from '../../verify/space/who-can.js'
import { compiledOf } from '../../compile/compile.js'
import { terminalLine } from '../../output/terminal.js'

/** A role held alone, or a system subject. */
export interface Who {
  /** A role's name, or `system:NAME`. */
  readonly name: string
  readonly isRole: boolean
  /** The settings without default that it reads, with their values here. */
  readonly settings: Values
  readonly subject: DecidingSubject
}

export interface Access {
  /** In the order of the policy. */
  readonly everybody: readonly Who[]
  /** How far a permission reaches for somebody, as a matrix cell says it; `no` for no object. */
  reachOf(permission: string): (who: Who) => string
}

/** @throws CasemateError `too_many_cases` for a policy that is too large for tables. */
export function accessOf(policy: Policy): Access {
  const compiled = compiledOf(policy)
  requireFewCells(compiled)
  const memory = new ReachMemory()
  const permissions = new Map(
    compiled.catalogue.permissions.map((permission) => [permission.name, permission])
  )
  return {
    everybody: [...everybody(compiled)].map(({ subject, settings = {}, data }) => ({
      name: subject,
      isRole: !('system' in data),
      settings,
      subject: subjectOf(compiled, data)
    })),
    reachOf: (name) => {
      const permission = permissions.get(name)
      return ({ subject }) => (permission === undefined ? 'no' : terminalLine(memory.of(subject, permission)))
    }
  }
}
