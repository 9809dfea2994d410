// "Who can": above each action those who may, proved over all objects.
import { visible } from '../../output/visible.js'
import type { Policy } from '../../policy/types/index.js'
import { whoCan } from '../../verify/index.js'

/** More names than fit on a line are counted. */
const mostNamed = 6

/** Who may do something, in one line. */
export function whoCanText(policy: Policy, permission: string): string {
  try {
    const holders = whoCan(policy, permission).map(
      ({ subject, everywhere, reach }) => `${subject}${everywhere ? '' : ` (${reach})`}`
    )
    const more = holders.length - mostNamed
    const named = holders.slice(0, mostNamed).join(', ')
    return visible(
      `who can: ${named === '' ? 'nobody by a role' : named}${more > 0 ? ` and ${more} more` : ''}`
    )
  } catch (error) {
    return visible(`who can: not said, ${error instanceof Error ? error.message : String(error)}`)
  }
}
