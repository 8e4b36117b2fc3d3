import { createRedirect as createOfficially } from '@clerk/backend/internal'
import { describe, expect, it } from 'vitest'
import { createRedirect } from '../internal.js'

const development = `pk_test_${btoa('happy-mole-1.clerk.accounts.dev$')}`
const production = `pk_live_${btoa('clerk.example.com$')}`
const baseUrl = 'https://app.example.com/page?x=1'
const hostile = [
  '//evil.example',
  '\\\\evil.example',
  '/\\evil.example',
  'https:evil.example',
  '/\t/evil.example',
  '\n//evil.example',
  ' //evil.example',
  'javascript:alert(1)',
  ' javascript:alert(1)',
  ' data:text/html,x',
  'https:/\\evil.example',
  'https:///evil.example',
]

describe('redirects to sign in and up', () => {
  const options: object[] = [
    {},
    { publishableKey: production },
    { devBrowserToken: 'dvb_1' },
    { publishableKey: production, devBrowserToken: 'dvb_1' },
    { signInUrl: '/sign-in' },
    { signInUrl: 'https://accounts.example.com/sign-in?a=b', devBrowserToken: 'dvb_1' },
    { signInUrl: '/sign-in', signUpUrl: '/sign-up' },
    { sessionStatus: 'pending' },
    { sessionStatus: 'pending', signInUrl: '/sign-in' },
    { isSatellite: true },
    { isSatellite: true, signInUrl: '/sign-in' },
    { baseUrl: new URL(baseUrl) },
    { baseUrl: '', signInUrl: 'https://accounts.example.com/sign-in' },
  ]
  const returns = [
    undefined,
    null,
    '/back?to=me',
    'https://app.example.com/x',
    'https://other.example.com/x',
    new URL('https://app.example.com/y'),
  ]

  it.each(options)('lead where those of @clerk/backend do, with %j', (changes) => {
    const params = { publishableKey: development, baseUrl, redirectAdapter: (url: string) => url, ...changes }
    const [ours, official] = [createRedirect(params), createOfficially(params)]
    for (const returnBackUrl of returns) {
      if ('baseUrl' in changes && changes.baseUrl === '' && String(returnBackUrl).startsWith('/')) continue
      expect(ours.redirectToSignIn({ returnBackUrl })).toBe(official.redirectToSignIn({ returnBackUrl }))
      if (changes && !('baseUrl' in changes && changes.baseUrl === '')) {
        expect(ours.redirectToSignUp({ returnBackUrl })).toBe(official.redirectToSignUp({ returnBackUrl }))
      }
    }
  })

  it.each(hostile)('come back to the page itself instead of %j', (returnBackUrl) => {
    const { redirectToSignIn } = createRedirect({ publishableKey: development, baseUrl, redirectAdapter: (url) => url })
    expect(new URL(redirectToSignIn({ returnBackUrl })).searchParams.get('redirect_url')).toBe(baseUrl)
  })

  it('need a key or pages', () => {
    const { redirectToSignIn } = createRedirect({ publishableKey: '', baseUrl, redirectAdapter: (url) => url })
    expect(() => redirectToSignIn()).toThrow(/publishableKey/)
  })
})
