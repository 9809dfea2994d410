// The relation of an object to a subject, as a matrix column and an invariant write it.
// Parsing only: the proofs decide which objects a relation stands for.

/** `own`: the subject's; `other`: somebody else's or nobody's; `any`: the owner does not matter. */
export type OwnerRelation = 'own' | 'other' | 'any'

/**
 * `own`: an organization to which the subject belongs; `other`: one to which it does not; `none`: no organization;
 * `any`: the organization does not matter, and `anyOrg` objects are included. Only the text `all` gives `any`.
 */
export type OrgRelation = 'own' | 'other' | 'none' | 'any'

/** Which objects a statement is about, relative to the subject. */
export interface Relation {
  readonly owner: OwnerRelation
  readonly org: OrgRelation
}

const everything: Relation = { owner: 'any', org: 'any' }

const orgs: ReadonlyMap<string, OrgRelation> = new Map([
  ['own org', 'own'],
  ['other org', 'other'],
  ['no org', 'none']
])

/**
 * Reads `own`, `other, own org`, `no org` or `all`. An owner alone means objects in no organization, an organization
 * alone means every owner, `all` means everything, `anyOrg` included. `undefined` where the text is none of these.
 */
export function parseRelation(text: string): Relation | undefined {
  const parts = text.split(',').map((part) => part.trim().replace(/\s+/g, ' '))
  const [first = '', second] = parts
  if (parts.length > 2) return undefined
  if (second === undefined) {
    if (first === 'all') return everything
    if (first === 'own' || first === 'other') return { owner: first, org: 'none' }
    const org = orgs.get(first)
    return org && { owner: 'any', org }
  }
  const org = orgs.get(second)
  if (org === undefined || (first !== 'own' && first !== 'other')) return undefined
  return { owner: first, org }
}
