// What a resource may have besides its name, its actions and its organization: containers, attributes, implied actions,
// and settings for its ACLs.
import type { AclDocument, AttributeDocument, ResourceDocument } from '../../src/document/types.js'
import type { Dice } from './dice.js'
import { rollActionList } from './grants.js'
import * as names from './names.js'
import type { AttributeValue, OrgPlacement } from '../../src/types.js'

/** The resource with such parts, some of them or none. */
export function rollParts(
  dice: Dice,
  resource: ResourceDocument,
  containers: readonly string[]
): ResourceDocument {
  const places = containers.flatMap((name): [string, OrgPlacement][] => {
    const placement = dice.pick<OrgPlacement | undefined>([
      'optional',
      undefined,
      'required',
      'optional',
      'optional',
      'never'
    ])
    return placement === undefined ? [] : [[name, placement]]
  })
  // Three attributes of four values are the 64 combinations that a resource may have at most.
  const attributes = dice.some(names.attributeNames, 0, 3).map((name) => [name, rollAttribute(dice)] as const)
  const implies = rollImplies(dice, Object.keys(resource.actions))
  const parts: ResourceDocument = {
    ...resource,
    ...(places.length > 0 ? { in: Object.fromEntries(places) } : {}),
    ...(attributes.length > 0 ? { attributes: Object.fromEntries(attributes) } : {}),
    ...(Object.keys(implies).length > 0 ? { implies } : {})
  }
  return resource.acl === true && dice.chance(75) ? { ...parts, acl: rollAcl(dice, parts) } : parts
}

function rollAttribute(dice: Dice): AttributeDocument {
  const values = dice.pick<readonly AttributeValue[]>([
    ['draft', 'published'],
    [true, false],
    ['low', 'mid', 'high'],
    ['true', 'false'],
    ['constructor', '__proto__', 'a.b', '$né 役']
  ])
  return { values, ...(dice.chance(70) ? { default: dice.pick(values) } : {}) }
}

/** No circle: an action implies only such as come after it in one order. */
function rollImplies(dice: Dice, actions: readonly string[]): Record<string, readonly string[]> {
  if (actions.length < 2 || !dice.chance(75)) return {}
  const inOrder = dice.some(actions, actions.length, actions.length)
  const chosen = inOrder.slice(0, -1).flatMap((action, at): [string, string[]][] => {
    const later = inOrder.slice(at + 1)
    return dice.chance(65) ? [[action, dice.some(later, dice.chance(5) ? 0 : 1, 2)]] : []
  })
  return Object.fromEntries(chosen)
}

function rollAcl(dice: Dice, resource: ResourceDocument): AclDocument {
  const actions = Object.keys(resource.actions)
  const levels = dice
    .some(names.aclLevelNames, 0, 3)
    .filter((level) => !actions.includes(level))
    .map((level) => [level, rollActionList(dice, actions, [resource])] as const)
  return {
    ...(levels.length > 0 ? { levels: Object.fromEntries(levels) } : {}),
    ...(dice.chance(50) ? { members: dice.chance(60) } : {}),
    ...(dice.chance(40) ? { requires: dice.pick(actions) } : {}),
    ...(dice.chance(50) ? { overridesDeny: !dice.chance(60) } : {})
  }
}
