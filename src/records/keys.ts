// Hashes by which a log names what it describes once: a policy, a subject, a custom role.
import { createHash } from 'node:crypto'
import type { Policy } from '../policy/types/index.js'
import { toCompiled } from '../policy/to-compiled.js'

/** The hash of a text, short enough for every line: 132 bits. */
export function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

/**
 * The hash of what a policy decides by: its document without texts for people, and its options. Custom roles are no part
 * of it. The `policy` of a recorded decision.
 */
export function policyHash(policy: Policy): string {
  return keyOf(JSON.stringify(toCompiled(policy).content.document))
}
