// The message of a failed expectation: who asked what, why the answer is what it is, and what would allow it.
import type { Subject } from '../policy/types/index.js'
import { jsonText } from '../output/json.js'
import { terminalLine } from '../output/terminal.js'
import type { Decision } from '../types.js'
import { describeDecision } from '../verify/index.js'
import { describeStep, missing } from '../missing/index.js'
import { stateOf } from '../request/state.js'

/** ``u1 (viewer in acme) to be allowed to `delete` this `project` ``, after `expected` and `not`. */
export function expectedText(subject: Subject, { action, object }: Decision, answer: string): string {
  return terminalLine(`${nameOf(subject)} to be ${answer} \`${action}\` on this \`${object.type}\``)
}

/** The reason of the answer, with the object; for a refusal also the smallest change that would allow it. */
export function becauseText(subject: Subject, decision: Decision): string {
  const { action, object, allowed } = decision
  const change = allowed ? undefined : missing(subject, action, object)
  return [
    `  ${allowed ? 'allowed' : 'refused'}: ${describeDecision(decision)}`,
    `  ${jsonText(object)}`,
    ...(change === undefined ? [] : [`  it would take ${change.steps.map(describeStep).join(' and ')}`])
  ]
    .map(terminalLine)
    .join('\n')
}

function nameOf(subject: Subject): string {
  const { system, site, orgs, containers, ceilings } = stateOf(subject)
  if (system !== undefined) return `system:${system.name}`
  // `site` also has organization roles that vote at the site; they are named only where they are held.
  const atSite = site.members.flatMap(({ role, document }) => (document?.kind === 'site' ? [role] : []))
  const inPlaces = [orgs, ...containers].flatMap((held) =>
    [...held].flatMap(([place, { members }]) => members.map(({ role }) => `${role} in ${place}`))
  )
  const roles = [...atSite, ...inPlaces].join(', ')
  const key = ceilings.length === 0 ? '' : ', with a ceiling'
  return `${subject.id} (${roles === '' ? 'no role' : roles}${key})`
}
