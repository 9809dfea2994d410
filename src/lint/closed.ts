// A rule about ACLs that nobody can use: their entries count for those whom roles allow an action that nobody is allowed.
import { quoteValue } from '../problems/quote.js'
import type { Rule } from './types.js'
import { isEverAllowed } from './votes.js'

export const closedAcl: Rule = {
  id: 'closed-acl',
  severity: 'error',
  summary: 'An ACL whose entries never count: nobody is ever allowed the action that it `requires`.',
  help: 'Give the action to a role, or take `requires` out.',
  *find({ compiled: { catalogue, systemSubjects }, voters, byResource }) {
    // Entries name users and groups: a service without an id is neither.
    const named = voters.filter(
      ({ role, name }) =>
        role !== undefined || systemSubjects.get(name.slice('system:'.length))?.document.id !== undefined
    )
    for (const { name, sharing } of catalogue.resources.values()) {
      const { requires } = sharing
      if (requires === undefined) continue
      const gates = (byResource.get(name) ?? []).filter(({ action }) => action === requires)
      if (!gates.some((gate) => named.some((voter) => isEverAllowed(voter, gate, catalogue))))
        yield {
          at: ['resources', name, 'acl', 'requires'],
          message: `no entry ever counts: no role allows ${quoteValue(requires)}`
        }
    }
  }
}
