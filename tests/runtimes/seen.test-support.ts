const hosted = 'test-instance-1.accounts.dev'
const frontendApi = 'test-instance-1.clerk.accounts.dev'

/** What the program must see, wherever it runs. */
export const SEEN = {
  tokens: {
    byKey: 'user_1',
    byKeySet: 'user_1',
    again: 'user_1',
    expired: [true, 'token-expired'],
    forged: [true, 'token-invalid-signature'],
    garbage: [true, 'token-invalid'],
    template: [true, 'token-invalid'],
    decoded: 'RS256',
    elliptic: 'anyone',
  },
  requests: {
    header: ['signed-in', null, 'user_1', true],
    cookie: ['signed-in', null, 'user_test', false],
    nobody: ['signed-out', 'dev-browser-missing', null, false],
    machine: 'signed-in',
    handshake: [
      'handshake',
      'dev-browser-missing',
      frontendApi,
      '/v1/client/handshake',
      'https://app.example.com/page',
    ],
  },
  api: {
    user: ['user_1', 'Ada Lovelace', 'ada@example.com'],
    created: 'Zoë 🙂',
    pictured: 'user_1',
    ids: ['user_1', 'user_2', 'user_3'],
    missing: [true, true, 404, 'resource_not_found'],
    unreachable: true,
    stalled: true,
  },
  webhooks: { event: ['user.deleted', 'user_1'], raw: 'user.deleted', changed: [true, 'signature_invalid'] },
  others: {
    redirect: `https://${hosted}/sign-in?redirect_url=https%3A%2F%2Fapp.example.com%2Fback`,
    faked: ['user_fake', 1],
    frontendApi: 'https://frontend-api.clerk.dev',
    refused: 400,
    enumeration: 'user',
  },
}
