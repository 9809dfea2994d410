// The language server: what an editor asks over a connection → answers of the files beside this one. It reads the texts
// that the editor sends and no file, and runs nothing that stands in them.
import {
  type CodeLens,
  type CompletionItem,
  CompletionItemKind,
  createConnection,
  type Diagnostic,
  DiagnosticSeverity,
  MarkupKind,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocuments,
  TextDocumentSyncKind,
  type InitializeResult,
  type Range
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import * as yaml from 'yaml'
import { visible } from '../../output/visible.js'
import { completeAt } from './complete.js'
import type { Remark } from './diagnose.js'
import { createReadings, isJson } from './documents.js'
import { whoCanText } from './lens.js'
import { nameAt, placesOf, renameTo } from './rename.js'
import { describe } from './said.js'

/** Milliseconds after the last key before problems are shown. */
const pause = 150

/** A policy has an action a line; above this many an editor is not told of each. */
const mostLenses = 2000

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information
}

const capabilities: InitializeResult['capabilities'] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  completionProvider: { triggerCharacters: ['"', "'", '[', '{', ',', ':', ' '] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  codeLensProvider: { resolveProvider: true }
}

/** Answers an editor over two streams until it ends the connection. */
export function serveEditor(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  version: string
): void {
  const connection = createConnection(new StreamMessageReader(input), new StreamMessageWriter(output))
  const documents = new TextDocuments(TextDocument)
  const readings = createReadings(yaml)
  const timers = new Map<string, NodeJS.Timeout>()

  const show = async (document: TextDocument): Promise<void> => {
    const { remarks } = await readings.of(document).diagnosis()
    if (documents.get(document.uri)?.version !== document.version) return
    const diagnostics = remarks.map((one) => toDiagnostic(document, one))
    await connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics })
  }

  connection.onInitialize(() => ({ capabilities, serverInfo: { name: 'casemate', version } }))
  documents.onDidChangeContent(({ document }) => {
    clearTimeout(timers.get(document.uri))
    timers.set(
      document.uri,
      setTimeout(() => void show(document), pause)
    )
  })
  documents.onDidClose(({ document: { uri } }) => {
    clearTimeout(timers.get(uri))
    timers.delete(uri)
    readings.forget(uri)
    void connection.sendDiagnostics({ uri, diagnostics: [] })
  })

  connection.onCompletion(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri)
    if (document === undefined) return []
    return completeAt(yaml, document.getText(), document.offsetAt(position), isJson(document)).map(
      ({ label, kind, detail, text, start, end }, index): CompletionItem => ({
        label: visible(label),
        kind:
          kind === 'action' || kind === 'permission' ? CompletionItemKind.Method : CompletionItemKind.Class,
        detail,
        sortText: String(index).padStart(5, '0'),
        filterText: label,
        textEdit: { range: rangeOf(document, start, end), newText: text }
      })
    )
  })

  connection.onHover(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri)
    if (document === undefined) return null
    const { outline } = readings.of(document)
    const found = nameAt(outline, document.offsetAt(position))
    if (found === undefined) return null
    const value = describe(outline, found).join('\n')
    return {
      contents: { kind: MarkupKind.PlainText, value },
      range: rangeOf(document, found.start, found.end)
    }
  })

  connection.onDefinition(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri)
    if (document === undefined) return null
    const { outline } = readings.of(document)
    const found = nameAt(outline, document.offsetAt(position))
    const defined = found && placesOf(outline, found).find(({ isDefined }) => isDefined)
    return defined === undefined
      ? null
      : { uri: document.uri, range: rangeOf(document, defined.start, defined.end) }
  })

  connection.onReferences(({ textDocument, position, context }) => {
    const document = documents.get(textDocument.uri)
    if (document === undefined) return []
    const { outline } = readings.of(document)
    const found = nameAt(outline, document.offsetAt(position))
    return (found === undefined ? [] : placesOf(outline, found))
      .filter(({ isDefined }) => context.includeDeclaration || !isDefined)
      .map(({ start, end }) => ({ uri: document.uri, range: rangeOf(document, start, end) }))
  })

  connection.onPrepareRename(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri)
    if (document === undefined) return null
    const found = nameAt(readings.of(document).outline, document.offsetAt(position))
    return found === undefined
      ? null
      : { range: rangeOf(document, found.start, found.end), placeholder: found.name }
  })

  connection.onRenameRequest(({ textDocument, position, newName }) => {
    const document = documents.get(textDocument.uri)
    if (document === undefined) return null
    const { outline } = readings.of(document)
    const found = nameAt(outline, document.offsetAt(position))
    if (found === undefined) return null
    const renaming = renameTo(outline, found, newName)
    if (!renaming.ok) return new ResponseError(invalidRequest, visible(renaming.message))
    const edits = renaming.places.map(({ start, end }) => ({
      range: rangeOf(document, start, end),
      newText: newName
    }))
    return { changes: { [document.uri]: edits } }
  })

  connection.onCodeLens(({ textDocument }) => {
    const document = documents.get(textDocument.uri)
    if (document === undefined) return []
    return readings
      .of(document)
      .outline.names.filter(({ kind, isDefined }) => kind === 'action' && isDefined)
      .slice(0, mostLenses)
      .map(({ resource = '', name, start, end }): CodeLens => {
        const data = { uri: document.uri, permission: `${resource}:${name}` }
        return { range: rangeOf(document, start, end), data }
      })
  })

  connection.onCodeLensResolve(async (lens) => {
    const { uri, permission } = readData(lens.data)
    const document = documents.get(uri)
    const policy = document && (await readings.of(document).diagnosis()).policy
    const title =
      policy === undefined ? 'who can: known once the policy is right' : whoCanText(policy, permission)
    return { ...lens, command: { title, command: '' } }
  })

  documents.listen(connection)
  connection.listen()
}

/** The code of the protocol for a request that cannot be done. */
const invalidRequest = -32_600

function rangeOf(document: TextDocument, start: number, end: number): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) }
}

function toDiagnostic(document: TextDocument, { severity, code, message, start, end }: Remark): Diagnostic {
  return {
    range: rangeOf(document, start, end),
    severity: severities[severity],
    code,
    source: 'casemate',
    message
  }
}

/** What this server put into a lens; it comes back from the editor, so it is read again. */
function readData(data: unknown): { readonly uri: string; readonly permission: string } {
  const read = (key: string): string => {
    const value: unknown =
      typeof data === 'object' && data !== null && Object.hasOwn(data, key) ? Reflect.get(data, key) : ''
    return typeof value === 'string' ? value : ''
  }
  return { uri: read('uri'), permission: read('permission') }
}
