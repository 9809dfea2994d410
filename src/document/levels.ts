// The levels that the grants of a document can have, and the kinds of its roles: those of every policy, and for each
// container two levels and one kind. Names only, of documents that may be wrong: what a level reaches is in `levels.ts`.
import { containerLevels } from '../levels.js'
import { fieldOf, itemsOf } from './read.js'

/** Where the objects of a level are: anywhere, in one organization, in one container (by its name), or in neither. */
export type LevelPlace = 'site' | 'org' | 'user' | (string & {})

/** A level of grants. */
export interface DocumentLevel {
  readonly name: string
  /** Where its objects are. The two levels of an organization or container have the same place. */
  readonly place: LevelPlace
}

/**
 * The names of the containers of a document of any shape, each once. Without those that are levels or kinds already:
 * they are reported, and what uses them is not looked at twice.
 */
export function containersOf(document: unknown): readonly string[] {
  const taken = new Set(['site', 'org', 'orgMember', 'user', '__proto__'])
  const names: string[] = []
  for (const [, container] of itemsOf(fieldOf(document, 'containers'))) {
    const name = fieldOf(container, 'name')
    if (typeof name !== 'string') continue
    const own = containerLevels(name)
    if (own.some((level) => taken.has(level))) continue
    names.push(name)
    for (const level of own) taken.add(level)
  }
  return names
}

/** The levels of a document with these containers, in the order in which they are asked. */
export function levelsOf(containers: readonly string[]): readonly DocumentLevel[] {
  return [
    { name: 'site', place: 'site' },
    { name: 'org', place: 'org' },
    { name: 'orgMember', place: 'org' },
    ...containers.flatMap((place) => containerLevels(place).map((name) => ({ name, place }))),
    { name: 'user', place: 'user' }
  ]
}

/** The kinds of roles in a document with these containers. */
export function kindsOf(containers: readonly string[]): readonly string[] {
  return ['site', 'org', ...containers]
}
