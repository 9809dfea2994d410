// Which policies the proofs cover. They enumerate the kinds of objects and the sets of roles that a policy can tell
// apart; what they do not enumerate yet is refused here, so that no statement is called proved that was not.
import type { CompiledPolicy } from './compile.js'
import type { PolicyData } from '../document/types.js'
import { CasemateError } from '../errors.js'

const cached = new WeakMap<PolicyData, string | undefined>()

/** @throws CasemateError `not_expressible` for a policy with a part that proofs do not cover; it names the part. */
export function requireProvable({ document }: Pick<CompiledPolicy, 'document'>): void {
  if (!cached.has(document)) cached.set(document, partBeyond(document))
  const part = cached.get(document)
  if (part === undefined) return
  const message = `${part}: proofs, differences and findings do not cover this part of a policy yet`
  throw new CasemateError('not_expressible', message, { value: part })
}

/** The path of the first part that proofs do not cover; `undefined` where they cover all. */
function partBeyond({ containers = [], resources, roles = {} }: PolicyData): string | undefined {
  if (containers.length > 0) return 'containers'
  for (const [name, { attributes, implies, acl }] of Object.entries(resources)) {
    if (Object.keys(attributes ?? {}).length > 0) return `resources.${name}.attributes`
    if (Object.keys(implies ?? {}).length > 0) return `resources.${name}.implies`
    if (typeof acl === 'object') return `resources.${name}.acl`
  }
  const including = Object.entries(roles).find(([, { includes = [] }]) => includes.length > 0)
  return including && `roles.${including[0]}.includes`
}
