import type { Visit } from '../asking.test-support.js'
import { document, NOW, PRODUCTION_HOST } from '../differential.test-support.js'
import {
  acting,
  bearer,
  development,
  developmentCookies,
  developmentSuffix,
  early,
  expired,
  expiredInDevelopment,
  forged,
  future,
  inDevelopment,
  inOrganization,
  machine,
  noIssuer,
  oauth,
  older,
  otherIssuer,
  pending,
  session,
  signedInCookies,
  suffix,
  template,
  versionOne,
} from './tokens.test-support.js'

/** With a token in the header or cookies, in production and in development. */
export const visitsOfBrowsers: [name: string, visit: Visit][] = [
  // Header
  ['a session token', { headers: bearer(session) }],
  ['a token without a scheme', { headers: { authorization: session } }],
  ['another scheme', { headers: { authorization: `Basic ${session}` } }],
  ['a pending session', { headers: bearer(pending) }],
  ['a session in an organization', { headers: bearer(inOrganization) }],
  ['a session of the first version', { headers: bearer(versionOne) }],
  ['an impersonated session', { headers: bearer(acting) }],
  ['an expired token', { headers: bearer(expired) }],
  ['an expired token in a document request', { headers: { ...bearer(expired), ...document } }],
  ['a token that is not active yet', { headers: bearer(early) }],
  ['a token of the future', { headers: bearer(future) }],
  ['a forged token', { headers: bearer(forged) }],
  ['no JWT', { headers: bearer('garbage') }],
  ['a truncated token', { headers: bearer(session.slice(0, 60)) }],
  ['a template token', { headers: bearer(template) }],
  ['a machine JWT', { headers: bearer(machine) }],
  ['an OAuth JWT', { headers: bearer(oauth) }],
  [
    'a token of another origin',
    { headers: bearer(session), options: { authorizedParties: ['https://other.example.com'] } },
  ],
  [
    'a token of an origin that is let in',
    { headers: bearer(session), options: { authorizedParties: ['https://app.example.com'] } },
  ],
  ['a token of another issuer', { headers: bearer(session), options: { issuer: 'https://clerk.other.com' } }],
  ['a header beside cookies', { headers: bearer(session), cookies: { __session: expired, __client_uat: '5' } }],
  // Cookies in production
  ['nothing', {}],
  ['nothing in a document request', { headers: document }],
  ['good cookies', { cookies: signedInCookies }],
  ['good cookies in a document request', { cookies: signedInCookies, headers: document }],
  [
    'good cookies with a suffix',
    { cookies: { [`__session_${suffix}`]: session, [`__client_uat_${suffix}`]: String(NOW - 100) } },
  ],
  [
    'both kinds of cookies',
    {
      cookies: { ...signedInCookies, [`__session_${suffix}`]: session, [`__client_uat_${suffix}`]: String(NOW - 100) },
    },
  ],
  [
    'a newer cookie without suffix',
    { cookies: { ...signedInCookies, [`__session_${suffix}`]: older, [`__client_uat_${suffix}`]: '9' } },
  ],
  [
    'cookies of another instance beside ours',
    {
      cookies: {
        __session: otherIssuer,
        __client_uat: '9',
        [`__session_${suffix}`]: session,
        [`__client_uat_${suffix}`]: '9',
      },
    },
  ],
  ['cookies of another instance alone', { cookies: { __session: otherIssuer, __client_uat: '9' } }],
  [
    'a session cookie without issuer',
    {
      cookies: {
        __session: noIssuer,
        __client_uat: '9',
        [`__session_${suffix}`]: session,
        [`__client_uat_${suffix}`]: '9',
      },
    },
  ],
  ['signed out with suffix, signed in without', { cookies: { ...signedInCookies, [`__client_uat_${suffix}`]: '0' } }],
  ['a suffixed session without its time', { cookies: { [`__session_${suffix}`]: session } }],
  ['a garbled time', { cookies: { __session: session, __client_uat: 'x' }, headers: document }],
  ['a session without its time', { cookies: { __session: session }, headers: document }],
  ['a session without its time, called by a script', { cookies: { __session: session } }],
  ['a time without a session', { cookies: { __client_uat: '9' }, headers: document }],
  ['a time without a session, posted', { cookies: { __client_uat: '9' }, headers: document, method: 'POST' }],
  [
    'a session older than the last change',
    { cookies: { __session: older, __client_uat: String(NOW) }, headers: document },
  ],
  ['an expired session', { cookies: { __session: expired, __client_uat: '9' }, headers: document }],
  [
    'an expired session in a frame',
    { cookies: { __session: expired, __client_uat: '9' }, headers: { 'sec-fetch-dest': 'iframe' } },
  ],
  [
    'an expired session of an old browser',
    { cookies: { __session: expired, __client_uat: '9' }, headers: { accept: 'text/html,*/*' } },
  ],
  [
    'an expired session, called by a script',
    { cookies: { __session: expired, __client_uat: '9' }, headers: { 'sec-fetch-dest': 'empty', accept: 'text/html' } },
  ],
  [
    'an expired session, posted',
    { cookies: { __session: expired, __client_uat: '9' }, method: 'POST', headers: document },
  ],
  ['an early session', { cookies: { __session: early, __client_uat: '9' }, headers: document }],
  ['a session of the future', { cookies: { __session: future, __client_uat: '9' }, headers: document }],
  ['a forged session', { cookies: { __session: forged, __client_uat: '9' }, headers: document }],
  ['a garbage session', { cookies: { __session: 'garbage', __client_uat: '9' }, headers: document }],
  ['a template token as a session', { cookies: { __session: template, __client_uat: '9' }, headers: document }],
  ['a machine JWT as a session', { cookies: { __session: machine, __client_uat: '9' }, headers: document }],
  ['a pending session in cookies', { cookies: { __session: pending, __client_uat: '9' }, headers: document }],
  [
    'the third round trip',
    { cookies: { __session: expired, __client_uat: '9', __clerk_redirect_count: '2' }, headers: document },
  ],
  [
    'one round trip too many',
    { cookies: { __session: expired, __client_uat: '9', __clerk_redirect_count: '3' }, headers: document },
  ],
  ['the first of two cookies', { headers: { cookie: `__session=${session}; __session=garbage; __client_uat=9` } }],
  ['a quoted cookie', { headers: { cookie: `__session="${session}"; __client_uat=9` } }],
  ['an encoded cookie', { headers: { cookie: `__session=${session.replaceAll('.', '%2E')}; __client_uat=9` } }],
  ['a cookie badly encoded', { headers: { cookie: `__session=%E0%A4%A; __client_uat=9` } }],
  [
    'a visit behind proxies',
    {
      cookies: { __client_uat: '9' },
      url: 'http://10.0.0.1:3000/page',
      headers: { ...document, 'x-forwarded-host': 'app.example.com, inner', 'x-forwarded-proto': 'https,http' },
    },
  ],
  [
    'a forwarded host that is none',
    { cookies: { __client_uat: '9' }, headers: { ...document, 'x-forwarded-host': 'a b c' } },
  ],
  [
    'a proxied Frontend API',
    { cookies: { __client_uat: '9' }, headers: document, options: { proxyUrl: 'https://app.example.com/__clerk' } },
  ],
  [
    'a proxied Frontend API by path',
    { cookies: { __client_uat: '9' }, headers: document, options: { proxyUrl: '/__clerk' } },
  ],
  // Referrers
  [
    'a visit from another domain',
    { cookies: signedInCookies, headers: { ...document, referer: 'https://elsewhere.com/' } },
  ],
  [
    'a visit from our own pages',
    { cookies: signedInCookies, headers: { ...document, referer: 'https://app.example.com/x' } },
  ],
  [
    'a visit from the hosted pages',
    { cookies: signedInCookies, headers: { ...document, referer: 'https://accounts.example.com/sign-in' } },
  ],
  [
    'a visit from the Frontend API',
    { cookies: signedInCookies, headers: { ...document, referer: `https://${PRODUCTION_HOST}/v1` } },
  ],
  [
    'a visit from hosted pages of another domain',
    { cookies: signedInCookies, headers: { ...document, referer: 'https://accounts.evil.com/' } },
  ],
  [
    'a visit from development pages',
    { cookies: signedInCookies, headers: { ...document, referer: 'https://happy-mole-1.accounts.dev/' } },
  ],
  ['a referrer that is none', { cookies: signedInCookies, headers: { ...document, referer: 'not a url' } }],
  [
    'a visit from another domain after a round trip',
    {
      cookies: { ...signedInCookies, __clerk_redirect_count: '1' },
      headers: { ...document, referer: 'https://elsewhere.com/' },
    },
  ],
  // Development
  ['a browser nobody knows', { options: development, headers: document }],
  ['a browser nobody knows, called by a script', { options: development }],
  ['a known browser, signed out', { options: development, headers: document, cookies: { __clerk_db_jwt: 'dvb_1' } }],
  ['a known browser, signed in', { options: development, headers: document, cookies: developmentCookies }],
  [
    'a known browser by suffix',
    {
      options: development,
      cookies: {
        [`__session_${developmentSuffix}`]: inDevelopment,
        [`__client_uat_${developmentSuffix}`]: '9',
        [`__clerk_db_jwt_${developmentSuffix}`]: 'dvb_1',
      },
    },
  ],
  [
    'an expired suffixed session beside a sign-out',
    {
      options: development,
      headers: document,
      cookies: {
        __client_uat: '0',
        __clerk_db_jwt: 'dvb_1',
        [`__session_${developmentSuffix}`]: expiredInDevelopment,
        [`__client_uat_${developmentSuffix}`]: '9',
      },
    },
  ],
  [
    'a browser token in the URL',
    {
      options: development,
      headers: document,
      url: 'https://app.example.com/?__clerk_db_jwt=dvb_2',
      cookies: developmentCookies,
    },
  ],
  [
    'development pages as referrer',
    {
      options: development,
      headers: { ...document, referer: 'https://happy-mole-1.accounts.dev/' },
      cookies: developmentCookies,
    },
  ],
  [
    'an expired session in development',
    { options: development, headers: document, cookies: { ...developmentCookies, __session: expiredInDevelopment } },
  ],
]
