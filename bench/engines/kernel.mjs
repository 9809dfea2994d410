// The floor: the hand-coded kernel, by name and with a resolved permission.
// It cannot express scopes, ACLs and anyOrg, and trusts its input; so it does not run the agent.
import { kernelFor } from '../kernel.mjs'
import { permissionsOf } from '../workload.mjs'

/** `make` is another copy of the kernel, for one that V8 shall learn nothing else of. */
export function kernel({ document, inputs }, make = kernelFor) {
  const { subject, check, checkPerm, perm } = make(document)
  const base = { subjects: inputs.map(subject), covers: (_, input) => input.scopes === undefined }
  return [
    { ...base, name: 'kernel, by name', decide: (s, action, object) => check(s, action, object) },
    {
      ...base,
      name: 'kernel, by permission',
      permissions: permissionsOf(document).map(({ type, action }) => perm(type, action)),
      decide: (s, action, object, permission) => checkPerm(s, permission, object)
    }
  ]
}
