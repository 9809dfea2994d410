// Steps in a few words.
import type { GrantStep, MissingStep, RelationStep, RoleStep } from './types.js'

/** A step in a few words. */
export function describeStep(step: MissingStep): string {
  switch (step.kind) {
    case 'role':
      return `the role ${step.role}${placeText(step)}`
    case 'grant':
      return `a grant of ${step.permission} at ${step.level}${placeText(step)}`
    case 'scope':
      return `the scope ${step.scope}`
    case 'entry':
      return `the entry ${step.entry} in the allow list`
    case 'org':
      return `the entry ${step.org} in the list of organizations`
    case 'relation':
      return relationText(step)
  }
}

function placeText({ org, container }: RoleStep | GrantStep): string {
  if (container !== undefined) return ` in the ${container.kind} ${container.id}`
  return org === undefined ? '' : ` in ${org}`
}

function relationText({ field, value }: RelationStep): string {
  if (field === 'owner')
    return value === undefined ? 'an object without owner' : `an object that ${value} owns`
  const place = field === 'org' ? 'organization' : field
  return value === undefined ? `an object in no ${place}` : `an object in the ${place} ${value}`
}
