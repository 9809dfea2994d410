// Differences for subjects without roles: system subjects, by their grants or by an ACL entry, and anybody that an ACL
// entry names.
import { systemState } from '../request/state.js'
import { DecidingSubject } from '../decide/subject.js'
import { placesOf, relate, type Place } from './objects.js'
import { both, differs, isAllowed, isSharingNarrowed, type OldNew, type Side } from './sides.js'
import { compareRoleSet, tellOf, type Search } from './search.js'
import { askBoth } from './witness.js'

/**
 * Reports what ACL entries grant in one policy but not in the other, to a subject without any role. Where roles narrow
 * what entries count, shared.ts does it.
 */
export function compareNobody(search: Search): void {
  const { asked, direction, permission } = search
  if (
    !permission.definition.acl ||
    isSharingNarrowed(asked) ||
    (asked.isPlacedAlike && asked.in[direction.refusing]?.definition.acl === true)
  )
    return
  compareRoleSet(search, { kind: 'nobody', subject: 'no role', order: 0 }, [], new Set(), { byAcl: true })
}

/** Reports what system subjects are allowed in one policy but not in the other; their names may differ. */
export function compareSystems(search: Search, systems: readonly OldNew<string>[]): void {
  search.comparing.work.spend(5 * systems.length, () => tellOf(search.asked))
  const silent = new Set<string>()
  for (const [order, names] of systems.entries()) {
    if (isAlike(search, names)) continue
    const key = saidKey(search, names)
    if (silent.has(key)) continue
    if (!compareSystem(search, names, order)) silent.add(key)
  }
}

/** Equal for system subjects with the same votes in both policies and the same pattern of ids. */
function saidKey(search: Search, names: OldNew<string>): string {
  const { policies } = search.comparing
  const { old, new: current } = both((side) => {
    const system = policies[side].systemSubjects.get(names[side])
    return { id: system?.document.id ?? '', bytes: bytesOf(search, names, side) }
  })
  return [...old.bytes, old.id === '', ...current.bytes, current.id === '', old.id === current.id].join(' ')
}

/** Its votes on the permission, and on what an ACL entry for it needs. */
function bytesOf({ comparing, asked }: Search, names: OldNew<string>, side: Side): readonly number[] {
  const system = comparing.policies[side].systemSubjects.get(names[side])
  return [asked.in[side], asked.gates[side]].map((one) => system?.roleTable.table[one?.index ?? -1] ?? -1)
}

/** Whether nothing differs that is asked about a system subject. */
function isAlike(search: Search, names: OldNew<string>): boolean {
  const { comparing, asked } = search
  const { old, new: current } = both((side) => comparing.policies[side].systemSubjects.get(names[side]))
  return (
    asked.isPlacedAlike &&
    asked.isSharedAlike &&
    old?.document.id === current?.document.id &&
    bytesOf(search, names, 'old').join() === bytesOf(search, names, 'new').join()
  )
}

/** Whether there was anything to report. */
function compareSystem(search: Search, names: OldNew<string>, order: number): boolean {
  const { comparing, asked, direction, permission } = search
  const subjects = both((side) => {
    const system = comparing.policies[side].systemSubjects.get(names[side])
    return system && new DecidingSubject(systemState(comparing.policies[side], system))
  })
  const subject = subjects[direction.allowing]
  if (subject === undefined) return false
  comparing.work.spend(6_000, () => tellOf(asked))
  let isShown = false
  const who = { kind: 'system', subject: `system:${names[direction.allowing]}`, order } as const
  const ids = [subjects.old?.id ?? '', subjects.new?.id ?? '']
  const needsAcl = ({ object }: Place): boolean => !isAllowed(subject, permission, { ...object, acl: null })
  for (const byAcl of permission.definition.acl && subject.id !== '' ? [false, true] : [false]) {
    const all = placesOf(subject, asked, direction, { byAcl, ids })
    const some = all.filter(
      (place) => differs(subjects, asked, direction, place.object) && (!byAcl || needsAcl(place))
    )
    for (const { relation, places } of relate(some, all)) {
      const [first] = places
      const data = { system: names[direction.allowing] }
      const witness =
        first && askBoth(comparing, asked, direction, { subject: data, object: first.object, options: {} })
      if (witness === undefined) throw new Error(`no request shows what differs in ${asked.name}`)
      search.report({ who, asked, direction, relation, byAcl, ...witness })
      isShown = true
    }
  }
  return isShown
}
