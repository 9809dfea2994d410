// The clients of load-platform.ts, in a process of their own.
import type { Measured } from './load-platform.js'

export interface Load {
  readonly url: string
  readonly clients: number
  readonly seconds: number
  /** Of users with different roles. */
  readonly tokens: readonly string[]
  readonly agent: { readonly id: string; readonly token: string }
}

if (process.send !== undefined)
  process.once('message', (load: Load) => {
    void ask(load).then((measured) => process.send?.(measured, () => process.exit()))
  })

/** Asks as often as it is answered. */
export async function ask({ url, clients, seconds, tokens, agent }: Load): Promise<Measured> {
  const statuses: Record<number, number> = {}
  const times: number[] = []
  const end = Date.now() + seconds * 1000
  const logs = JSON.stringify({ logs: [{ allowed: true, method: 'GET', url: 'https://example.com/' }] })
  const requests: readonly (readonly [method: string, path: string, body?: string])[] = [
    ['GET', '/users/me'],
    ['GET', '/users?limit=20'],
    ['GET', '/users/ada'],
    ['GET', '/users/me/organizations'],
    ['GET', '/users/me/keys/tokens'],
    ['PUT', '/users/me/preferences', '{"task_notification_alert_dismissed":true}'],
    ['GET', '/boundary-logs?count=20'],
    ['GET', '/users/me/roles']
  ]
  const one = async (number: number): Promise<void> => {
    for (let i = number; Date.now() < end; i++) {
      const isAgent = i % 10 === 0
      const [method, path, body] = isAgent
        ? (['POST', `/agents/${agent.id}/boundary-logs`, logs] as const)
        : (requests[i % requests.length] ?? (['GET', '/users'] as const))
      const token = isAgent ? agent.token : (tokens[number % tokens.length] ?? '')
      const headers = { 'coder-session-token': token, 'content-type': 'application/json' }
      const start = performance.now()
      const response = await fetch(`${url}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body })
      })
      await response.arrayBuffer()
      times.push(performance.now() - start)
      statuses[response.status] = (statuses[response.status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => one(number)))
  return { statuses, times }
}
