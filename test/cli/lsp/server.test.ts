// `casemate lsp` as an editor speaks to it: a process of its own, over its standard input and output.
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type CodeLens,
  type CompletionItem,
  type Hover,
  type InitializeResult,
  type Location,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type WorkspaceEdit
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { bundle } from '../../support/bundle.js'
import { temporaryFolder } from '../../support/folder.js'
import { project } from '../../support/packed.js'

const text = `name: notes
resources:
  note: { description: What people write., actions: { read: see it, write: change it } }
roles:
  reader:
    title: Reader
    kind: site
    grants:
      site: { allow: { note: [read] } }
    assigns: [reader]
invariants:
  - { name: readers write nothing, permissions: [note:write], only: [reader] }
`
const uri = 'file:///x/access.yaml'

const { folder } = temporaryFolder()

let child: ChildProcess
let editor: ProtocolConnection
let started: InitializeResult
const shown: PublishDiagnosticsParams[] = []
const heard: (() => void)[] = []

beforeAll(async () => {
  const main = await bundle(join(project, 'src/cli/main.ts'), folder)
  child = spawn(process.execPath, [main, 'lsp', '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit']
  })
  editor = createProtocolConnection(
    new StreamMessageReader(child.stdout!),
    new StreamMessageWriter(child.stdin!)
  )
  editor.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    shown.push(params)
    for (const hear of heard.splice(0)) hear()
  })
  editor.listen()
  started = await editor.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {}
  })
  await editor.sendNotification('initialized', {})
  await open(uri, text)
})

afterAll(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await editor.sendRequest('shutdown')
  await editor.sendNotification('exit')
  expect(await ended).toBe(0)
  editor.dispose()
})

async function open(name: string, content: string, languageId = 'yaml'): Promise<void> {
  await editor.sendNotification('textDocument/didOpen', {
    textDocument: { uri: name, languageId, version: 1, text: content }
  })
}

/** What is shown of a version of a document, once it is. */
async function diagnostics(name: string, version: number): Promise<PublishDiagnosticsParams['diagnostics']> {
  for (;;) {
    const found = shown.find((one) => one.uri === name && one.version === version)
    if (found !== undefined) return found.diagnostics
    await new Promise<void>((resolve) => heard.push(resolve))
  }
}

/** The position of a piece of the text, `skip` letters into it. */
function at(piece: string, skip = 0): { textDocument: { uri: string }; position: object } {
  const document = TextDocument.create(uri, 'yaml', 1, text)
  return { textDocument: { uri }, position: document.positionAt(text.indexOf(piece) + skip) }
}

describe('casemate lsp', () => {
  it('says what it can do', () => {
    expect(started.serverInfo?.name).toBe('casemate')
    expect(Object.keys(started.capabilities)).toEqual(
      expect.arrayContaining([
        'completionProvider',
        'hoverProvider',
        'definitionProvider',
        'renameProvider',
        'codeLensProvider'
      ])
    )
  })

  it('underlines what the linter finds, and problems as one types', async () => {
    const name = 'file:///x/typed.yaml'
    await open(name, text)
    const before = await diagnostics(name, 1)
    expect(before.filter(({ severity }) => severity === 1)).toEqual([])
    const start = { line: 8, character: 23 }
    await editor.sendNotification('textDocument/didChange', {
      textDocument: { uri: name, version: 2 },
      contentChanges: [{ range: { start, end: { line: 8, character: 27 } }, text: 'notes' }]
    })
    const [problem] = await diagnostics(name, 2)
    expect(problem).toMatchObject({
      severity: 1,
      source: 'casemate',
      code: 'unknown_resource',
      message: 'roles.reader.grants.site.allow.notes: unknown resource `notes`; did you mean `note`?',
      range: { start, end: { line: 8, character: 28 } }
    })
  })

  it('says nothing of a file that is no policy', async () => {
    const name = 'file:///x/kustomization.yaml'
    await open(name, 'resources: [deployment.yaml]\nroles: 7\n')
    expect(await diagnostics(name, 1)).toEqual([])
  })

  it('completes names', async () => {
    const items: CompletionItem[] = await editor.sendRequest('textDocument/completion', at('[read]', 2))
    expect(items.map(({ label, detail }) => [label, detail])).toEqual([
      ['read', 'see it'],
      ['write', 'change it']
    ])
  })

  it('says what a name is', async () => {
    const hover: Hover = await editor.sendRequest('textDocument/hover', at('allow: { note', 10))
    expect(hover.contents).toEqual({
      kind: 'plaintext',
      value: 'resource note\nWhat people write.\nread: see it\nwrite: change it'
    })
    const role: Hover = await editor.sendRequest('textDocument/hover', at('assigns: [reader', 11))
    expect(role.contents).toMatchObject({ value: 'role reader (Reader)\nheld: site' })
    expect(await editor.sendRequest('textDocument/hover', at('kind: site', 1))).toBeNull()
  })

  it('goes to where a name is defined', async () => {
    const location: Location = await editor.sendRequest('textDocument/definition', at('[note:write', 7))
    expect(location).toEqual({
      uri,
      range: { start: { line: 2, character: 68 }, end: { line: 2, character: 73 } }
    })
  })

  it('renames a name at all its places, and not to one that is taken or cannot be written', async () => {
    const edit: WorkspaceEdit = await editor.sendRequest('textDocument/rename', {
      ...at('reader:'),
      newName: 'guest'
    })
    const document = TextDocument.create(uri, 'yaml', 1, text)
    const changed = TextDocument.applyEdits(document, edit.changes?.[uri] ?? [])
    expect(changed).toBe(text.replaceAll(/\breader\b/g, 'guest'))
    const ask = (newName: string): Promise<unknown> =>
      editor.sendRequest('textDocument/rename', { ...at('write: change'), newName })
    await expect(ask('read')).rejects.toThrow('there is already: action read')
    await expect(ask('a: b')).rejects.toThrow('not a name')
  })

  it('says above each action who can do it', async () => {
    const lenses: CodeLens[] = await editor.sendRequest('textDocument/codeLens', { textDocument: { uri } })
    const titles: string[] = []
    for (const lens of lenses) {
      const resolved: CodeLens = await editor.sendRequest('codeLens/resolve', lens)
      titles.push(resolved.command?.title ?? '')
    }
    expect(titles).toEqual(['who can: reader', 'who can: nobody by a role'])
  })

  it('lives on after texts and questions that make no sense', async () => {
    const name = 'file:///x/policy.json'
    await open(name, '{"a":'.repeat(100_000), 'json')
    expect((await diagnostics(name, 1)).length).toBeGreaterThan(0)
    const broken = { textDocument: { uri: name }, position: { line: 9_000_000, character: 9_000_000 } }
    for (const method of ['completion', 'hover', 'definition'])
      await editor.sendRequest(`textDocument/${method}`, broken)
    await editor.sendRequest('codeLens/resolve', { range: broken, data: { uri: 7 } })
    expect(
      await editor.sendRequest('textDocument/hover', { ...broken, textDocument: { uri: 'x:' } })
    ).toBeNull()
  })
})
