// What an answer could let slip: who else there is, and secrets of those one may see.
import { describe, expect, it } from 'vitest'
import { hashPassword } from '../src/secrets/password.js'
import { idOf } from './people.js'
import { withService } from './service.js'

describe('the list of users', () => {
  it('tells a member of themselves alone, however it is searched and cut', async () => {
    await withService(async ({ send, people: { owner, auditor, ada } }) => {
      const searches = [
        '',
        'q=a',
        'q=@example.com',
        'q=olga',
        'q=%25',
        'q=_',
        'q=role:owner',
        'q=role:member',
        'q=status:active',
        'q=login_type:password',
        'offset=1',
        'offset=3',
        'limit=0',
        'limit=1',
        `after_id=${owner.id}`,
        `after_id=${auditor.id.toUpperCase()}`,
        `after_id=${ada.id}`,
        'after_id=00000000-0000-4000-a000-000000000000'
      ]
      for (const search of searches) {
        const { status, body } = await send(ada.token, 'GET', `/users?${search}`)
        const { users, count } = body as { users: { id: string }[]; count: number }
        expect([search, status]).toEqual([search, 200])
        expect([search, users.filter(({ id }) => id !== ada.id)]).toEqual([search, []])
        expect(count).toBeLessThanOrEqual(1)
      }
      // The same search finds others for who may see them.
      expect((await send(owner.token, 'GET', '/users?q=@example.com')).body).toMatchObject({ count: 4 })
      expect((await send(owner.token, 'GET', '/users?q=%25')).body).toMatchObject({ count: 0 })
    })
  })
})

describe('an answer', () => {
  it('has no secret in it, whoever asks', async () => {
    await withService(async ({ send, sql, people: { owner, ada } }) => {
      const hash = await hashPassword('a long password')
      await sql.query('UPDATE users SET password_hash = $1 WHERE id = $2', [hash, ada.id])
      const made = await send(ada.token, 'POST', '/users/me/keys/tokens', { token_name: 'mine' })
      const { key } = made.body as { key: string }
      const [id, secret] = [idOf(key), key.slice(-43)]
      const { rows } = await sql.query<{ hash: string }>(
        `SELECT encode(hash, 'hex') AS hash FROM casemate_keys WHERE id = $1`,
        [id]
      )
      const answers: unknown[] = []
      for (const [who, of] of [
        [ada, 'me'],
        [owner, ada.id]
      ] as const) {
        await send(who.token, 'PUT', `/users/${of}/gitsshkey`)
        for (const path of [
          '',
          '/roles',
          '/login-type',
          '/gitsshkey',
          '/keys/tokens?include_expired=true',
          '/keys/tokens/mine',
          `/keys/${id}`,
          '/appearance',
          '/preferences',
          '/organizations'
        ]) {
          const { status, body } = await send(who.token, 'GET', `/users/${of}${path}`)
          expect([path, status]).toEqual([path, 200])
          answers.push(body)
        }
        answers.push((await send(who.token, 'GET', '/users')).body)
      }
      const shown = JSON.stringify(answers)
      expect(shown).toContain(id)
      expect(shown).toContain('ssh-ed25519')
      for (const hidden of [
        secret,
        hash,
        rows[0]?.hash ?? '',
        'scrypt',
        'PRIVATE KEY',
        'private_key',
        'secret_hash'
      ])
        expect(shown).not.toContain(hidden)
      const { rows: stored } = await sql.query<{ key: Buffer }>('SELECT private_key AS key FROM git_ssh_keys')
      expect(stored.map(({ key }) => key.includes('OPENSSH'))).toEqual([false])
    })
  })
})

describe('a key that is made while its user is locked out', () => {
  it('is of no use, whichever comes first', async () => {
    await withService(async ({ send, people: { owner, ada } }) => {
      const [made] = await Promise.all([
        send(ada.token, 'POST', '/users/me/keys'),
        send(owner.token, 'PUT', `/users/${ada.id}/status/suspend`)
      ])
      const key = made.status === 201 ? (made.body as { key: string }).key : ada.token
      expect(await send(key, 'GET', '/users/me')).toMatchObject({ status: 401 })
      expect(await send(owner.token, 'DELETE', `/users/${ada.id}`)).toMatchObject({ status: 200 })
      expect(await send(key, 'GET', '/users/me')).toMatchObject({ status: 401 })
    })
  })
})
