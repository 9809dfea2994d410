// Writes matrices from a policy: as data, Markdown, HTML and JSON.
import { jsonText } from '../../../output/json.js'
import type { PolicyMatrix } from './matrix-of.js'

export { factsOf } from './facts.js'
export type { FactTable } from './facts.js'
export { matrixToHtml } from './html.js'
export type { MatrixPaper } from './html.js'
export { matrixToMarkdown } from './markdown.js'
export { matrixOf } from './matrix-of.js'
export type { MatrixAbout, MatrixName, MatrixRow, PolicyMatrix, ResourceMatrix } from './matrix-of.js'

/** The matrix as JSON, two spaces deep, a line for each cell: the same matrix gives the same text. */
export function matrixToJson(matrix: PolicyMatrix): string {
  return `${jsonText(matrix, '  ')}\n`
}
