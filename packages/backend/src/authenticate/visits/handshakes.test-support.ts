import type { Visit } from '../asking.test-support.js'
import { document, keys, mint, NOW } from '../differential.test-support.js'
import {
  development,
  developmentCookies,
  expired,
  expiredInDevelopment,
  forged,
  inDevelopment,
  session,
  signedInCookies,
  stranger,
  suffix,
} from './tokens.test-support.js'

const handshakeOf = (handshake: unknown, changes: object = {}, options: object = {}, key = keys.privateKey) =>
  mint({ handshake, sid: undefined, ...changes }, { category: undefined, ...options }, key)

const satellite = { isSatellite: true, domain: 'satellite.com', signInUrl: 'https://example.com/sign-in' }
const developmentSatellite = { ...satellite, ...development }

/** Those that end in a handshake, come from one or save one by a refresh; satellites too. */
export const visitsWithHandshakes: [name: string, visit: Visit][] = [
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
]
