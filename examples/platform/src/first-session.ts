// For who tries the service: the first account of an empty database, and requests to send in its session.
import { randomBytes } from 'node:crypto'

/** What to print. A database that has people already has its sessions too. */
export async function firstSession(address: string): Promise<string> {
  const api = `${address}/api/v2/users`
  const post = async (path: string, body: Readonly<Record<string, string>>): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${api}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  if ((await fetch(`${api}/first`)).ok) return ''
  const [email, password] = ['ada@example.com', randomBytes(12).toString('base64url')]
  await post('first', { email, username: 'ada', name: 'Ada', password })
  const { session_token: token } = (await post('login', { email, password })) as { session_token: string }
  return `
The first account is ${email} with the password ${password}. In its session:

  export API=${address}/api/v2 SESSION=${token}
  curl -H "Coder-Session-Token: $SESSION" $API/users/me
  curl -H "Coder-Session-Token: $SESSION" $API/users/me/keys/tokens -H 'content-type: application/json' \\
    -d '{"scopes":["user:read"],"token_name":"reader"}'`
}
