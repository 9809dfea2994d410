// What the policy does not say of objects, because it is about people's power over each other: nobody acts on their own
// access, and nobody on an account whose roles they could not give and take themselves. Else a reset password, or a key
// made for somebody, would be a way to their roles.
import { ApiError } from '../api-error.js'
import type { AppSubject } from '../policy.js'
import type { Context } from './context.js'
import { heldBy, type HeldRole } from './roles.js'

/** @throws ApiError for what nobody may change of themselves, whatever their roles. */
export function refuseSelf({ subject }: Context, userId: string, what: string): void {
  if (subject.id === userId) throw new ApiError(403, `You cannot change ${what}.`)
}

/**
 * Asked of the person, whatever their key lets through; with `isKeyAsked`, of what the key lets through: where somebody
 * would get all power of the account.
 *
 * @throws ApiError unless it is the subject itself, or one who could give and take each of the roles of this user.
 */
export async function refuseAbove(context: Context, userId: string, isKeyAsked = false): Promise<void> {
  const { subject, key, roles } = context
  // A service of the application has no key, and acts for whoever has shown who they are.
  if (key === undefined || subject.id === userId) return
  const policy = roles.policy()
  const asked = isKeyAsked ? subject : await personOf(context)
  for (const { role, kind, id } of await heldBy(context, userId)) {
    const place = placeOf({ kind, id })
    // A role that only code gives, nobody could give; and one that means nothing any more gives nothing.
    const known = kind === 'site' ? policy.roles.get(role) : policy.roles.get(role, id, kind)
    if (known?.isAssignable !== true) continue
    if (!asked.canAssign(role, place) || !asked.canUnassign(role, place))
      throw new ApiError(403, 'This account has a role that you could not give and take.', {
        detail: `To act on the access of somebody who holds the role ${role}, one must be allowed to give and take it.`
      })
  }
}

/** Who asks, whatever key they came with. Read on the connection of the transaction: the others may all be waiting for it. */
async function personOf(context: Context): Promise<AppSubject> {
  const { subject, roles } = context
  const held = await heldBy(context, subject.id)
  return roles.policy().subject({
    id: subject.id,
    roles: held.map(({ role, ...place }) => ({ role, ...placeOf(place) }) as never)
  })
}

function placeOf({ kind, id }: Omit<HeldRole, 'role'>): Readonly<Record<string, string>> | undefined {
  return kind === 'site' ? undefined : { [kind]: id }
}
