// Findings of a comparison, and their order: that of the policy, not that of the search.
import { noVocabulary } from '../document/relation.js'
import { writeRelation } from '../verify/space/relations.js'
import type { Relation } from '../document/relation.js'
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
    .map(({ who, asked, relation, byAcl, witness, options }) => ({
      kind: who.kind,
      subject: who.subject,
      permission: asked.name,
      relation: writeRelation(relation, noVocabulary),
      byAcl,
      witness,
      options
    }))
}
