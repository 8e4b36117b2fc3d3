import { generateKeyPairSync, createHash } from 'node:crypto'
import type { Visit } from './asking.test-support.js'
import {
  DEVELOPMENT_HOST,
  developmentKey,
  document,
  keys,
  mint,
  NOW,
  PRODUCTION_HOST,
  productionKey,
} from './differential.test-support.js'

const suffixOf = (key: string) => createHash('sha1').update(key).digest('base64url').slice(0, 8)
const suffix = suffixOf(productionKey)
const developmentSuffix = suffixOf(developmentKey)
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const session = await mint()
const expired = await mint({ iat: NOW - 120, nbf: NOW - 130, exp: NOW - 60 })
const early = await mint({ nbf: NOW + 60 })
const future = await mint({ iat: NOW + 60 })
const forged = await mint({}, {}, stranger.privateKey)
const template = await mint({}, { category: 'cl_B7d4PD222AAA' })
const pending = await mint({ sts: 'pending' })
const noIssuer = await mint({ iss: undefined })
const otherIssuer = await mint({ iss: 'https://clerk.other.com' })
const older = await mint({ iat: NOW - 30 })
const inDevelopment = await mint({ iss: `https://${DEVELOPMENT_HOST}` })
const expiredInDevelopment = await mint({
  iss: `https://${DEVELOPMENT_HOST}`,
  iat: NOW - 120,
  nbf: NOW - 130,
  exp: NOW - 60,
})
const inOrganization = await mint({
  o: { id: 'org_1', slg: 'acme', rol: 'admin', per: 'read,manage', fpm: '3,2' },
  fea: 'o:widgets,o:invoices,u:x',
  pla: 'o:pro',
})
const versionOne = await mint({
  v: undefined,
  sts: undefined,
  org_id: 'org_1',
  org_slug: 'acme',
  org_role: 'org:admin',
  org_permissions: ['org:a:b'],
})
const acting = await mint({ act: { sub: 'user_2' } })
const machine = await mint(
  { sub: 'mch_1', sid: undefined, scopes: 'mch_2 mch_3', role: 'worker' },
  { category: 'cl_B7d4PD333AAA' },
)
const machineOfOtherCategory = await mint({ sub: 'mch_1' })
const oauth = await mint(
  { sid: undefined, client_id: 'app_1', scope: 'email profile', aud: 'https://api.example.com' },
  { type: 'at+jwt', category: undefined },
)
const expiredOAuth = await mint({ exp: NOW - 60 }, { type: 'at+jwt', category: undefined })
const handshakeOf = (handshake: unknown, changes: object = {}, options: object = {}, key = keys.privateKey) =>
  mint({ handshake, sid: undefined, ...changes }, { category: undefined, ...options }, key)

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const signedInCookies = { __session: session, __client_uat: String(NOW - 100) }
export const development = { publishableKey: developmentKey }
const developmentCookies = { __session: inDevelopment, __client_uat: String(NOW - 100), __clerk_db_jwt: 'dvb_1' }
const satellite = { isSatellite: true, domain: 'satellite.com', signInUrl: 'https://example.com/sign-in' }
const developmentSatellite = { ...satellite, ...development }
const sync = {
  organizationPatterns: ['/orgs/:slug', '/orgs/:slug/(.*)', '/by-id/:id'],
  personalAccountPatterns: ['/me', '/me/(.*)'],
}

const times = {
  revoked: false,
  revocation_reason: null,
  expired: false,
  expiration: null,
  last_used_at: null,
  created_at: 1,
  updated_at: 2,
}
const m2mJSON = {
  object: 'machine_to_machine_token',
  id: 'mt_id',
  subject: 'mch_1',
  scopes: ['mch_2'],
  claims: { a_b: 1 },
  ...times,
}
const oauthJSON = {
  object: 'clerk_idp_oauth_access_token',
  id: 'oat_id',
  client_id: 'app_1',
  type: 'oauth_token',
  subject: 'user_1',
  scopes: ['email'],
  ...times,
}
const apiKeyJSON = {
  object: 'api_key',
  id: 'ak_id',
  type: 'api_key',
  name: 'Key',
  subject: 'user_1',
  scopes: ['a'],
  claims: null,
  created_by: null,
  description: null,
  ...times,
}

/** Requests of every kind, each under a name. */
export const visits: [name: string, visit: Visit][] = [
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
  // Handshakes
  [
    'a nonce',
    {
      url: 'https://app.example.com/?__clerk_handshake_nonce=n1',
      headers: document,
      api: {
        '/clients/handshake_payload?nonce=n1': {
          body: { directives: [`__session=${session}; Path=/`, '__client_uat=9; Path=/'] },
        },
      },
    },
  ],
  [
    'a nonce in development',
    {
      options: development,
      url: 'https://app.example.com/?a=b&__clerk_handshake_nonce=n1&__clerk_help=1&__clerk_db_jwt=x',
      headers: document,
      api: {
        '/clients/handshake_payload?nonce=n1': {
          body: { directives: [`__session=${inDevelopment}; Path=/`, '__clerk_db_jwt=dvb_1'] },
        },
      },
    },
  ],
  [
    'a nonce of someone signed out',
    {
      url: 'https://app.example.com/?__clerk_handshake_nonce=n1',
      headers: document,
      api: {
        '/clients/handshake_payload?nonce=n1': { body: { directives: ['__session=; Path=/', '__client_uat=0'] } },
      },
    },
  ],
  [
    'a nonce used before',
    { url: 'https://app.example.com/?__clerk_handshake_nonce=n1', headers: document, cookies: signedInCookies },
  ],
  [
    'a nonce in a cookie',
    {
      cookies: { __clerk_handshake_nonce: 'n2' },
      headers: document,
      api: { '/clients/handshake_payload?nonce=n2': { body: { directives: [`__session_${suffix}=${session}`] } } },
    },
  ],
  [
    'a handshake token',
    {
      cookies: { __clerk_handshake: await handshakeOf([`__session=${session}`, '__client_uat=9']) },
      headers: document,
    },
  ],
  [
    'a handshake token in the URL',
    {
      options: development,
      url: `https://app.example.com/?__clerk_handshake=${await handshakeOf([`__session=${inDevelopment}`])}`,
      headers: document,
    },
  ],
  ['a handshake token without cookies', { cookies: { __clerk_handshake: await handshakeOf([]) }, headers: document }],
  [
    'a handshake token of another category',
    {
      cookies: {
        __clerk_handshake: await handshakeOf([`__session=${session}`], {}, { category: 'cl_B7d4PD222AAA' }),
        ...signedInCookies,
      },
      headers: document,
    },
  ],
  [
    'a forged handshake token',
    {
      cookies: {
        __clerk_handshake: await handshakeOf([`__session=${session}`], {}, {}, stranger.privateKey),
        ...signedInCookies,
      },
      headers: document,
    },
  ],
  ['a garbage handshake token', { cookies: { __clerk_handshake: 'garbage' }, headers: document }],
  [
    'a handshake with an expired session',
    { cookies: { __clerk_handshake: await handshakeOf([`__session=${expired}`]) }, headers: document },
  ],
  [
    'a handshake with an expired session in development',
    {
      options: development,
      url: `https://app.example.com/?__clerk_handshake=${await handshakeOf([`__session=${expiredInDevelopment}`])}`,
      headers: document,
    },
  ],
  [
    'a handshake with a forged session',
    { cookies: { __clerk_handshake: await handshakeOf([`__session=${forged}`]) }, headers: document },
  ],
  // Satellites
  ['a satellite nobody visited', { options: satellite, headers: document, url: 'https://satellite.com/' }],
  [
    'a satellite that asks at once',
    { options: { ...satellite, satelliteAutoSync: true }, headers: document, url: 'https://satellite.com/' },
  ],
  [
    'a satellite after a sign-in',
    {
      options: satellite,
      headers: document,
      url: 'https://satellite.com/?__clerk_synced=false',
      cookies: signedInCookies,
    },
  ],
  [
    'a satellite that knows',
    { options: satellite, headers: document, url: 'https://satellite.com/?__clerk_synced=true' },
  ],
  ['a satellite called by a script', { options: satellite, url: 'https://satellite.com/' }],
  [
    'a satellite signed in',
    { options: satellite, headers: document, url: 'https://satellite.com/', cookies: signedInCookies },
  ],
  [
    'a development satellite that asks',
    { options: { ...developmentSatellite, satelliteAutoSync: true }, headers: document, url: 'https://satellite.com/' },
  ],
  [
    'a development satellite after a sign-in',
    {
      options: developmentSatellite,
      headers: document,
      url: 'https://satellite.com/?__clerk_synced=false',
      cookies: developmentCookies,
    },
  ],
  [
    'a primary that answers a satellite',
    {
      options: development,
      headers: document,
      url: 'https://example.com/?__clerk_redirect_url=https%3A%2F%2Fsatellite.com%2Fx',
      cookies: developmentCookies,
    },
  ],
  [
    'a primary that answers before it knows the browser',
    {
      options: development,
      headers: document,
      url: 'https://example.com/?__clerk_redirect_url=http%3A%2F%2Flocalhost%3A4001%2Fx',
    },
  ],
  // Refresh
  [
    'a refreshed session',
    {
      cookies: { __session: expired, __client_uat: '9', [`__refresh_${suffix}`]: 'rt_1' },
      headers: document,
      api: {
        '/sessions/sess_1/refresh': {
          body: { object: 'cookies', cookies: [`__session=${session}; Path=/`, '__client_uat=9'] },
        },
      },
    },
  ],
  [
    'a refreshed session with suffix',
    {
      cookies: { [`__session_${suffix}`]: expired, [`__client_uat_${suffix}`]: '9', [`__refresh_${suffix}`]: 'rt_1' },
      headers: document,
      api: {
        '/sessions/sess_1/refresh?suffixed_cookies=true': {
          body: { object: 'cookies', cookies: [`__session_${suffix}=${session}; Path=/`] },
        },
      },
    },
  ],
  [
    'a session that is over',
    {
      cookies: { __session: expired, __client_uat: '9', [`__refresh_${suffix}`]: 'rt_1' },
      headers: document,
      api: {
        '/sessions/sess_1/refresh': {
          status: 401,
          body: { errors: [{ code: 'session_not_active', message: 'over' }] },
        },
      },
    },
  ],
  [
    'a refresh without cookies',
    {
      cookies: { __session: expired, __client_uat: '9', [`__refresh_${suffix}`]: 'rt_1' },
      headers: document,
      api: { '/sessions/sess_1/refresh': { body: { object: 'cookies', cookies: [] } } },
    },
  ],
  [
    'a refresh with a forged session',
    {
      cookies: { __session: expired, __client_uat: '9', [`__refresh_${suffix}`]: 'rt_1' },
      headers: document,
      api: { '/sessions/sess_1/refresh': { body: { object: 'cookies', cookies: [`__session=${forged}`] } } },
    },
  ],
  [
    'a refresh that fails unsaid',
    {
      cookies: { __session: expired, __client_uat: '9', [`__refresh_${suffix}`]: 'rt_1' },
      headers: document,
      api: { '/sessions/sess_1/refresh': { status: 500, body: {} } },
    },
  ],
  [
    'an expired session without sid',
    {
      cookies: {
        __session: await mint({ sid: undefined, iat: NOW - 120, exp: NOW - 60 }),
        __client_uat: '9',
        [`__refresh_${suffix}`]: 'rt_1',
      },
      headers: document,
    },
  ],
  // Organizations
  ...[
    '/orgs/acme',
    '/orgs/other',
    '/orgs/other/settings',
    '/by-id/org_1',
    '/by-id/org_2',
    '/me',
    '/me/x/y',
    '/elsewhere',
    '/ORGS/acme/',
  ].flatMap((path): [string, Visit][] => [
    [
      `${path} in an organization`,
      {
        url: `https://app.example.com${path}`,
        headers: document,
        cookies: { ...signedInCookies, __session: inOrganization },
        options: { organizationSyncOptions: sync },
      },
    ],
    [
      `${path} in none`,
      {
        url: `https://app.example.com${path}`,
        headers: document,
        cookies: signedInCookies,
        options: { organizationSyncOptions: sync },
      },
    ],
  ]),
  [
    'an organization, called by a script',
    { url: 'https://app.example.com/orgs/x', cookies: signedInCookies, options: { organizationSyncOptions: sync } },
  ],
  [
    'an organization that cannot be activated',
    {
      url: 'https://app.example.com/orgs/x',
      headers: document,
      cookies: { ...signedInCookies, __clerk_redirect_count: '3' },
      options: { organizationSyncOptions: sync },
    },
  ],
  [
    'an organization and an expired session',
    {
      url: 'https://app.example.com/orgs/x',
      headers: document,
      cookies: { __session: expired, __client_uat: '9' },
      options: { organizationSyncOptions: sync },
    },
  ],
  [
    'an organization and a pending session',
    {
      url: 'https://app.example.com/orgs/x',
      headers: document,
      cookies: { ...signedInCookies, __session: pending },
      options: { organizationSyncOptions: sync },
    },
  ],
  // Machines
  ...(
    [
      'any',
      'session_token',
      'm2m_token',
      'oauth_token',
      'api_key',
      ['session_token', 'api_key'],
      ['m2m_token', 'oauth_token'],
      [],
    ] as const
  ).flatMap((acceptsToken) =>
    Object.entries({
      nothing: '',
      session,
      template,
      expired,
      machine,
      machineOfOtherCategory,
      oauth,
      expiredOAuth,
      opaque: 'mt_1',
      unknown: 'mt_2',
      access: 'oat_1',
      key: 'ak_1',
      orgKey: 'ak_2',
      garbage: 'x.y.z',
    }).map(([name, token]): [string, Visit] => [
      `${name} where ${String(acceptsToken)} is accepted`,
      {
        headers: token ? bearer(token) : {},
        options: { acceptsToken: acceptsToken as never },
        api: {
          '/m2m_tokens/verify':
            token === 'mt_1'
              ? { body: m2mJSON }
              : { status: 404, body: { errors: [{ code: 'token_not_found', message: 'no' }] } },
          '/oauth_applications/access_tokens/verify': { body: oauthJSON },
          '/api_keys/verify': { body: token === 'ak_1' ? apiKeyJSON : { ...apiKeyJSON, subject: 'org_1' } },
        },
      },
    ]),
  ),
  [
    'a machine secret key',
    {
      headers: bearer('mt_1'),
      options: { acceptsToken: 'm2m_token', machineSecretKey: 'ak_secret' },
      api: { '/m2m_tokens/verify': { body: m2mJSON } },
    },
  ],
  [
    'a wrong secret key',
    {
      headers: bearer('ak_1'),
      options: { acceptsToken: 'api_key' },
      api: { '/api_keys/verify': { status: 401, body: { errors: [{ code: 'clerk_key_invalid', message: 'bad' }] } } },
    },
  ],
  [
    'a broken API',
    {
      headers: bearer('ak_1'),
      options: { acceptsToken: 'api_key' },
      api: { '/api_keys/verify': { status: 500, body: {} } },
    },
  ],
  [
    'an access token for us',
    { headers: bearer(oauth), options: { acceptsToken: 'oauth_token', audience: 'https://api.example.com' } },
  ],
  [
    'an access token for others',
    { headers: bearer(oauth), options: { acceptsToken: 'oauth_token', audience: 'https://other.example.com' } },
  ],
  [
    'an opaque access token for others',
    {
      headers: bearer('oat_1'),
      options: { acceptsToken: 'oauth_token', audience: 'https://other.example.com' },
      api: { '/oauth_applications/access_tokens/verify': { body: oauthJSON } },
    },
  ],
]
