// The change replayed, as `npm run replay` prints it.
import { describe, expect, it } from 'vitest'
import { replay } from '../scripts/replay.js'

const { text, holds } = await replay()
const parts = text.split(/^# /m).slice(1)
const bodyOf = (index: number): string[] => parts[index]!.trimEnd().split('\n').slice(2)

describe('the change to boundary logs, replayed', () => {
  it('prints four parts in order', () => {
    expect(parts.map((part) => part.split('\n')[0])).toEqual([
      'Who gains and who loses what',
      'The migration of the database',
      'The changed enumerations',
      'The matrix, proved'
    ])
  })

  it('says who gains what, and that nobody loses anything', () => {
    expect(bodyOf(0).sort()).toEqual(
      [
        '- member: boundary_log:create, no → own',
        '- owner: boundary_log:read, no → yes',
        '- auditor: boundary_log:read, no → yes',
        '- system:system: boundary_log:read, no → yes',
        '- system:dbpurge: boundary_log:delete, no → yes',
        '- scope coder:all: lets boundary_log:create, boundary_log:read, boundary_log:delete through too',
        '- scope no_user_data: lets boundary_log:create, boundary_log:read, boundary_log:delete through too'
      ].sort()
    )
  })

  it('migrates the scopes in this order', () => {
    const statements = bodyOf(1).filter((line) => !line.startsWith('--'))
    expect(statements).toEqual(
      ['*', 'create', 'delete', 'read'].map(
        (action) => `ALTER TYPE api_key_scope ADD VALUE IF NOT EXISTS 'boundary_log:${action}';`
      )
    )
  })

  it('names every value that comes, and none that goes', () => {
    expect(bodyOf(2)).toEqual([
      'RBACResource: + boundary_log',
      'APIKeyScope: + boundary_log:*, + boundary_log:create, + boundary_log:delete, + boundary_log:read'
    ])
  })

  it('proves the whole matrix', () => {
    expect(holds).toBe(true)
    expect(bodyOf(3).join('\n')).toMatch(/✓ yes \(via member\)[^]*all \d+ cells hold/)
  })
})
