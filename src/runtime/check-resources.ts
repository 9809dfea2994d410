// Checks the containers and the resources of a compiled file: where objects are, their attributes, what entries of their
// ACLs say, and which actions imply others.
import { implyingActions } from '../compile/implied.js'
import { findCircles, type Reference } from '../document/check/circles.js'
import type { Path } from '../problems/path.js'
import {
  checkAttributeName,
  checkCatalogueName,
  checkContainerName,
  checkLevelName,
  type Spellings
} from './check-names.js'
import { checkActions, checkTakesOut } from './check-sets.js'
import type { Known, KnownResource } from './known.js'
import {
  readEach,
  readFields,
  readList,
  readOneOf,
  readText,
  readTexts,
  refuse,
  type Visit
} from './read-content.js'

const mostContainers = 3
const fewestValues = 2
const mostValues = 16
const mostCombinations = 64
const attributeText = /^[^,()|=`\p{Cc}]{1,64}$/u

const placements = [undefined, 'optional', 'required', 'never']
const flags = [undefined, true, false]

/** The names of the containers. */
export function checkContainers(given: unknown, path: Path): readonly string[] {
  const names: string[] = []
  const list = readList(given, path)
  if (list.length > mostContainers) refuse(path, `at most ${mostContainers} containers`, list)
  list.forEach((container, i) => {
    const at = [...path, i, 'name']
    const name = readText(readFields(container, [...path, i], ['name'])['name'], at)
    checkContainerName(name, at, names)
    names.push(name)
  })
  return names
}

/** Adds each resource to what is known. */
export function checkResources(known: Known): Visit {
  const names: Spellings = new Map()
  const actionNames: Spellings = new Map()
  return (resource, path, name) => {
    const fields = readFields(resource, path, ['org', 'in', 'attributes', 'acl', 'actions', 'implies'])
    const { org, acl, actions, implies } = fields
    readOneOf(org, [...path, 'org'], placements)
    checkCatalogueName(name, path, 'all', names)
    const attributes = checkAttributes(fields['attributes'], [...path, 'attributes'], known)
    const own = new Set<string>()
    readEach(actions, [...path, 'actions'], (text, at, action) => {
      checkCatalogueName(action, at, 'manage', actionNames)
      readText(text, at)
      own.add(action)
      known.actions.add(action)
    })
    const implying = checkImplies(implies, [...path, 'implies'], name, own)
    const made = {
      actions: own,
      org,
      in: checkIn(fields['in'], [...path, 'in'], known),
      attributes,
      implying
    }
    checkAcl(acl, [...path, 'acl'], name, made)
    known.resources.set(name, made)
  }
}

function checkIn(given: unknown, path: Path, { containers }: Known): KnownResource['in'] {
  if (given === undefined) return new Map()
  const places = readEach(given, path, (placement, at, container) => {
    if (!containers.includes(container)) refuse(at, 'a container', container)
    readOneOf(placement, at, placements)
  })
  return new Map(Object.entries(places))
}

function checkAttributes(given: unknown, path: Path, { containers }: Known): KnownResource['attributes'] {
  const attributes = new Map<string, readonly unknown[]>()
  if (given === undefined) return attributes
  let combinations = 1
  readEach(given, path, (attribute, at, name) => {
    checkAttributeName(name, at, containers)
    const fields = readFields(attribute, at, ['values', 'default'])
    const values = readList(fields['values'], [...at, 'values'])
    if (!areAttributeValues(values))
      refuse([...at, 'values'], `${fewestValues} to ${mostValues} different texts, or true and false`, values)
    readOneOf(fields['default'], [...at, 'default'], [undefined, ...values])
    combinations *= values.length
    attributes.set(name, values)
  })
  if (combinations > mostCombinations)
    refuse(path, `at most ${mostCombinations} combinations of values`, combinations)
  return attributes
}

function areAttributeValues(values: readonly unknown[]): boolean {
  if (values.length < fewestValues || values.length > mostValues) return false
  if (new Set(values).size < values.length) return false
  return (
    values.every((value) => typeof value === 'boolean') ||
    values.every((value) => typeof value === 'string' && attributeText.test(value))
  )
}

function checkImplies(
  given: unknown,
  path: Path,
  resource: string,
  actions: ReadonlySet<string>
): KnownResource['implying'] {
  if (given === undefined) return new Map()
  const implied: Record<string, readonly string[]> = {}
  const references = new Map<string, readonly Reference<Path>[]>()
  const checkAction = (action: string, at: Path): void => {
    if (!actions.has(action)) refuse(at, `an action of ${resource}`, action)
  }
  readEach(given, path, (list, at, action) => {
    checkAction(action, at)
    const targets: Reference<Path>[] = []
    readTexts(list, at, (to, place) => {
      checkAction(to, place)
      targets.push({ to, place })
    })
    references.set(action, targets)
    implied[action] = targets.map(({ to }) => to)
  })
  for (const { to, place } of findCircles(references)) refuse(place, 'no circle', to)
  return implyingActions(implied)
}

function checkAcl(acl: unknown, path: Path, resource: string, known: KnownResource): void {
  if (typeof acl !== 'object') {
    readOneOf(acl, path, flags)
    return
  }
  const { levels, members, requires, overridesDeny } = readFields(acl, path, [
    'levels',
    'members',
    'requires',
    'overridesDeny'
  ])
  readOneOf(members, [...path, 'members'], flags)
  readOneOf(overridesDeny, [...path, 'overridesDeny'], flags)
  if (requires !== undefined) readOneOf(requires, [...path, 'requires'], [...known.actions])
  if (levels === undefined) return
  readEach(levels, [...path, 'levels'], (list, at, level) => {
    checkLevelName(level, at)
    if (known.actions.has(level)) refuse(at, 'another name than an action has', level)
    checkActions(list, at, resource, known)
    checkTakesOut(list, at, known)
  })
}
