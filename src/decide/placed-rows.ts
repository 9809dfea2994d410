// The ordinary question about objects that have attributes or may be in containers, or that must or must not be in an
// organization: which roles alone decide. Lookups only; `test/model.ts` has the laws.
import type { Catalogue } from '../compile/catalogue.js'
import {
  FIRST,
  FURTHER,
  IN_CONTAINER,
  IN_ORG,
  NO_CONTAINER,
  NO_ORG,
  SECOND,
  THIRD,
  type FieldsOfRows
} from '../compile/row-fields.js'
import {
  MEMBER_DENY,
  memberVote,
  ORG_DENY,
  orgVote,
  SITE_DENY,
  siteVote,
  USER_ALLOW,
  userVote
} from '../levels.js'
import type { SubjectState } from '../request/state.js'
import type { ObjectRef } from '../types.js'
import { uniteOrgs } from './any-org.js'
import { HeldPlaces } from './held-index.js'
import { firstContainer, numberWith, secondContainer, thirdContainer } from './read-row.js'

/** What is said of a row; `UNKNOWN` where it has to be read again. */
export type Answer = typeof ALLOW | typeof DENY | typeof UNKNOWN
export const DENY = 0
export const ALLOW = 1
export const UNKNOWN = 2

const FIELDS = FIRST | SECOND | THIRD | FURTHER

/** A subject's roles, laid out for rows. Made by the first question that is about such an object. */
export class PlacedRows {
  readonly #id: string
  readonly #fields: FieldsOfRows
  readonly #site: Uint8Array
  readonly #orgs: HeldPlaces
  readonly #kinds: number
  readonly #first: string
  readonly #inFirst: HeldPlaces
  readonly #second: string
  readonly #inSecond: HeldPlaces
  readonly #third: string
  readonly #inThird: HeldPlaces
  #someOrg: Uint8Array | undefined

  constructor({ id, site, orgs, containers }: SubjectState, { containers: kinds, grid }: Catalogue) {
    const [first = '', second = '', third = ''] = kinds
    const [inFirst = noneHeld, inSecond = noneHeld, inThird = noneHeld] = containers
    this.#id = id
    this.#fields = grid.fields
    this.#site = site.table
    this.#orgs = new HeldPlaces(orgs)
    this.#kinds = kinds.length
    this.#first = first
    this.#inFirst = new HeldPlaces(inFirst)
    this.#second = second
    this.#inSecond = kinds.length < 2 ? nowhere : new HeldPlaces(inSecond)
    this.#third = third
    this.#inThird = kinds.length < 3 ? nowhere : new HeldPlaces(inThird)
    this.#someOrg = undefined
  }

  /** What some organization says; made by the first question that asks `anyOrg`. */
  inSomeOrg(state: SubjectState): Uint8Array {
    return (this.#someOrg ??= uniteOrgs(state))
  }

  /**
   * `number` is that of the permission on objects with the first value of each attribute, `form` says what its objects
   * may have. `UNKNOWN` for lists of ids and whatever is malformed.
   */
  answer(
    number: number,
    form: number,
    org: string | undefined,
    owner: string | null | undefined,
    object: ObjectRef
  ): Answer {
    const index = (form & FIELDS) === 0 ? number : numberWith(this.#fields, form, number, object)
    const kinds = this.#kinds
    let places = org === undefined ? NO_ORG : IN_ORG
    let id: string | undefined = ''
    if (kinds > 0) {
      id = firstContainer(object, this.#first)
      if (id === undefined) return UNKNOWN
      places |= id === '' ? NO_CONTAINER : IN_CONTAINER
      if (kinds > 1) return this.#several(index, form, places, org, owner, object, id)
    }
    if (index < 0 || (places & ~form) !== 0) return UNKNOWN
    const site = this.#site[index] ?? 0
    if ((site & siteVote) !== 0) return (site & SITE_DENY) === 0 ? ALLOW : DENY
    if (org !== undefined) {
      const votes = this.#orgs.votes(org, index)
      if ((votes & orgVote) !== 0) return (votes & ORG_DENY) === 0 ? ALLOW : DENY
      if ((votes & memberVote) !== 0 && owner === this.#id) return (votes & MEMBER_DENY) === 0 ? ALLOW : DENY
      if (id === '') return DENY
    } else if (id === '') return (site & userVote) === USER_ALLOW && owner === this.#id ? ALLOW : DENY
    const votes = this.#inFirst.votes(id, index)
    if ((votes & orgVote) !== 0) return (votes & ORG_DENY) === 0 ? ALLOW : DENY
    return (votes & memberVote) !== 0 && (votes & MEMBER_DENY) === 0 && owner === this.#id ? ALLOW : DENY
  }

  /** The same in a policy of two or three containers. */
  #several(
    index: number,
    form: number,
    found: number,
    org: string | undefined,
    owner: string | null | undefined,
    object: ObjectRef,
    first: string
  ): Answer {
    const second = secondContainer(object, this.#second)
    const third = this.#kinds < 3 ? '' : thirdContainer(object, this.#third)
    if (second === undefined || third === undefined) return UNKNOWN
    const places =
      found |
      (second === '' ? NO_CONTAINER << 2 : IN_CONTAINER << 2) |
      (this.#kinds < 3 ? 0 : third === '' ? NO_CONTAINER << 4 : IN_CONTAINER << 4)
    if (index < 0 || (places & ~form) !== 0) return UNKNOWN
    const site = this.#site[index] ?? 0
    if ((site & siteVote) !== 0) return (site & SITE_DENY) === 0 ? ALLOW : DENY
    const isInside = first !== '' || second !== '' || third !== ''
    if (org === undefined && !isInside)
      return (site & userVote) === USER_ALLOW && owner === this.#id ? ALLOW : DENY
    if (org !== undefined) {
      const votes = this.#orgs.votes(org, index)
      if ((votes & orgVote) !== 0) return (votes & ORG_DENY) === 0 ? ALLOW : DENY
      if ((votes & memberVote) !== 0 && owner === this.#id) return (votes & MEMBER_DENY) === 0 ? ALLOW : DENY
    }
    if (first !== '') {
      const votes = this.#inFirst.votes(first, index)
      if ((votes & orgVote) !== 0) return (votes & ORG_DENY) === 0 ? ALLOW : DENY
      if ((votes & memberVote) !== 0 && owner === this.#id) return (votes & MEMBER_DENY) === 0 ? ALLOW : DENY
    }
    if (second !== '') {
      const votes = this.#inSecond.votes(second, index)
      if ((votes & orgVote) !== 0) return (votes & ORG_DENY) === 0 ? ALLOW : DENY
      if ((votes & memberVote) !== 0 && owner === this.#id) return (votes & MEMBER_DENY) === 0 ? ALLOW : DENY
    }
    if (third === '') return DENY
    const votes = this.#inThird.votes(third, index)
    if ((votes & orgVote) !== 0) return (votes & ORG_DENY) === 0 ? ALLOW : DENY
    return (votes & memberVote) !== 0 && (votes & MEMBER_DENY) === 0 && owner === this.#id ? ALLOW : DENY
  }
}

const noneHeld: SubjectState['orgs'] = new Map()
const nowhere = new HeldPlaces(noneHeld)
