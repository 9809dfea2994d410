// What a cell of a matrix says: how far an action reaches, where it is denied, and a question that shows it. Every answer
// is one of the policy about an object of a class; nothing is worked out twice.
import type { CompiledPermission, CompiledResource } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { DecidingSubject } from '../decide/subject.js'
import { writeRelation, type Relation } from '../document/relation.js'
import { stateOf } from '../request/state.js'
import type { Level } from '../types.js'
import { relationClasses, type RelationClass } from '../verify/space/classes.js'
import { permissionsOf, ReachMemory, votesKey } from '../verify/space/reach.js'
import { isAbout, vocabularyOf } from '../verify/space/relations.js'
import { subjectOf } from '../verify/space/requests.js'
import type { ExploreRequest } from './request.js'
import type { Asker } from './rows.js'

/** One cell. */
export interface Cell {
  /** `yes`, `no`, or where: `own org`; of one relation `yes`, `no`, `some`, or `none` where there is no such object. */
  readonly says: string
  /** The levels at which something is denied, widest first. */
  readonly denied: readonly Level[]
  /** A question that shows it: an allowed one, else a denied one; absent where there is no such object. */
  readonly example: ExploreRequest | undefined
}

/** A column of objects, relative to whoever asks. */
export interface RelationColumn {
  /** In the words of a matrix page: `own, own org`. */
  readonly text: string
  readonly relation: Relation
}

/** Cells by all that decides them: even hundreds of roles have few different ones. */
export class CellMemory {
  readonly #reaches = new ReachMemory()
  readonly #cells = new Map<string, Cell>()

  /** How far an action reaches for somebody, over all objects; ACL entries are left out. */
  reach(asker: Asker, resource: string, action: string): Cell {
    const asked = askedOf(asker, resource, action)
    if (asked === undefined) return noCell
    const { subject, permission } = asked
    return this.#remember(asker, asked, '', () => ({
      ...look(asker, asked, () => true),
      says: this.#reaches.of(subject, permission)
    }))
  }

  /** The same of the objects of one relation. */
  relation(asker: Asker, resource: string, action: string, { relation, text }: RelationColumn): Cell {
    const asked = askedOf(asker, resource, action)
    if (asked === undefined) return noCell
    return this.#remember(asker, asked, text, () => look(asker, asked, (one) => isAbout(relation, one)))
  }

  #remember({ data }: Asker, { subject, permission }: Asked, about: string, make: () => Cell): Cell {
    const votes = votesKey(subject, permission)
    if (votes === undefined) return make()
    const key = `${about} ${votes}`
    const cell = this.#cells.get(key) ?? make()
    this.#cells.set(key, cell)
    const { example } = cell
    if (example === undefined) return cell
    const object = { ...example.object, type: permission.resource }
    return { ...cell, example: { subject: data, action: permission.action, object } }
  }
}

const noCell: Cell = { says: 'none', denied: [], example: undefined }

interface Asked {
  readonly subject: DecidingSubject
  readonly permission: CompiledPermission
}

const subjects = new WeakMap<Asker, DecidingSubject>()

function askedOf(asker: Asker, resource: string, action: string): Asked | undefined {
  const { compiled, data } = asker
  const permission = compiled.catalogue.resources.get(resource)?.actions.get(action)
  if (permission === undefined) return undefined
  const subject = subjects.get(asker) ?? subjectOf(compiled, data)
  subjects.set(asker, subject)
  return { subject, permission }
}

function look(
  { data }: Asker,
  { subject, permission }: Asked,
  isMeant: (one: RelationClass) => boolean
): Cell {
  const state = stateOf(subject)
  const answers = permissionsOf(permission)
    .flatMap((one) => relationClasses(state, one, { acl: false }))
    .filter(isMeant)
    .map(({ object }) => subject.explain(permission.action, object))
  const allowed = answers.filter((answer) => answer.allowed)
  const denied = new Set(
    answers.flatMap(({ votes }) => votes.flatMap(({ vote, level }) => (vote === 'deny' ? [level] : [])))
  )
  const best = allowed[0] ?? answers.find(({ reason }) => reason === 'denied') ?? answers[0]
  const isAll = allowed.length === answers.length
  return {
    says: answers.length === 0 ? 'none' : isAll ? 'yes' : allowed.length === 0 ? 'no' : 'some',
    denied: [...denied],
    example: best && { subject: data, action: permission.action, object: best.object }
  }
}

const owners = ['own', 'other'] as const
const places = ['own', 'other', 'none'] as const

/** Every relation that an object of the resource can have to somebody: who owns it, and where it is. */
export function relationsOf({ catalogue }: CompiledPolicy, resource: CompiledResource): RelationColumn[] {
  const placesFor = (placement: string | undefined): readonly (typeof places)[number][] =>
    placement === 'never' || placement === undefined
      ? ['none']
      : places.filter((place) => placement === 'optional' || place !== 'none')
  let containers: Readonly<Record<string, (typeof places)[number]>>[] = [{}]
  for (const [number, kind] of catalogue.containers.entries()) {
    if ((resource.places[number] ?? 'never') === 'never') continue
    const here = placesFor(resource.places[number])
    containers = containers.flatMap((before) => here.map((place) => ({ ...before, [kind]: place })))
  }
  const vocabulary = vocabularyOf(catalogue, [resource])
  return placesFor(resource.org).flatMap((org) =>
    containers.flatMap((inside) =>
      owners.map((owner): RelationColumn => {
        const relation: Relation = { owner, org, containers: inside, attributes: {}, isShared: false }
        return { relation, text: writeRelation(relation, vocabulary) }
      })
    )
  )
}
