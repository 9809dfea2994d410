// Findings of a comparison, and their order: that of the policy, not that of the search.
import { writeRelation, type Relation } from '../document/relation.js'
import { describeAttributes } from './attributes.js'
import type { AskedPermission, Direction } from './sides.js'
import type { Difference, DifferenceKind } from './types.js'
import type { Witness } from './witness.js'

/** Somebody whose access differs. */
export interface Who {
  readonly kind: DifferenceKind
  readonly subject: string
  /** Its position among those of its kind. */
  readonly order: number
}

export interface Finding extends Witness {
  readonly who: Who
  readonly asked: AskedPermission
  readonly direction: Direction
  readonly relation: Relation
  readonly byAcl: boolean
}

export type Report = (finding: Finding) => void

const kindsInOrder: readonly DifferenceKind[] = [
  'role',
  'roles',
  'nobody',
  'system',
  'scope',
  'template',
  'list'
]

/** By subject: roles, roles together, no role, system subjects, keys; each in the order of the policy. */
export function inOrder(findings: readonly Finding[]): Difference[] {
  const rank = ({ who }: Finding): number => kindsInOrder.indexOf(who.kind)
  return findings
    .toSorted((a, b) => rank(a) - rank(b) || a.who.order - b.who.order)
    .map(({ who, asked, direction, relation, byAcl, witness, options }) => ({
      kind: who.kind,
      subject: who.subject,
      permission: asked.name,
      relation: writeRelation(relation, {
        containers: asked.containers[direction.allowing],
        attributes: new Map()
      }),
      byAcl,
      witness,
      options
    }))
}

/**
 * The findings of one permission under all combinations of attributes that are told apart: where all of them show the
 * same, once; else with the fewest conditions on attributes that say which do.
 */
export function joinAttributes(
  findings: readonly Finding[],
  combinations: readonly AskedPermission[],
  { allowing }: Direction
): readonly Finding[] {
  if (combinations.length === 1) return findings
  const all = combinations.flatMap((one) => (one.in[allowing] === undefined ? [] : [one.attributes]))
  const alike = new Map<string, Map<AskedPermission, Finding>>()
  for (const finding of findings) {
    const { who, relation, byAcl, asked } = finding
    const key = JSON.stringify([who.kind, who.subject, relation, byAcl])
    const group = alike.get(key) ?? new Map<AskedPermission, Finding>()
    alike.set(key, group)
    if (!group.has(asked)) group.set(asked, finding)
  }
  return [...alike.values()].flatMap((group) => {
    const some = [...group.values()].map((finding) => ({ finding, attributes: finding.asked.attributes }))
    return describeAttributes(some, all).map(({ attributes, first: { finding } }): Finding => ({
      ...finding,
      relation: { ...finding.relation, attributes }
    }))
  })
}
