import { describe, expect, it, vi } from 'vitest'
import { API_URL, dialects, useTestServer } from '../server.test-support.js'
import { apiVersions } from '../kernel/versions.js'

const FORM = 'application/x-www-form-urlencoded'

describe.each(dialects)('the HTTP layer on %s', (dialect) => {
  const noted: { fields: object }[] = []
  const server = useTestServer(dialect, {
    logger: {
      debug() {},
      info: (fields) => noted.push({ fields }),
      warn() {},
      error: (fields, message) => server.logged.push({ fields, message }),
    },
  })

  it('answers exactly application/json, with a trace id', async () => {
    const { headers } = await server.call('GET', '/users')
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('x-clerk-trace-id')).toMatch(/^[0-9a-f]{32}$/)
    const refused = await server.call('GET', '/users/user_unknown')
    expect(refused.headers.get('content-type')).toBe('application/json')
    expect(refused.body).toEqual({
      errors: [
        {
          code: 'resource_not_found',
          message: 'Resource not found',
          long_message: 'No user was found with id "user_unknown"',
        },
      ],
      clerk_trace_id: refused.headers.get('x-clerk-trace-id'),
    })
  })

  it.each([
    [null, 'authorization_header_format_invalid'],
    ['', 'authorization_header_format_invalid'],
    ['sk_test_x', 'authorization_header_format_invalid'],
    ['Basic c2s6', 'authorization_header_format_invalid'],
    ['Bearer', 'authorization_header_format_invalid'],
    ['Bearer a b', 'authorization_header_format_invalid'],
    [`Bearer ${'x'.repeat(600)}`, 'authorization_header_format_invalid'],
    ['Bearer sk_test_unknown', 'clerk_key_invalid'],
    ['Bearer nonsense', 'clerk_key_invalid'],
  ])('refuses the authorization %j', async (authorization, code) => {
    const { status, body } = await server.call('GET', '/users', undefined, {
      key: null,
      headers: authorization === null ? {} : { authorization },
    })
    expect({ status, code: body.errors[0].code }).toEqual({ status: 401, code })
    expect(JSON.stringify(body)).not.toContain('sk_test_unknown')
  })

  it('takes the scheme in any case', async () => {
    const { status } = await server.call('GET', '/users', undefined, {
      key: null,
      headers: { authorization: `bEARER ${server.instance.secretKey}` },
    })
    expect(status).toBe(200)
  })

  it('refuses a key from the moment it is revoked, and takes a new one', async () => {
    const { admin } = server.server
    const key = await admin.createKey(server.instance.id, { name: 'ci' })
    expect((await server.call('GET', '/users', undefined, { key: key.secretKey })).status).toBe(200)
    expect(await admin.revokeKey(key.id)).toBe(true)
    expect((await server.call('GET', '/users', undefined, { key: key.secretKey })).status).toBe(401)
    expect(await admin.revokeKey(key.id)).toBe(false)
    expect((await server.call('GET', '/users')).status).toBe(200)
  })

  it('keeps no secret key in the database', async () => {
    const rows = await server.server.database.read.selectFrom('secrets').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(server.instance.secretKey.slice(8))
  })

  it.each([...apiVersions, null])('serves version %s', async (version) => {
    expect((await server.call('GET', '/users', undefined, { version })).status).toBe(200)
    if (version)
      expect(
        (await server.call('GET', `/users?__clerk_api_version=${version}`, undefined, { version: null })).status,
      ).toBe(200)
  })

  it('takes a version that is newer than itself for the newest, and logs it once', async () => {
    for (const version of ['2027-01-31', '2027-01-31', '2099-12-31'])
      expect((await server.call('GET', '/users', undefined, { version })).status).toBe(200)
    expect(noted.filter(({ fields }) => 'newest' in fields)).toMatchObject([
      { fields: { version: '2027-01-31', newest: apiVersions.at(-1) } },
    ])
    for (const version of ['2026-13-01', '2027-02-30', '2027-01-31T00', '20270131', '3000'])
      expect((await server.call('GET', '/users', undefined, { version })).status).toBe(400)
  })

  it('keeps answers out of caches, and names their trace twice', async () => {
    const answers = [
      await server.call('GET', '/users'),
      await server.call('GET', '/users', undefined, { key: null }),
      await server.call('GET', '/nothing'),
      await server.call('GET', '/users/user_1'),
    ]
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('clerk-trace-id')).toMatch(/^[0-9a-f]{32}$/)
      expect(headers.get('x-clerk-trace-id')).toBe(headers.get('clerk-trace-id'))
    }
  })

  it('counts a client that hung up as 499, and logs no error', async () => {
    const gone = new AbortController()
    const body = new ReadableStream({
      pull(controller) {
        gone.abort()
        controller.error(new Error('The client has gone'))
      },
    })
    const request = new Request(`${API_URL}/v1/users`, {
      method: 'POST',
      body,
      signal: gone.signal,
      headers: { authorization: `Bearer ${server.instance.secretKey}`, 'content-type': 'application/json' },
      duplex: 'half',
    } as RequestInit)
    await server.server.fetch(request)
    const { key } = await server.server.admin.createOperatorKey('metrics')
    const metrics = await server.fetch(`${API_URL}/metrics`, { headers: { authorization: `Bearer ${key}` } })
    expect(await metrics.text()).toContain('operation="CreateUser",status="499"')
    expect(server.logged).toEqual([])
  })

  it('refuses other versions, and two at once', async () => {
    for (const [path, version] of [
      ['/users', '2020-01-01'],
      ['/users', ''],
      ['/users?__clerk_api_version=latest', null],
      ['/users?__clerk_api_version=2026-05-12', '2026-05-12'],
    ] as const) {
      expect(await server.call('GET', path, undefined, { version })).toMatchObject({
        status: 400,
        body: { errors: [{ code: 'api_version_invalid' }] },
      })
    }
  })

  it.each([
    ['not JSON', '{"username":', 'application/json', 400, 'request_body_invalid'],
    ['a list', '[]', 'application/json', 400, 'request_body_invalid'],
    ['a text', '"x"', 'application/json', 400, 'request_body_invalid'],
    [
      'broken UTF-8',
      new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      'application/json',
      400,
      'request_body_invalid',
    ],
    ['XML', '<user/>', 'application/xml', 415, 'unsupported_content_type'],
    ['plain text', 'username=ada_l', 'text/plain', 415, 'unsupported_content_type'],
    ['no type', 'username=ada_l', '', 415, 'unsupported_content_type'],
    ['JSON, and says it is a form', '{"username":"ada_l"}', FORM, 400, 'request_body_invalid'],
    ['a form with a byte that is not UTF-8', 'username=ada_l&first_name=J%FCrgen', FORM, 400, 'request_body_invalid'],
    ['a form with half a character', 'username=ada_l&first_name=%C3&last_name=x', FORM, 400, 'request_body_invalid'],
    ['a form in Latin-1', 'username=ada_l', `${FORM};charset=iso-8859-1`, 415, 'unsupported_content_type'],
    ['JSON in UTF-16', '{}', 'application/json; charset=utf-16le', 415, 'unsupported_content_type'],
    ['over a megabyte', `{"username":"${'x'.repeat(1024 * 1024)}"}`, 'application/json', 413, 'request_body_too_large'],
    [
      'nested too deep',
      `{"public_metadata":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}`,
      'application/json',
      422,
      'form_param_value_invalid',
    ],
  ])('refuses a body that is %s', async (_, body, type, status, code) => {
    expect(await server.call('POST', '/users', body, { headers: { 'content-type': type } })).toMatchObject({
      status,
      body: { errors: [{ code }] },
    })
    expect((await server.call('GET', '/users/count')).body.total_count).toBe(0)
  })

  it('names every parameter that is wrong, each in an error of its own', async () => {
    const { status, body } = await server.call('POST', '/users', {
      email: 'ada@example.com',
      first_name: 1,
      email_address: [7],
      banned: 'yes',
    })
    expect(status).toBe(422)
    expect(
      body.errors
        .map((error: { code: string; meta: { param_name: string } }) => [error.code, error.meta.param_name])
        .sort(),
    ).toEqual([
      ['form_param_type_invalid', 'banned'],
      ['form_param_type_invalid', 'email_address'],
      ['form_param_type_invalid', 'first_name'],
      ['form_param_unknown', 'email'],
    ])
  })

  it('names the first parameters only where hundreds are wrong', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`unknown_${index}`, 1]))
    for (const body of [unknown, { backup_codes: Array.from({ length: 5000 }, () => 7) }]) {
      const answer = await server.call('POST', '/users', body)
      expect(answer.status).toBe(422)
      expect(answer.body.errors).toHaveLength(20)
    }
  })

  it.each([
    ['email', '"email" is not a valid parameter for this request. Did you mean "email_address"?'],
    ['firstName', '"firstName" is not a valid parameter for this request. Did you mean "first_name"?'],
    ['colour', '"colour" is not a valid parameter for this request'],
  ])('says what %s may have meant', async (param, sentence) => {
    expect((await server.call('POST', '/users', { [param]: 'x' })).body.errors[0]).toMatchObject({
      code: 'form_param_unknown',
      long_message: sentence,
    })
  })

  it('takes forms, with the names of the classic SDK', async () => {
    const form = new URLSearchParams([
      ['username', 'ada_l'],
      ['email_address', 'ada@example.com'],
      ['email_address', 'countess@example.com'],
      ['skip_password_checks', 'true'],
      ['create_organizations_limit', '3'],
      ['public_metadata', '{"a":1}'],
      ['first_name', ''],
    ])
    const created = await server.call('POST', '/users', form)
    expect(created).toMatchObject({
      status: 200,
      body: { username: 'ada_l', create_organizations_limit: 3, public_metadata: { a: 1 }, first_name: '' },
    })
    const second = created.body.email_addresses[1].id
    const updated = await server.call(
      'PATCH',
      `/users/${created.body.id}`,
      new URLSearchParams({ primary_email_address_i_d: second, first_name: 'Ada' }),
      { version: null },
    )
    expect(updated.body).toMatchObject({ primary_email_address_id: second, first_name: 'Ada' })
    expect(
      (await server.call('POST', '/users', new URLSearchParams({ username: 'grace-h', banned: 'perhaps' }))).body
        .errors[0],
    ).toMatchObject({ code: 'form_param_type_invalid', meta: { param_name: 'banned' } })
  })

  it.each(['__proto__', 'constructor', 'toString'])('knows no parameter %s, in JSON or in a form', async (name) => {
    const unknown = { status: 422, body: { errors: [{ code: 'form_param_unknown', meta: { param_name: name } }] } }
    expect(
      await server.call('POST', '/users', `{"username":"ada_l","${name}":"x"}`, {
        headers: { 'content-type': 'application/json' },
      }),
    ).toMatchObject(unknown)
    expect(
      await server.call(
        'POST',
        '/users',
        new URLSearchParams([
          ['username', 'ada_l'],
          [name, 'x'],
        ]),
      ),
    ).toMatchObject(unknown)
  })

  it('takes null for an empty body', async () => {
    const { body: user } = await server.call('POST', '/users', { username: 'ada_l' })
    for (const path of [`/users/${user.id}/ban`, `/users/${user.id}/unban`])
      expect(
        (await server.call('POST', path, 'null', { headers: { 'content-type': 'application/json' } })).status,
      ).toBe(200)
  })

  it('takes a JSON type with a charset, and an empty body', async () => {
    expect(
      (
        await server.call('POST', '/users', '{"username":"ada_l"}', {
          headers: { 'content-type': 'Application/JSON; charset=utf-8' },
        })
      ).status,
    ).toBe(200)
    const { body } = await server.call('GET', '/users')
    expect((await server.call('POST', `/users/${body[0].id}/ban`)).status).toBe(200)
    expect(
      (
        await server.call('POST', `/users/${body[0].id}/unban`, '', {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).status,
    ).toBe(200)
  })

  it('says 400 for what is not served yet, by name, and 404 for what there is not', async () => {
    expect(await server.call('GET', '/billing/plans')).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'not_implemented', meta: { operation_id: expect.any(String) } }] },
    })
    expect(await server.call('GET', '/me/billing/subscription', undefined, { key: null })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'not_implemented' }] },
    })
    expect(await server.call('GET', '/nothing/here')).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'route_not_found' }] },
    })
    expect(await server.call('DELETE', '/users')).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'route_not_found' }] },
    })
  })

  it('tells the two APIs apart by the key where both have a path', async () => {
    const backend = await server.call('POST', '/organizations', {})
    const frontend = await server.call('POST', '/organizations', {}, { key: null })
    expect(backend.body.errors[0].code).toBe('form_param_missing')
    // The test's instance is not the default one, and a browser names none here.
    expect(frontend.body.errors[0].code).toBe('host_invalid')
  })

  it('says that it is alive, ready and what it serves', async () => {
    const get = (path: string, headers = {}) =>
      server.server.fetch(new Request(API_URL + path, { headers }), { remoteAddress: '203.0.113.7' })
    expect((await get('/livez')).status).toBe(200)
    expect((await get('/readyz')).status).toBe(200)
    expect((await get('/v1/health')).status).toBe(200)
    expect(await (await get('/v1/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' })
  })

  it('shows metrics to operator keys alone: no instance, and no address, has a right to those of others', async () => {
    const { admin } = server.server
    const get = (authorization: string, remoteAddress = '203.0.113.7') =>
      server.server.fetch(new Request(`${API_URL}/metrics`, { headers: { authorization } }), { remoteAddress })
    const { id, key } = await admin.createOperatorKey('prometheus')
    expect(key).toMatch(/^operator_[A-Za-z0-9]{43}$/)
    expect(await (await get(`Bearer ${key}`)).text()).toContain('latchkey_request_duration_seconds')

    for (const refused of ['', 'Bearer', `Bearer ${server.instance.secretKey}`, `Bearer ${key}x`, `Basic ${key}`])
      expect((await get(refused)).status).toBe(401)
    expect((await get('', '127.0.0.1')).status).toBe(401)
    expect((await server.call('GET', '/users', undefined, { key })).status).toBe(401)

    expect(await admin.listOperatorKeys()).toContainEqual(expect.objectContaining({ id, revokedAt: null }))
    expect(await admin.revokeKey(id)).toBe(true)
    expect(await admin.revokeKey(id)).toBe(false)
    expect((await get(`Bearer ${key}`)).status).toBe(401)
  })

  it('looks once for all who ask at once whether it is ready', async () => {
    const writes = vi.spyOn(server.server.database, 'transaction')
    try {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => server.server.fetch(new Request(`${API_URL}/readyz`))),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
      expect(writes).toHaveBeenCalledTimes(2)
      expect((await server.server.fetch(new Request(`${API_URL}/readyz`))).status).toBe(200)
      expect(writes).toHaveBeenCalledTimes(4)
    } finally {
      writes.mockRestore()
    }
  })

  it('logs a fault of ours in a route beside the API, and answers as the API does', async () => {
    const read = vi.spyOn(server.server.database.read, 'selectFrom').mockImplementation(() => {
      throw new Error('no disk')
    })
    const answer = await server.server.fetch(new Request(`${API_URL}/images/img_1`)).finally(() => read.mockRestore())

    expect(answer.status).toBe(500)
    expect(await answer.json()).toMatchObject({
      errors: [{ code: 'internal_clerk_error' }],
      clerk_trace_id: expect.any(String),
    })
    expect(server.logged.splice(0)).toMatchObject([{ fields: { err: { message: 'no disk' } } }])
  })
})
