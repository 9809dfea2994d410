// Saving from the page that edits: what was sent, byte for byte, into its one file, if it compiles and if nobody else has
// changed the file. Whatever is refused leaves the file as it was.
import { mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Saved } from '../../src/cli/explore/edit-state.js'
import { listenOnLoopback, type Loopback } from '../../src/cli/explore/loopback.js'
import { saving, versionOf } from '../../src/cli/explore/save.js'
import { defaultMaxBytes } from '../../src/document/index.js'

const first = `# Who may read notes.
name: notes # one line
resources: { note: { actions: { read: see it } } }
roles: { reader: { kind: site, grants: { site: { allow: { note: [read] } } } } }
`
const second = first.replace('# one line', '# another')

let folder = ''
let path = ''
let server: Loopback
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'casemate-save-')))
  path = join(folder, 'policy.yaml')
  await writeFile(path, first)
  const route = await saving({ path, format: 'yaml', options: undefined })
  server = await listenOnLoopback(0, new Map([['PUT document', route]]))
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

interface Answered {
  readonly status: number
  readonly saved: Saved
}

async function put(body: string | Buffer, before: string | undefined): Promise<Answered> {
  const response = await fetch(`${server.url}document`, {
    method: 'PUT',
    headers: { origin: new URL(server.url).origin, ...(before === undefined ? {} : { 'if-match': before }) },
    body
  })
  return { status: response.status, saved: (await response.json()) as Saved }
}

async function expectUntouched(text = first): Promise<void> {
  expect(await readFile(path, 'utf8')).toBe(text)
}

describe('a text that is saved', () => {
  it.each([
    ['with its comments', second],
    ['with the ends of lines of another system', second.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFF${second}`]
  ])('is written as it was typed, %s', async (_, text) => {
    expect(await put(text, versionOf(first))).toEqual({
      status: 200,
      saved: { ok: true, version: versionOf(text) }
    })
    await expectUntouched(text)
  })

  it('may be saved again by the version that saving gave', async () => {
    const { saved } = await put(second, versionOf(first))
    expect((await put(first, saved.ok ? saved.version : '')).status).toBe(200)
    await expectUntouched()
  })

  it('is refused where it does not compile, with the place', async () => {
    const { status, saved } = await put(second.replace('[read]', '[reed]'), versionOf(first))
    expect([status, saved]).toEqual([
      422,
      { ok: false, problems: [expect.stringMatching(/policy\.yaml:4:\d+: .*did you mean `read`/)] }
    ])
    await expectUntouched()
  })

  it('is refused where somebody else changed the file, or took it away', async () => {
    await writeFile(path, `${first}# theirs\n`)
    expect((await put(second, versionOf(first))).status).toBe(409)
    await expectUntouched(`${first}# theirs\n`)
    await rm(path)
    expect((await put(second, versionOf(first))).status).toBe(409)
    await expect(readFile(path)).rejects.toThrow('ENOENT')
  })

  it('is refused for the second of two pages that changed the same text at once', async () => {
    const both = await Promise.all([put(second, versionOf(first)), put(`${first}# b\n`, versionOf(first))])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('is refused where the path became a link to another file, which is left alone', async () => {
    const other = join(folder, 'other.yaml')
    await writeFile(other, first)
    await rm(path)
    await symlink(other, path)
    expect((await put(second, versionOf(first))).status).toBe(409)
    expect(await readFile(other, 'utf8')).toBe(first)
  })

  it('is refused without the text it changes, in other bytes than UTF-8, and beyond the size of a policy', async () => {
    expect((await put(second, undefined)).status).toBe(400)
    expect((await put(Buffer.from([0x6e, 0xff]), versionOf(first))).status).toBe(400)
    const large = await put(`${second}#${'x'.repeat(defaultMaxBytes)}`, versionOf(first)).catch(
      () => undefined
    )
    // A browser that still sends may lose the connection before it reads the answer.
    expect([undefined, 413]).toContain(large?.status)
    await expectUntouched()
  })
})
