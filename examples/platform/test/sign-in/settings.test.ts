import { describe, expect, it } from 'vitest'
import { configured } from '../../src/sign-in/errors.js'
import { readSignInSettings } from '../../src/sign-in/settings.js'

const oidc = {
  OIDC_ISSUER: 'https://issuer.example.com/realm',
  OIDC_CLIENT_ID: 'platform',
  OIDC_CLIENT_SECRET: 'secret'
}
const github = { GITHUB_CLIENT_ID: 'Iv1.platform', GITHUB_CLIENT_SECRET: 'secret' }

describe('the settings of sign-in', () => {
  it('are none where the environment names none, which a sign-in then says', () => {
    const settings = readSignInSettings({ PATH: '/bin' })
    expect(settings).toEqual({ oidc: undefined, github: undefined })
    expect(() => configured(settings.oidc, 'OpenID Connect')).toThrow(
      'sign-in with OpenID Connect is not configured'
    )
    expect(() => configured(settings.github, 'GitHub')).toThrow(
      expect.objectContaining({ code: 'not_configured' })
    )
  })

  it('are read for each provider, with what need not be said', () => {
    const settings = readSignInSettings({ ...oidc, ...github })
    expect(configured(settings.oidc, 'OpenID Connect')).toEqual({
      issuer: new URL('https://issuer.example.com/realm'),
      clientId: 'platform',
      clientSecret: 'secret',
      signInText: 'OpenID Connect',
      iconUrl: '',
      opensAccounts: true
    })
    expect(settings.github).toEqual({
      clientId: 'Iv1.platform',
      clientSecret: 'secret',
      webUrl: new URL('https://github.com'),
      apiUrl: new URL('https://api.github.com'),
      opensAccounts: false
    })
  })

  it('name everything that is missing or wrong, and no value', () => {
    const read = (): unknown =>
      readSignInSettings({ OIDC_ISSUER: 'ftp://secret.example.com', OIDC_CLIENT_ID: '' })
    expect(read).toThrow(/^OIDC_ISSUER: .+\nOIDC_CLIENT_ID: .+\nOIDC_CLIENT_SECRET: .+$/)
    expect(read).not.toThrow('secret.example.com')
    expect(() => readSignInSettings({ GITHUB_CLIENT_SECRET: 'secret' })).toThrow(/^GITHUB_CLIENT_ID: /)
    expect(() => readSignInSettings({ ...oidc, OIDC_ISSUER: 'https://issuer.example.com/?a=b' })).toThrow(
      'OIDC_ISSUER: neither query nor fragment'
    )
  })
})
