// The change replayed, as `npm run replay` prints it.
import { describe, expect, it } from 'vitest'
import { replay } from '../../scripts/replay.js'

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
    const told = bodyOf(0).filter((line) => /^ {2}\S/.test(line))
    expect(told).toEqual([
      '  owner',
      '  + boundary_log:read (all)',
      '  auditor',
      '  + boundary_log:read (all)',
      '  member',
      '  + boundary_log:create (own)',
      '  system:dbpurge',
      '  + boundary_log:delete (all)',
      '  system:system',
      '  + boundary_log:read (all)',
      '  scope:coder:all',
      '  + boundary_log:create (own)',
      '  + boundary_log:read (all)',
      '  scope:no_user_data',
      '  + boundary_log:create (own)',
      '  + boundary_log:read (all)',
      '  template:workspace_agent',
      '  + boundary_log:create (own)',
      '  new resource: `boundary_log` with `create`, `read`, `delete`',
      expect.stringMatching(/^ {2}\d+ new invariants$/)
    ])
    expect(bodyOf(0).at(-1)).toBe('8 subjects gain 3 permissions; nobody loses anything')
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
