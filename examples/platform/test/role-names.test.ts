// No line of the service names a role: which there are, and which come with an account, is for the policy to say.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { policy } from '../src/policy.js'

it('names no role in its code and its tables', () => {
  const folder = new URL('../', import.meta.url)
  const files = ['src', 'migrations'].flatMap((name) =>
    readdirSync(new URL(name, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ts|sql)$/.test(file))
      .map((file) => `${name}/${file}`)
  )
  const roles = policy.roles.list().map(({ name }) => name)
  expect(files.length).toBeGreaterThan(40)
  expect(roles).toContain('user-admin')
  // As a text in quotes: a log has an owner, who need not be one.
  const named = new RegExp(`['"\`](?:${roles.join('|')})['"\`]`)
  const lines = files.flatMap((file) =>
    readFileSync(new URL(file, folder), 'utf8')
      .split('\n')
      .map((line, i) => `${file}:${i + 1}: ${line.trim()}`)
  )
  expect(lines.filter((line) => named.test(line))).toEqual([])
})
