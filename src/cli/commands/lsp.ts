// `casemate lsp`: a language server for policies in YAML and JSON, over standard input and output.
import { Command, Option } from 'commander'
import { CasemateError } from '../../errors.js'
import type * as Server from '../lsp/server.js'

export function lspCommand(): Command {
  return new Command('lsp')
    .description('serve editors: problems, names, definitions and renaming in YAML and JSON policies')
    .addOption(new Option('--stdio', 'speak over standard input and output, as it does anyway'))
    .addHelpText(
      'after',
      `
It needs the packages vscode-languageserver and vscode-languageserver-textdocument. An editor starts it; how is said in
docs/guide/editors.md. It reads the texts that the editor sends, and runs nothing.

Example:
  $ casemate lsp --stdio

Exit status: 0 after the editor has said that it ends, 1 if it ended without, 2 if the command is wrong.`
    )
    .action(async (_: unknown, command: Command) => {
      const { serveEditor } = await loadServer()
      serveEditor(process.stdin, process.stdout, command.parent?.version() ?? '')
    })
}

/** @throws CasemateError `invalid_settings` where the packages are not installed. */
async function loadServer(): Promise<Pick<typeof Server, 'serveEditor'>> {
  try {
    return await import('../lsp/server.js')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error
    const packages = 'vscode-languageserver vscode-languageserver-textdocument'
    throw new CasemateError(
      'invalid_settings',
      `packages are not installed: npm install --save-dev ${packages}`
    )
  }
}
