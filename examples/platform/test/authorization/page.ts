// The auditor's page: every request and subject, with the status of the answer. It is data of a test, and is written anew
// from the policy by the command that the test names.
import { readFileSync, writeFileSync } from 'node:fs'
import { expectedStatus } from './expected.js'
import { requests } from './requests.js'
import { leastScopes, subjects } from './subjects.js'

const file = new URL('../../who-may.md', import.meta.url)

const text = `# Who may do what

Each cell is the status with which a request about a member is answered. The tests send every one of them to the running
service, and ask the policy itself, without the service, for the same status: neither can change alone.

- 401: nobody has signed in. 403: not allowed, and why. 404: there is no such account or key, or it is not for the one who
  asks to know.
- The keys are of an owner. One has the scopes of the second column and no others, the other has \`template:read\`.
- Who is suspended is an owner. The agent is the one in the member's workspace.
- Public requests are the same for everybody: the first account has been made, and no identity provider is configured.
- To rename somebody, to set their password, to replace their key for git, to lock them out, to close their account or to make
  keys for them, one must also be able to give and take each of their roles.

`

/** The cells, by request and subject. */
export function readPage(): Map<string, Map<string, number>> {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
  const rows = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
  )
  const [head = [], , ...body] = rows
  return new Map(
    body.map(([request = '', , ...cells]) => [
      request.replaceAll('\`', ''),
      new Map(cells.map((cell, i) => [head[i + 2] ?? '', Number(cell)]))
    ])
  )
}

/** Writes the page as the policy says. */
export function writePage(): void {
  const head = ['Request', 'Least scopes', ...subjects.map(({ title }) => title)]
  const rows = requests.map((request) => [
    `\`${request.name}\``,
    request.about === 'public'
      ? ''
      : leastScopes(request)
          .map((name) => `\`${name}\``)
          .join(', '),
    ...subjects.map((who) => String(expectedStatus(request, who)))
  ])
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  writeFileSync(file, `${text}${table}\n`)
}
