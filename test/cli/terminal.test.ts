// What commands show on a terminal. `script` is the terminal; the commands run as processes of their own.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/folder.js'
import { packageFor, unpack } from '../support/packed.js'

const { folder, file } = temporaryFolder()
const policy = file(
  'policy.yaml',
  `name: notes
resources: { note: { actions: { read: see it } } }
roles: { reader: { kind: site, grants: { site: { allow: { note: [read] } } } } }
`
)
const request = '{"subject":{"id":"ada","roles":["reader"]},"action":"read","object":{"type":"note"}}\n'
const requests = file('requests.ndjson', request.repeat(200))
const script = '/usr/bin/script'

/** What a terminal gets of a line of shell. */
function onTerminal(line: string): string {
  return execFileSync(script, ['--quiet', '--return', '--command', line, '/dev/null'], {
    input: '',
    encoding: 'utf8',
    timeout: 60_000
  })
}

describe.skipIf(!existsSync(script))('on a terminal (skipped where there is no `script`), a command', () => {
  const answers = join(folder, 'answers.ndjson')
  let main = ''
  let decide = ''
  beforeAll(() => {
    main = join(packageFor(unpack()), 'dist/cli/main.js')
    decide = `node '${main}' decide --policy '${policy}'`
  })

  it('that takes over a second says on one line how far it is, and clears the line at its end', () => {
    // The second half of the requests comes over a second after the first was answered.
    const wait = `until [ -s '${answers}' ]; do sleep 0.1; done; sleep 1.2`
    const seen = onTerminal(`(cat '${requests}'; ${wait}; cat '${requests}') | ${decide} > '${answers}'`)
    expect(seen).toMatch(/^(?:\r\u001B\[Kdecided: \d+)+\r\u001B\[K$/)
    expect(Number(/decided: (\d+)/.exec(seen)?.[1])).toBeGreaterThan(200)
    expect(readFileSync(answers, 'utf8').trim().split('\n')).toHaveLength(400)
  })

  it('says nothing of that among answers on the terminal, and nothing where standard error is none', () => {
    const slowly = `(cat '${requests}'; sleep 2.5; cat '${requests}') | ${decide}`
    expect(onTerminal(slowly)).toBe('{"allowed":true}\r\n'.repeat(400))
    expect(onTerminal(`${slowly} 2>&1 > '${answers}' | cat`)).toBe('')
  })

  it('prints no page of HTML where nobody can read one', () => {
    const seen = onTerminal(`node '${main}' explore '${policy}' || echo status $?`)
    expect(seen).toMatch(/^error: [^<]* -o, or --watch\r\n[^<]*\r\nstatus 2\r\n$/)
    expect(onTerminal(`node '${main}' explore '${policy}' | grep -c DOCTYPE -i`)).toBe('1\r\n')
  })
})
