// What an editor shows: the language service of any installed TypeScript, over files of a folder that need not exist.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type ts from 'typescript'

const require = createRequire(import.meta.url)

export interface Editor {
  /** What is offered at the mark `§` of a file. */
  completions(name: string): readonly string[]
  /** What is shown for the first `text` of a file: its type, and what is said about it. */
  hover(name: string, text: string): Hover
  /** What is shown for each key of each object literal of a file, by its path without list positions. */
  hoversOfKeys(name: string): ReadonlyMap<string, Hover>
}

export interface Hover {
  readonly type: string
  readonly text: string
}

/** An editor with a TypeScript of `node_modules`, by its name there. A `§` in a text is a mark and no part of the file. */
export function openEditor(
  typescript: string,
  folder: string,
  files: Readonly<Record<string, string>>
): Editor {
  const compiler = require(typescript) as typeof ts
  const paths = new Map(
    Object.entries(files).map(([name, text]) => [join(folder, name), text.replace('§', '')])
  )
  const textOf = (path: string): string | undefined =>
    paths.get(path) ?? (compiler.sys.fileExists(path) ? readFileSync(path, 'utf8') : undefined)
  const options: ts.CompilerOptions = {
    target: compiler.ScriptTarget.ES2022,
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

  function hoverAt(path: string, position: number): Hover {
    const info = service.getQuickInfoAtPosition(path, position)
    return {
      type: compiler.displayPartsToString(info?.displayParts),
      text: compiler.displayPartsToString(info?.documentation)
    }
  }

  return {
    completions(name) {
      const mark = (files[name] ?? '').indexOf('§')
      const offered = service.getCompletionsAtPosition(join(folder, name), mark, undefined)
      return (offered?.entries ?? []).map((entry) => entry.name)
    },
    hover(name, text) {
      return hoverAt(join(folder, name), (textOf(join(folder, name)) ?? '').indexOf(text))
    },
    hoversOfKeys(name) {
      const path = join(folder, name)
      const source = service.getProgram()?.getSourceFile(path)
      const hovers = new Map<string, Hover>()
      const visit = (node: ts.Node, at: readonly string[]): void => {
        if (!compiler.isPropertyAssignment(node)) {
          compiler.forEachChild(node, (child) => {
            visit(child, at)
          })
          return
        }
        const here = [...at, node.name.getText(source)]
        const key = here.join('.')
        if (!hovers.has(key)) hovers.set(key, hoverAt(path, node.name.getStart(source)))
        visit(node.initializer, here)
      }
      if (source !== undefined) visit(source, [])
      return hovers
    }
  }
}
