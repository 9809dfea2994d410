// What rules and filters of one subject stand on: the classes of organizations and containers in which it holds roles, and
// which organizations its ceilings leave. Read once for each subject.
import { isWithinOrgs, hasOrgLimit, leavesSomeOrg } from '../decide/counting-orgs.js'
import type { HeldIn, SubjectState } from '../request/state.js'
import { allIds, setWhere, type IdClass, type IdSet } from './id-sets.js'

export interface Ground {
  /** Empty for who owns nothing and is named by no ACL entry. */
  readonly id: string
  readonly groups: readonly string[]
  readonly orgs: readonly IdClass[]
  /** The organizations that the subject belongs to. */
  readonly member: IdSet
  /** The organizations that count under `anyOrg`. */
  readonly counting: IdSet
  /** The organizations that the ceilings leave. */
  readonly admitted: IdSet
  /** Whether the ceilings leave objects in no organization. */
  readonly admitsNone: boolean
  /** Whether they leave any organization at all. */
  readonly admitsSome: boolean
  /** By the number of a container. */
  readonly containers: readonly (readonly IdClass[])[]
}

export function readGround(state: SubjectState): Ground {
  const { id, groups, orgs: held, ceilings, compiled, containers } = state
  const isLimited = hasOrgLimit(ceilings)
  const isAdmitted = (org: string): boolean => isWithinOrgs(ceilings, org)
  const listed = isLimited ? ceilings.flatMap(({ orgs }) => [...(orgs?.ids ?? [])]) : []
  const foreign = [...new Set(listed)].filter((org) => !held.has(org) && isAdmitted(org))
  const orgs: IdClass[] = [
    ...classesOf(held, isLimited ? isAdmitted : undefined),
    ...(foreign.length === 0 ? [] : [{ ids: foreign, table: undefined }])
  ]
  const member = setOf(orgs, ({ table }) => table !== undefined, false)
  const admitted = isLimited ? setOf(orgs, ({ ids }) => isAdmitted(ids[0] ?? ''), false) : allIds(orgs)
  return {
    id,
    groups: [...groups],
    orgs,
    member,
    counting: setOf(orgs, (_, i) => member[i] === '1' && admitted[i] === '1', false),
    admitted,
    admitsNone: isWithinOrgs(ceilings, undefined),
    admitsSome: leavesSomeOrg(ceilings),
    containers: compiled.catalogue.containers.map((_, number) => classesOf(containers[number] ?? new Map()))
  }
}

/** Places with the same roles under the same settings together, those that a ceiling leaves apart from the others. */
function classesOf(held: HeldIn, isAdmitted?: (id: string) => boolean): readonly IdClass[] {
  const only = isAdmitted === undefined ? onlyTable(held) : undefined
  if (only !== undefined) return [{ ids: Object.freeze([...held.keys()]), table: only }]
  const [inside, outside] = [new Map<Uint8Array, string[]>(), new Map<Uint8Array, string[]>()]
  for (const [id, { table }] of held) {
    const classes = (isAdmitted?.(id) ?? true) ? inside : outside
    const ids = classes.get(table)
    if (ids === undefined) classes.set(table, [id])
    else ids.push(id)
  }
  return [...inside, ...outside].map(([table, ids]) => ({ ids: Object.freeze(ids), table }))
}

/** The one table of all places, as of most who belong to very many; looked for apart, since that takes a third. */
function onlyTable(held: HeldIn): Uint8Array | undefined {
  let only: Uint8Array | undefined
  for (const { table } of held.values())
    if (only === undefined) only = table
    else if (table !== only) return undefined
  return only
}

function setOf(
  classes: readonly IdClass[],
  has: (one: IdClass, number: number) => boolean,
  others: boolean
): IdSet {
  const digits = classes.map((one, i) => (has(one, i) ? '1' : '0')).join('')
  return setWhere(`${digits}${others ? '1' : '0'}`, (digit) => digit === '1')
}
