// Writes schemas as JSON or YAML. Names are always read as text, also by YAML 1.1 readers, and invisible characters are
// escaped.
import { Document, isScalar, Scalar, visit } from 'yaml'
import { needsEscapes, jsonText, yamlText } from '../escape.js'
import type { Json } from './schemas.js'

/** Block YAML without a line break at its end; `step` is how far a level is indented. */
export function writeYaml(value: Json, step = 2): string {
  // Quotes words like `yes`, `on` and `null`, which YAML 1.1 readers would not read as text.
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false })
  visit(document, {
    Scalar: (_key, node) => {
      if (isScalar(node) && typeof node.value === 'string' && needsEscapes(node.value))
        node.type = Scalar.QUOTE_DOUBLE
    }
  })
  // Lines of a text in double quotes are not lines of the file.
  const options = { indent: step, lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER }
  return yamlText(document.toString(options)).trimEnd()
}

export function writeJson(value: Json, space?: string): string {
  return jsonText(value, space)
}
