// What a failed expectation about one decision says: who asked what, why the answer is what it is, what it would take.
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

/** Why the answer came out so, with the object; for a refusal the smallest change that would allow it. */
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
  const { system, site, orgs, ceilings } = stateOf(subject)
  if (system !== undefined) return `system:${system.name}`
  // An organization role that votes at the site stands there too, and is named where it is held alone.
  const atSite = site.members.flatMap(({ role, document }) => (document?.kind === 'site' ? [role] : []))
  const inOrgs = [...orgs].flatMap(([org, { members }]) => members.map(({ role }) => `${role} in ${org}`))
  const roles = [...atSite, ...inOrgs].join(', ')
  const key = ceilings.length === 0 ? '' : ', with a ceiling'
  return `${subject.id} (${roles === '' ? 'no role' : roles}${key})`
}
