// The relation of an object to a subject, as a matrix column and an invariant write it: text → relation and back.
// Parsing only: the proofs decide which objects a relation stands for.
import type { AttributeValue } from '../types.js'

/** `own`: the subject's; `other`: somebody else's or nobody's; `any`: the owner does not matter. */
export type OwnerRelation = 'own' | 'other' | 'any'

/**
 * `own`: an organization to which the subject belongs; `other`: one to which it does not; `none`: no organization;
 * `any`: the organization does not matter, and `anyOrg` objects are included.
 */
export type OrgRelation = 'own' | 'other' | 'none' | 'any'

/**
 * `own`: in one at least where the subject holds a role; `other`: in others only; `none`: in none of them.
 */
export type ContainerRelation = 'own' | 'other' | 'none'

/** Which objects a statement is about, relative to the subject. */
export interface Relation {
  readonly owner: OwnerRelation
  readonly org: OrgRelation
  /** By container; one without an entry does not matter. */
  readonly containers: Readonly<Record<string, ContainerRelation>>
  /** What an object must have; an attribute without an entry does not matter. */
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** Whether objects have an ACL entry that names the action for the subject. */
  readonly isShared: boolean
}

/** The names that a relation can have in it. */
export interface RelationVocabulary {
  /** In the order of the document. */
  readonly containers: readonly string[]
  /** By attribute, its values. */
  readonly attributes: ReadonlyMap<string, readonly AttributeValue[]>
}

/** Of a policy without containers and attributes. */
export const noVocabulary: RelationVocabulary = { containers: [], attributes: new Map() }

/** Every object. */
export const everyObject: Relation = Object.freeze({
  owner: 'any',
  org: 'any',
  containers: Object.freeze({}),
  attributes: Object.freeze({}),
  isShared: false
})

/** Why a text is no relation: a name that is not there, with those that are, or (`form`) anything else. */
export type RelationFault =
  | { readonly kind: 'form' }
  | { readonly kind: 'container' | 'attribute'; readonly name: string; readonly known: readonly string[] }
  | {
      readonly kind: 'value'
      readonly name: string
      readonly attribute: string
      readonly known: readonly string[]
    }

/** How a text is read. */
export interface RelationStyle {
  /** Whether `own`, `org` and the like may be in any letter case. */
  readonly anyCase?: boolean
}

/**
 * Reads `own`, `other, own org`, `own project`, `own, own org, status = draft`, `shared`, `all`: an owner first, then
 * the other parts in any order, each at most once. An owner without any place (organization or container) means objects
 * in no organization and in no container; a place without owner means every owner; a container without organization
 * means every organization; `all` means everything, `anyOrg` included, and only attributes and `shared` narrow it.
 * `undefined` where the text is none of these. Names and values are compared without letter case where that leaves one.
 */
export function parseRelation(
  text: string,
  vocabulary: RelationVocabulary = noVocabulary,
  style: RelationStyle = {}
): Relation | undefined {
  const read = readRelationText(text, vocabulary, style)
  return 'kind' in read ? undefined : read
}

/** As `parseRelation`, with the reason where the text is no relation: that of the first part that is wrong. */
export function readRelationText(
  text: string,
  vocabulary: RelationVocabulary,
  { anyCase = false }: RelationStyle = {}
): Relation | RelationFault {
  let owner: OwnerRelation | undefined
  let org: OrgRelation | undefined
  const containers = new Map<string, ContainerRelation>()
  const attributes = new Map<string, AttributeValue>()
  let isAll = false
  let isShared = false
  for (const [index, written] of text.split(',').entries()) {
    const part = readPart(written, vocabulary, anyCase)
    if (part.kind === 'fault') return part.fault
    if (part.kind === 'all' || part.kind === 'owner') {
      if (index > 0) return form
      if (part.kind === 'all') isAll = true
      else owner = part.owner
    } else if (part.kind === 'shared') {
      if (isShared) return form
      isShared = true
    } else if (part.kind === 'attribute') {
      if (attributes.has(part.name)) return form
      attributes.set(part.name, part.value)
    } else if (part.name === 'org') {
      if (isAll || org !== undefined) return form
      org = part.place
    } else {
      if (isAll || containers.has(part.name)) return form
      containers.set(part.name, part.place)
    }
  }
  const isPlaced = org !== undefined || containers.size > 0
  if (!isPlaced && owner !== undefined) {
    org = 'none'
    for (const name of vocabulary.containers) containers.set(name, 'none')
  }
  if (owner === undefined && !isPlaced && attributes.size === 0 && !isShared) return everyObject
  return {
    owner: owner ?? 'any',
    org: org ?? 'any',
    containers: Object.fromEntries(containers),
    attributes: Object.fromEntries(attributes),
    isShared
  }
}

const form: RelationFault = { kind: 'form' }

type Part =
  | { readonly kind: 'all' }
  | { readonly kind: 'shared' }
  | { readonly kind: 'owner'; readonly owner: 'own' | 'other' }
  | { readonly kind: 'place'; readonly name: string; readonly place: ContainerRelation }
  | { readonly kind: 'attribute'; readonly name: string; readonly value: AttributeValue }
  | { readonly kind: 'fault'; readonly fault: RelationFault }

const places: ReadonlyMap<string, ContainerRelation> = new Map([
  ['own', 'own'],
  ['other', 'other'],
  ['no', 'none']
])

function readPart(written: string, vocabulary: RelationVocabulary, anyCase: boolean): Part {
  const fault = (what: RelationFault): Part => ({ kind: 'fault', fault: what })
  const sign = written.indexOf('=')
  if (sign >= 0) return readAttribute(written.slice(0, sign).trim(), written.slice(sign + 1), vocabulary)
  const text = tidy(written)
  const word = anyCase ? text.toLowerCase() : text
  if (word === 'all' || word === 'shared') return { kind: word }
  if (word === 'own' || word === 'other') return { kind: 'owner', owner: word }
  const space = text.indexOf(' ')
  const place = places.get(word.slice(0, Math.max(0, space)))
  if (place === undefined) return fault(form)
  const name = text.slice(space + 1)
  if (word.slice(space + 1) === 'org') return { kind: 'place', name: 'org', place }
  const { containers } = vocabulary
  const container = oneOf(containers, name)
  if (container !== undefined) return { kind: 'place', name: container, place }
  return fault(containers.length === 0 ? form : { kind: 'container', name, known: ['org', ...containers] })
}

function readAttribute(name: string, said: string, { attributes }: RelationVocabulary): Part {
  const known = [...attributes.keys()]
  const attribute = oneOf(known, name)
  if (attribute === undefined)
    return { kind: 'fault', fault: known.length === 0 ? form : { kind: 'attribute', name, known } }
  const values = new Map((attributes.get(attribute) ?? []).map((value) => [String(value), value]))
  const texts = [...values.keys()]
  // In backticks as it is; else as people write it.
  const value = values.get(inBackticks(said.trim()) ?? said) ?? values.get(oneOf(texts, tidy(said)) ?? '')
  if (value !== undefined) return { kind: 'attribute', name: attribute, value }
  return { kind: 'fault', fault: { kind: 'value', name: tidy(said), attribute, known: texts } }
}

/** What stands in backticks, read as Markdown reads code; `undefined` for a text without them. */
function inBackticks(text: string): string | undefined {
  if (text.length < 3 || !text.startsWith('`') || !text.endsWith('`')) return undefined
  const inside = text.slice(1, -1)
  return isSpaced(inside) ? inside.slice(1, -1) : inside
}

/** A value as it is, where nothing in it has a meaning in a relation, a cell or Markdown; else in backticks. */
function valueText(value: string): string {
  const isPlain = /^[\p{L}\p{N}](?:[\p{L}\p{N} .:'-]|_(?!_))*$/u.test(value) && tidy(value) === value
  if (isPlain) return value
  return isSpaced(value) ? `\` ${value} \`` : `\`${value}\``
}

/** Whether Markdown takes a space off both ends of this as code. */
function isSpaced(text: string): boolean {
  return text.length > 2 && text.startsWith(' ') && text.endsWith(' ') && text.trim() !== ''
}

function tidy(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

/** The name that is the text, else the only one that is but for white space, else but for letter case too. */
function oneOf(names: readonly string[], text: string): string | undefined {
  if (names.includes(text)) return text
  const spaced = names.filter((name) => tidy(name) === text)
  if (spaced.length > 0) return spaced.length === 1 ? spaced[0] : undefined
  const lower = text.toLowerCase()
  const [first, ...others] = names.filter((name) => tidy(name).toLowerCase() === lower)
  return others.length === 0 ? first : undefined
}

/**
 * The text of a relation: what `parseRelation` reads as this relation, with the same vocabulary. (What no text says, an
 * owner in whatever place, is `own, all`.)
 */
export function writeRelation(relation: Relation, { containers: kinds }: RelationVocabulary): string {
  const { owner, org, containers, attributes, isShared } = relation
  const inside = new Map(Object.entries(containers))
  const isOutside = org === 'none' && kinds.every((kind) => inside.get(kind) === 'none')
  const narrowing = [
    ...Object.entries(attributes).map(([name, value]) => `${name} = ${valueText(String(value))}`),
    ...(isShared ? ['shared'] : [])
  ]
  if (owner !== 'any' && isOutside) return [owner, ...narrowing].join(', ')
  const inOrder = [...kinds.filter((kind) => inside.has(kind)), ...inside.keys()]
  const placed = [
    ...(org === 'any' ? [] : [`${placeWord(org)} org`]),
    ...[...new Set(inOrder)].map((kind) => `${placeWord(inside.get(kind) ?? 'none')} ${kind}`)
  ]
  const parts = [...(owner === 'any' ? [] : [owner]), ...placed]
  if (placed.length === 0 && (owner !== 'any' || narrowing.length === 0)) parts.push('all')
  return [...parts, ...narrowing].join(', ')
}

function placeWord(place: ContainerRelation): string {
  return place === 'none' ? 'no' : place
}
