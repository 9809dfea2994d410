// The open documents of an editor, each read once for each of its versions.
import type * as Yaml from 'yaml'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import { defaultMaxBytes } from '../../document/index.js'
import { diagnose, type Diagnosis } from './diagnose.js'
import { outlineOf, type Outline } from './outline.js'

/** What is known of one version of a document. */
export interface Reading {
  readonly version: number
  readonly outline: Outline
  /** Made when it is first asked for. */
  readonly diagnosis: () => Promise<Diagnosis>
}

/** Reads documents; it keeps what it read of their last versions. */
export interface Readings {
  readonly of: (document: TextDocument) => Reading
  readonly forget: (uri: string) => void
}

/** Starts with no document. */
export function createReadings(yaml: typeof Yaml): Readings {
  const kept = new Map<string, Reading>()
  return {
    of(document) {
      const { uri, version } = document
      const before = kept.get(uri)
      if (before?.version === version) return before
      const text = document.getText()
      const outline = outlineOf(yaml, text)
      let made: Promise<Diagnosis> | undefined
      const diagnosis = (): Promise<Diagnosis> => (made ??= diagnoseText(yaml, document, text, outline))
      const reading = { version, outline, diagnosis }
      kept.set(uri, reading)
      return reading
    },
    forget: (uri) => kept.delete(uri)
  }
}

/** Whether a document is JSON; any other is YAML. */
export function isJson({ uri, languageId }: TextDocument): boolean {
  return languageId.startsWith('json') || /\.json$/i.test(uri)
}

/** Nothing is said of a file that is no policy, unless its name says that it is one. */
async function diagnoseText(
  yaml: typeof Yaml,
  document: TextDocument,
  text: string,
  outline: Outline
): Promise<Diagnosis> {
  const isNamed = /(?:^|[/._-])policy\.(?:ya?ml|json)$/i.test(document.uri)
  const isPolicy = outline.isPolicy || isNamed || text.length > defaultMaxBytes
  if (!isPolicy) return { remarks: [], policy: undefined }
  return await diagnose(yaml, text, isJson(document) ? 'json' : 'yaml', outline)
}
