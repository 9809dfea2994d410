// A compiled policy → the files that are made from it, as texts. Nothing here reads or writes a
// file; what a policy does not say does not change them, and equal policies give equal bytes.
export { generateDocs, type DocsPage } from './docs/index.js'
export { generateJson } from './json.js'
export { enumerationsOf, type Enumerations } from './names.js'
export { generateOpenApi, generateOpenApiInto } from './openapi/index.js'
export type { DocumentFormat, OpenApiSettings } from './openapi/index.js'
export { enumChanges, enumMigration, generateSql, type EnumSettings } from './sql/index.js'
export { generateTypes } from './types.js'
