// What an editor shows: the language service of any installed TypeScript, over files that need not exist. Version 7
// cannot be loaded; its server is asked over standard input and output.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type ts from 'typescript'

const require = createRequire(import.meta.url)

export interface Editor {
  /** The names that are offered at a position of a file. */
  completions(name: string, position: number): Promise<readonly string[]>
  /** What is shown at a position of a file: its type, and after it what is said about it. */
  hover(name: string, position: number): Promise<string>
  close(): void
}

/** An editor with a TypeScript of `node_modules`, by its name there. Files are in the folder, or as if they were. */
export function openEditor(
  typescript: string,
  folder: string,
  files: Readonly<Record<string, string>>
): Promise<Editor> {
  return typescript === 'typescript-7'
    ? openServer(typescript, folder, files)
    : Promise.resolve(openService(require(typescript) as typeof ts, folder, files))
}

function openService(compiler: typeof ts, folder: string, files: Readonly<Record<string, string>>): Editor {
  const paths = new Map(Object.entries(files).map(([name, text]) => [join(folder, name), text]))
  const textOf = (path: string): string | undefined =>
    paths.get(path) ?? (compiler.sys.fileExists(path) ? readFileSync(path, 'utf8') : undefined)
  const options: ts.CompilerOptions = {
    target: compiler.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: compiler.ModuleKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    types: []
  }
  const service = compiler.createLanguageService({
    getScriptFileNames: () => [...paths.keys()],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const text = textOf(path)
      return text === undefined ? undefined : compiler.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (settings) => compiler.getDefaultLibFilePath(settings),
    fileExists: (path) => textOf(path) !== undefined,
    readFile: textOf,
    directoryExists: (path) => compiler.sys.directoryExists(path),
    getDirectories: (path) => compiler.sys.getDirectories(path)
  })
  return {
    completions(name, position) {
      const offered = service.getCompletionsAtPosition(join(folder, name), position, undefined)
      return Promise.resolve((offered?.entries ?? []).map((entry) => entry.name))
    },
    hover(name, position) {
      const info = service.getQuickInfoAtPosition(join(folder, name), position)
      const parts = [info?.displayParts, info?.documentation].map((part) =>
        compiler.displayPartsToString(part)
      )
      return Promise.resolve(parts.join('\n').trimEnd())
    },
    close() {
      service.dispose()
    }
  }
}

interface Message {
  readonly id?: number | string
  readonly method?: string
  readonly result?: unknown
}

/** The settings are those of the folder's `tsconfig.json`. */
async function openServer(
  typescript: string,
  folder: string,
  files: Readonly<Record<string, string>>
): Promise<Editor> {
  const tsc = fileURLToPath(new URL(`../../node_modules/${typescript}/bin/tsc`, import.meta.url))
  const server = spawn(process.execPath, [tsc, '--lsp', '--stdio'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore']
  })
  const waiting = new Map<unknown, (result: unknown) => void>()
  let received = Buffer.alloc(0)
  server.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    for (;;) {
      const head = received.indexOf('\r\n\r\n')
      const length = Number(/Content-Length: (\d+)/i.exec(received.subarray(0, head).toString())?.[1])
      if (head < 0 || received.length < head + 4 + length) return
      const message = JSON.parse(received.subarray(head + 4, head + 4 + length).toString()) as Message
      received = received.subarray(head + 4 + length)
      if (message.method === undefined) waiting.get(message.id)?.(message.result)
      // Whatever the server asks for, such as to be told about changed files, it gets no more than an answer.
      else if (message.id !== undefined) send({ id: message.id, result: null })
    }
  })
  function send(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message })
    server.stdin.write(`Content-Length: ${String(Buffer.byteLength(text))}\r\n\r\n${text}`)
  }
  function ask(method: string, params: object): Promise<unknown> {
    const id = waiting.size + 1
    return new Promise((resolve) => {
      waiting.set(id, resolve)
      send({ id, method, params })
    })
  }
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href
  const placeOf = (name: string, position: number): object => {
    const lines = (files[name] ?? '').slice(0, position).split('\n')
    return {
      textDocument: { uri: uriOf(name) },
      position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }
    }
  }

  const rootUri = pathToFileURL(folder).href
  const hover = { contentFormat: ['plaintext'] }
  await ask('initialize', { processId: process.pid, rootUri, capabilities: { textDocument: { hover } } })
  send({ method: 'initialized', params: {} })
  for (const [name, text] of Object.entries(files)) {
    const textDocument = { uri: uriOf(name), languageId: 'typescript', version: 1, text }
    send({ method: 'textDocument/didOpen', params: { textDocument } })
  }
  return {
    async completions(name, position) {
      const list = (await ask('textDocument/completion', placeOf(name, position))) as {
        readonly items?: readonly { readonly label: string }[]
      } | null
      return (list?.items ?? []).map(({ label }) => label.replace(/\?$/, ''))
    },
    async hover(name, position) {
      const shown = (await ask('textDocument/hover', placeOf(name, position))) as {
        readonly contents?: { readonly value?: string }
      } | null
      return shown?.contents?.value ?? ''
    },
    close() {
      server.kill()
    }
  }
}
