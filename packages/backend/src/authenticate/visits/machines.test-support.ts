import type { Visit } from '../asking.test-support.js'
import {
  bearer,
  expired,
  expiredOAuth,
  machine,
  machineOfOtherCategory,
  oauth,
  session,
  template,
} from './tokens.test-support.js'

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

/** Of tokens of every type, for handlers that accept some of them. */
export const visitsOfMachines: [name: string, visit: Visit][] = [
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
