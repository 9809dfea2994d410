// Bugs that could be in a filter for SQLite.
import { always } from '../../../src/sql/plan/condition.js'
import { bugs as common, inCondition, inHoles, type Bug } from '../law/bugs.js'

/** Another text in place of each that matches. */
const inText = (name: string, pattern: RegExp, other: string): Bug => ({
  name,
  text: (text) => text.replaceAll(pattern, other)
})

export const bugs: readonly Bug[] = [
  ...common,
  inText('a collation says what is equal', / COLLATE BINARY/g, ''),
  inCondition('values of other types are read', (part) =>
    part.kind === 'readable' && part.column.kind !== 'json' ? always : undefined
  ),
  inText('any integer is true or false', / IN \(0, 1\)/g, ' IS NOT NULL'),
  inText('a text ends at NUL', /instr\([^(]*?, char\(0\)\) = 0/g, '1'),
  inHoles('every id is sent', ({ encoding }) => (ids) => {
    if (!encoding.endsWith('[]')) return ids[0] ?? null
    return encoding === 'integer[]' ? `[${ids.join(',')}]` : JSON.stringify(ids)
  }),
  // Entries of ACLs in a table.
  inText('an entry of another list counts', /casemate_acl\.`select` COLLATE BINARY = 'user'/g, '1'),
  inText(
    'the entry for everyone in another organization counts',
    /EXISTS \(SELECT 1 FROM `My "Schema"`\.`\w+ acl`/g,
    '1 OR $&'
  ),
  inText(
    'the entry for everyone does not count',
    / OR casemate_acl\.`Gran tee` COLLATE BINARY = (CAST\()?`d; "x`\.`o"rg`( AS TEXT\)| COLLATE BINARY)/g,
    ''
  ),
  // Entries of ACLs in columns.
  inCondition('malformed entries are none', (part) =>
    part.kind === 'readable' && part.column.kind === 'json' ? always : undefined
  ),
  inText(
    'what is no JSON is read',
    /CASE WHEN typeof\(((?:(?!typeof).)+?)\) = 'text' AND json_valid\(\1\) THEN \1 END/g,
    '$1'
  ),
  inText(
    'what is no list is read',
    /CASE WHEN casemate_e\.type = 'array' THEN casemate_e\.value END/g,
    'casemate_e.value'
  ),
  inText('the first of two equal keys counts', /count\(\*\) = count\(DISTINCT casemate_e\.key\)/g, '1'),
  inText('halves of surrogate pairs are read', /GLOB '\*\\ud\[89a-f\]\*'/g, "= ''"),
  inText('an escape for NUL is read', /'\\u0000'/g, "'\\u00000'"),
  inText('words that are no texts are none', /casemate_w\.type <> 'text'/g, '0'),
  inText('what is no list has no words', /ifnull\(min\(casemate_e\.type = 'array'\), 1\)/g, '1'),
  // Rows of other tables.
  inText('a row of another table with an empty text is one', /casemate_in\.inside COLLATE BINARY <> ''/g, '1')
]
