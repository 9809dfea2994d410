// A compiled policy → the texts of the files that are generated from it. Nothing here reads or writes a file; equal
// policies give equal bytes.
export { generateDocs, type DocsPage } from './docs/index.js'
export { generateJson } from './json.js'
export { enumerationsOf, type Enumerations } from './names.js'
export { generateOpenApi, generateOpenApiInto } from './openapi/index.js'
export type { DocumentFormat, OpenApiSettings } from './openapi/index.js'
export { enumChanges, enumMigration, generateSql, type EnumSettings } from './sql/index.js'
export { generateTypes } from './types.js'
