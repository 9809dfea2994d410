// Where a request comes from: the other end of the connection, or what the proxy in front of the service says of it.
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { isIPv6 } from 'node:net'
import type { AppEnv } from './environment.js'

/** Who has one address of IPv6 has the 2⁶⁴ beside it. */
const ownBlocks = 4

/**
 * The address of the network that a request comes from. Anybody may send the header of a proxy: it counts where one stands
 * in front of the service, and the last address in it is the one that this proxy saw.
 */
export function addressOf(context: Context<AppEnv>): string {
  const forwarded = context.get('isBehindProxy')
    ? context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
    : undefined
  return networkOf(forwarded ?? getConnInfo(context).remote.address ?? '')
}

export function networkOf(address: string): string {
  const [, ipv4] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  if (ipv4 !== undefined || !isIPv6(address)) return ipv4 ?? address
  // As the platform writes it: shortened in one way.
  const text = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [head = '', tail] = text.split('::')
  const [before, after] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')))
  const zeros = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0)
  const blocks = [...(before ?? []), ...Array.from({ length: zeros }, () => '0'), ...(after ?? [])]
  return `${blocks.slice(0, ownBlocks).join(':')}::/64`
}
