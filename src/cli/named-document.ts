// The document that a command line names: a file, or a git revision of one.
import type { PolicyDocument } from '../document/index.js'
import { loadPolicy } from '../node/index.js'
import { loadRevision, readRevision } from '../node/revision.js'

/** The document of a file, or of a git revision `REV:PATH`. */
export async function loadDocument(text: string): Promise<PolicyDocument> {
  const revision = readRevision(text)
  return revision === undefined ? await loadPolicy(text) : await loadRevision(revision)
}
