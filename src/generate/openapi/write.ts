// Schemas as text, in the layout of the file that they go into. A name is never taken for anything but text, by readers
// of YAML 1.1 either, and no invisible character is written as it is.
import { Document, isScalar, Scalar, visit } from 'yaml'
import { needsEscapes, jsonText, yamlText } from '../escape.js'
import type { Json } from './schemas.js'

/** Block YAML without a line break at its end; `step` is how far a level is indented. */
export function writeYaml(value: Json, step = 2): string {
  // `yes`, `on` and `null` are texts here; so that old readers see that too, the writer puts them between quotes.
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false })
  visit(document, {
    Scalar: (_key, node) => {
      if (isScalar(node) && typeof node.value === 'string' && needsEscapes(node.value))
        node.type = Scalar.QUOTE_DOUBLE
    }
  })
  return yamlText(document.toString({ indent: step, lineWidth: 0 })).trimEnd()
}

export function writeJson(value: Json, space?: string): string {
  return jsonText(value, space)
}
