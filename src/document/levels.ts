// The levels that the grants of a document can have, and the kinds of its roles: those of every policy, and for each
// container two levels and one kind. Names only: what a level reaches is decided elsewhere.
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
    if (typeof name !== 'string' || taken.has(name) || taken.has(memberLevel(name))) continue
    names.push(name)
    taken.add(name).add(memberLevel(name))
  }
  return names
}

/** The level of the objects in a container that the holder of a role owns. */
export function memberLevel(container: string): string {
  return `${container}Member`
}

/** The levels of a document with these containers, in the order in which they are asked. */
export function levelsOf(containers: readonly string[]): readonly DocumentLevel[] {
  return [
    { name: 'site', place: 'site' },
    { name: 'org', place: 'org' },
    { name: 'orgMember', place: 'org' },
    ...containers.flatMap((name) => [
      { name, place: name },
      { name: memberLevel(name), place: name }
    ]),
    { name: 'user', place: 'user' }
  ]
}

/** The kinds of roles in a document with these containers. */
export function kindsOf(containers: readonly string[]): readonly string[] {
  return ['site', 'org', ...containers]
}
