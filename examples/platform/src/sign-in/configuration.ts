// What both providers' configurations of openid-client have in common.
import * as client from 'openid-client'

/** For how many seconds a provider is waited for. */
export const timeout = 10

/**
 * What to do to a configuration so that it may ask this address: nothing, unless it is one of this very machine, which is
 * asked without TLS. Every other address needs TLS.
 */
export function permitted({ protocol, hostname }: URL): ((configuration: client.Configuration) => void)[] {
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated only so that it stands out
  return protocol === 'http:' && isLoopback ? [client.allowInsecureRequests] : []
}
