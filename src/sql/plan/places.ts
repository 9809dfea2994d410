// Where a row is and whose it is, as conditions on a table's columns. A field that the table does not have is one that
// no row has, so that what asks for it holds of no row.
import { canBeInOrg, canBeOutside } from '../../levels.js'
import { noLists, setWhere } from '../../reach/id-sets.js'
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { Columns } from '../columns.js'
import { all, always, never, type Condition } from './condition.js'
import type { Facts } from './facts.js'
import type { Slot, Slots } from './slots.js'

/** Whether the votes of a place, as a character, are of some kind. */
type VoteTest = (pair: string) => boolean

/** The name of the slot of the subject's own id. */
export const mySlot = 'me'

export class Places {
  readonly columns: Columns
  readonly slots: Slots

  constructor(columns: Columns, slots: Slots) {
    this.columns = columns
    this.slots = slots
  }

  /** The row is the subject's own. With `when`, only for a subject of which that holds. */
  own(name = mySlot, when: (facts: Facts) => boolean = () => true): Condition {
    if (this.columns.owner === undefined) return never
    return { kind: 'owner', slot: this.me(name, when) }
  }

  /** The slot of the subject's own id; of one without an id it stays empty. */
  me(name = mySlot, when: (facts: Facts) => boolean = () => true): number {
    return this.slots.slot(name, false, (facts) =>
      facts.state.id !== '' && when(facts) ? [[facts.state.id]] : noLists
    )
  }

  /** The row is in an organization where the roles' votes are of this kind. */
  inOrgWhere(name: string, permission: CompiledPermission, has: VoteTest): Condition {
    return this.inOrg(name, ({ orgsIn, reachOf }) => orgsIn(setWhere(reachOf(permission).orgs, has)))
  }

  /** The row is in one of these organizations. */
  inOrg(name: string, read: Slot['read']): Condition {
    const { org, resource } = this.columns
    if (org === undefined || !canBeInOrg(resource.org)) return never
    return { kind: 'org', slot: this.slots.slot(name, true, read) }
  }

  /** The row is in no organization. */
  get noOrg(): Condition {
    const { org, resource } = this.columns
    if (!canBeOutside(resource.org)) return never
    return org === undefined ? always : { kind: 'noOrg' }
  }

  /** The row is in a container, of the kind with this number, where the roles' votes are of this kind. */
  inContainerWhere(name: string, number: number, permission: CompiledPermission, has: VoteTest): Condition {
    if (this.columns.containers[number] === undefined) return never
    const slot = this.slots.slot(
      name,
      true,
      ({ containersIn, reachOf }) =>
        containersIn[number]?.(setWhere(reachOf(permission).containers[number] ?? '', has)) ?? noLists
    )
    return { kind: 'container', container: number, slot }
  }

  /** The row is in no container of any kind. */
  get noContainer(): Condition {
    const { containers, resource } = this.columns
    return all(
      ...containers.map((source, container): Condition => {
        if (resource.places[container] === 'required') return never
        return source === undefined ? always : { kind: 'noContainer', container }
      })
    )
  }
}
