/**
 * Uses every subpath of the Backend SDK, on web standards alone, so that it runs on each runtime.
 *
 * @param {Record<string, any>} sdk the modules by subpath; the root is `main`
 * @param {string} url of the API that `api.test-support.ts` serves
 * @returns {Promise<object>} what was seen, as plain data
 */
export async function exercise(sdk, url) {
  const instance = await sdk.testing.createTestInstance()
  await fetch(`${url}/key-set`, { method: 'PUT', body: JSON.stringify(instance.keySet) })
  const { publishableKey, secretKey, jwtKey } = instance
  const client = sdk.main.createClerkClient({ publishableKey, secretKey, jwtKey, apiUrl: url, maxRetries: 0 })
  return {
    tokens: await useTokens(sdk, instance, url),
    requests: await authenticate(client, instance),
    api: await callApi(sdk, client),
    webhooks: await useWebhooks(sdk),
    others: await useOthers(sdk, publishableKey),
  }
}

async function useTokens({ main, jwt, errors }, instance, url) {
  const { jwtKey, secretKey } = instance
  const token = await instance.signSessionToken({ sub: 'user_1' })
  const expired = await instance.signSessionToken({ sub: 'user_1' }, { lifetime: -60 })
  const forged = await instance
    .signSessionToken({ sub: 'user_1' })
    .then((signed) => signed.replace(/.{8}$/, 'AAAAAAAA'))
  const refused = (promise) =>
    promise.then(
      () => 'accepted',
      (error) => [error instanceof errors.TokenVerificationError, error.reason],
    )
  const elliptic = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const [privateKey, publicKey] = await Promise.all(
    [elliptic.privateKey, elliptic.publicKey].map((key) => crypto.subtle.exportKey('jwk', key)),
  )
  const own = await jwt.signJwt({ sub: 'anyone', iat: 1, exp: 9_999_999_999 }, privateKey, {
    algorithm: 'ES256',
    keyId: 'own',
  })
  return {
    byKey: (await main.verifyToken(token, { jwtKey })).sub,
    byKeySet: (await main.verifyToken(token, { secretKey, apiUrl: url })).sub,
    again: (await main.verifyToken(token, { secretKey, apiUrl: url })).sub,
    expired: await refused(main.verifyToken(expired, { jwtKey })),
    forged: await refused(main.verifyToken(forged, { jwtKey })),
    garbage: await refused(main.verifyToken('a.b.c', { jwtKey })),
    template: await refused(main.verifyToken(await instance.signTemplateToken(), { jwtKey })),
    decoded: jwt.decodeJwt(token).header.alg,
    elliptic: (await jwt.verifyJwt(own, { key: { ...publicKey, alg: 'ES256', kid: 'own' } })).sub,
  }
}

async function authenticate(client, instance) {
  const describe = async (request, options) => {
    const state = await client.authenticateRequest(request, options)
    const auth = state.toAuth()
    return [state.status, state.reason, auth?.userId ?? null, auth?.has?.({ role: 'org:admin' }) ?? null]
  }
  const admin = await instance.signSessionToken({ sub: 'user_1', o: { id: 'org_1', slg: 'acme', rol: 'admin' } })
  const machine = await instance.signMachineToken({ sub: 'mch_1' })
  const unknown = new Request('https://app.example.com/page', {
    headers: { 'sec-fetch-dest': 'document', accept: 'text/html' },
  })
  const handshake = await client.authenticateRequest(unknown)
  const location = new URL(handshake.headers.get('location'))
  return {
    header: await describe(await instance.createRequest({ token: admin })),
    cookie: await describe(await instance.createRequest({ carrier: 'cookie' })),
    nobody: await describe(await instance.createRequest({ token: null })),
    machine: (
      await client.authenticateRequest(await instance.createRequest({ token: machine }), { acceptsToken: 'm2m_token' })
    ).status,
    handshake: [
      handshake.status,
      handshake.reason,
      location.host,
      location.pathname,
      location.searchParams.get('redirect_url'),
    ],
  }
}

async function callApi({ errors }, client) {
  const user = await client.users.getUser('user_1')
  const created = await client.users.createUser({ firstName: 'Zoë 🙂' })
  const pictured = await client.users.updateUserProfileImage('user_1', {
    file: new Blob(['picture'], { type: 'image/png' }),
  })
  const ids = []
  for await (const { id } of client.users.getUserList({ limit: 2 })) ids.push(id)
  const missing = await client.users.getUser('user_none').catch((error) => error)
  const unreachable = await client
    .withOptions({ apiUrl: 'http://127.0.0.1:1' })
    .users.getUser('user_1')
    .catch((error) => error)
  const stalled = await client.users.getUser('user_slow', { timeout: 200 }).catch((error) => error)
  return {
    user: [user.id, user.fullName, user.primaryEmailAddress?.emailAddress],
    created: created.firstName,
    pictured: pictured.id,
    ids,
    missing: [
      missing instanceof errors.NotFoundError,
      errors.isClerkAPIResponseError(missing),
      missing.status,
      missing.errors?.[0]?.code,
    ],
    unreachable: unreachable instanceof errors.ConnectionError,
    stalled: stalled instanceof errors.TimeoutError,
  }
}

async function useWebhooks({ webhooks, testing }) {
  const signingSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const { headers, body } = await testing.signWebhook(
    { type: 'user.deleted', object: 'event', data: { id: 'user_1', deleted: true } },
    { signingSecret },
  )
  const toRequest = (text) => new Request('https://app.example.com/hook', { method: 'POST', headers, body: text })
  const changed = await webhooks
    .verifyWebhook(toRequest(body.replace('user_1', 'user_2')), { signingSecret })
    .catch((error) => error)
  return {
    event: await webhooks.verifyWebhook(toRequest(body), { signingSecret }).then(({ type, data }) => [type, data.id]),
    raw: await webhooks.verifyWebhook({ headers, body }, { signingSecret }).then(({ type }) => type),
    changed: [changed instanceof webhooks.WebhookVerificationError, changed.code],
  }
}

async function useOthers({ main, internal, proxy, testing }, publishableKey) {
  const { redirectToSignIn } = internal.createRedirect({
    publishableKey,
    baseUrl: 'https://app.example.com/page',
    redirectAdapter: (url) => url,
  })
  const fake = testing.createFakeApi([{ path: '/users/*', body: { object: 'user', id: 'user_fake' } }])
  const faked = await main.createClerkClient({ secretKey: 'sk_test_1', fetch: fake.fetch }).users.getUser('user_1')
  const refused = await proxy.clerkFrontendApiProxy(new Request('https://app.example.com/elsewhere'), {
    publishableKey,
    secretKey: 'sk_test_1',
  })
  return {
    redirect: redirectToSignIn({ returnBackUrl: 'https://app.example.com/back' }),
    faked: [faked.id, fake.requests.length],
    frontendApi: proxy.fapiUrlFromPublishableKey(publishableKey),
    refused: refused.status,
    enumeration: main.ObjectType.User,
  }
}
