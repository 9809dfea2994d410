// Writes the JSON Schema of a policy document into the build, for editors: `"$schema": "casemate/schema.json"`.
import { writeFile } from 'node:fs/promises'

import { policyJsonSchema } from '../src/document/json-schema.js'

const path = new URL('../dist/schema.json', import.meta.url)
await writeFile(path, `${JSON.stringify(policyJsonSchema(), undefined, 2)}\n`)
