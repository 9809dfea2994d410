// Type-checked and strict; beyond style it guards the borders of the architecture: which folder may
// import zod, CASL and Node, and that nothing else does I/O or looks at a clock.
import { builtinModules } from 'node:module'

import { defineConfig, type Config } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** Modules, as the source of a regular expression, and the only places that may import them. */
interface Border {
  modules: string
  inside: string[]
  message: string
}

const nodeFolders = ['src/node/**', 'src/cli/**', 'src/postgres/**', 'src/records/**', 'src/server/**']

const borders: Border[] = [
  {
    modules: '^zod($|\\u002F)',
    inside: ['src/document/**', 'src/scopes/tokens/**'],
    message: 'zod stays in src/document and src/scopes/tokens.'
  },
  {
    modules: '^@casl\\u002F',
    inside: ['src/casl/**'],
    message: 'CASL stays in src/casl.'
  },
  {
    modules: `^node:|^(${builtinModules.filter((name) => !/[/:]/.test(name)).join('|')})($|\\u002F)`,
    inside: nodeFolders,
    message: 'Node stays in src/node, src/cli, src/postgres, src/records and src/server.'
  }
]

const ambient = [
  'process',
  'Buffer',
  'console',
  'fetch',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate'
]

// ESLint replaces the options of a rule instead of joining them, so every combination of borders that
// some file is inside gets its own entry: none first, then each folder that may cross one of them.
const borderConfigs: Config[] = [
  { files: ['src/**/*.ts', 'src/**/*.tsx'], rules: forbid(borders) },
  ...borders.map((open) => ({
    files: open.inside,
    rules: forbid(borders.filter((border) => border !== open))
  }))
]

const config: Config[] = defineConfig(
  { ignores: ['dist/**', 'coverage/**', 'reports/**', '.stryker-tmp/**', 'src/testing/*/matchers.d.ts'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error'
    }
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    rules: { 'max-lines': ['warn', { max: 300 }] }
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    ignores: nodeFolders,
    rules: {
      'no-restricted-globals': [
        'error',
        ...ambient.map((name) => ({
          name,
          message: 'I/O and clocks stay in src/node, src/cli, src/postgres, src/records and src/server.'
        }))
      ]
    }
  },
  {
    // Declarations of somebody else's namespace have to be written as theirs.
    files: ['src/testing/expected.ts'],
    rules: { '@typescript-eslint/no-namespace': 'off', '@typescript-eslint/no-empty-object-type': 'off' }
  },
  ...borderConfigs,
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // A test may state what it has just built; the test fails where it is wrong.
      '@typescript-eslint/no-non-null-assertion': 'off'
    }
  }
)
export default config

/** The rules that forbid static imports, `import()` and `import('…')` types of what lies behind the borders. */
function forbid(closed: Border[]): NonNullable<Config['rules']> {
  return {
    'no-restricted-imports': [
      'error',
      { patterns: closed.map(({ modules, message }) => ({ regex: modules, message })) }
    ],
    'no-restricted-syntax': [
      'error',
      ...closed.map(({ modules, message }) => ({
        selector: `:matches(ImportExpression, TSImportType)[source.value=/${modules}/]`,
        message
      }))
    ]
  }
}
