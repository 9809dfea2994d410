// Bugs that could be in a filter for MySQL.
import { fragment } from '../../../src/sql/fragment.js'
import { isOne, isText } from '../../../src/sql/dialect/mysql-columns.js'
import { always } from '../../../src/sql/plan/condition.js'
import { bugs as common, inCondition, inDialect, inHoles, type Bug } from '../../sql/law/bugs.js'
import { isMysql } from './server.js'

export const bugs: readonly Bug[] = [
  ...common,
  inCondition('a row with a boolean of 2 is asked about', (part) =>
    part.kind === 'not' && part.part.kind === 'readable'
      ? always
      : part.kind === 'readable'
        ? always
        : undefined
  ),
  {
    name: 'an owner is one to the last space',
    text: (text) => text.replaceAll(' AND CAST(CONVERT(', ' OR FALSE AND CAST(CONVERT(')
  },
  {
    name: 'a collation says which owner is equal',
    text: (text) =>
      text.replaceAll(
        /(CONVERT\(UNHEX\(\?\) USING utf8mb4\)) COLLATE utf8mb4_bin AND CAST/g,
        '$1 COLLATE utf8mb4_general_ci OR FALSE AND CAST'
      )
  },
  {
    name: 'a text of a list is one to the last space',
    text: (text) =>
      text
        .replaceAll(', UNHEX(casemate_ids.id) FROM', ", RPAD(UNHEX(casemate_ids.id), 500, ' ') FROM")
        .replaceAll(
          /, (CAST\(CONVERT\([^()]+ USING utf8mb4\) AS BINARY\))\) IN \(SELECT LEFT/g,
          ", RPAD($1, 500, ' ')) IN (SELECT LEFT"
        )
  },
  {
    name: 'an attribute has a text to the last space',
    text: (text) => text.replaceAll(/ AND CHAR_LENGTH\([^()]+\) = [1-9]\d*/g, '')
  },
  {
    name: 'an attribute has a text in any case',
    text: (text) =>
      text.replaceAll(/(_utf8mb4(?:'[^']*'| 0x\w+)) COLLATE utf8mb4_bin/g, '$1 COLLATE utf8mb4_general_ci')
  },
  {
    name: 'spaces are no organization',
    text: (text) => text.replaceAll(/CHAR_LENGTH\(([^()]+)\) = 0/g, "$1 = ''")
  },
  {
    name: 'spaces are no container',
    text: (text) => text.replaceAll(/CHAR_LENGTH\((\S*(?:casemate_in|x`\.`c\d)[^()]*)\) > 0/g, "$1 <> ''")
  },
  {
    name: 'an entry of another list counts',
    text: (text) =>
      text.replaceAll(/`casemate_acl`\.`select` = _utf8mb4'user' COLLATE utf8mb4_bin AND/g, 'TRUE OR')
  },
  {
    name: 'the entry for everyone does not count',
    text: (text) =>
      text.replaceAll(/(SELECT [^?]*`casemate_acl`\.`Gran tee`[^?]*?) WHERE/g, '$1 WHERE FALSE AND')
  },
  inHoles(
    'a text with NUL is dropped',
    ({ value }) =>
      (ids) =>
        value(ids.filter((id) => !id.includes('\0')))
  ),
  inHoles(
    'ids are sent as they are',
    ({ type, value, encoding }) =>
      (ids) =>
        encoding.endsWith('[]')
          ? `[${ids.map((id) => `|${id}|`).join(',')}]`
          : type === 'text'
            ? (ids[0] ?? null)
            : value(ids)
  ),
  // MySQL keeps no such answers.
  ...(isMysql ? [] : [keptAnswers()])
]

function keptAnswers(): Bug {
  return inDialect('MariaDB keeps answers by a text without its spaces', (dialect) => ({
    leaf: (condition, context) => {
      const { acl, id } = context.columns
      if (condition.kind !== 'userEntry' || acl?.form !== 'table' || id?.kind !== 'text')
        return dialect.leaf(condition, context)
      const at = { alias: 'casemate_acl' }
      const [left, right] = [
        `${dialect.quoteName(context.alias ?? '')}.${dialect.quoteName(id.name)}`,
        `casemate_acl.${dialect.quoteName(acl.object.name)}`
      ]
      const asked = `EXISTS (SELECT 1 FROM ${dialect.tableName(acl.from)} AS casemate_acl WHERE CAST(${right} AS BINARY) = CAST(${left} AS BINARY)`
      const rest = ` AND ${isText(at, { name: acl.list }, ['user'])} AND ${isText(at, { name: acl.action }, condition.words)})`
      return fragment(asked, ' AND ', isOne(at, acl.grantee, condition.user), rest)
    }
  }))
}
