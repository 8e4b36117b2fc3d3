import { describe, expect, it } from 'vitest'
import { eraseExpiredCodes } from '../../outbox/event-codes.js'
import { svixOf, useReceiver, eventually } from '../../outbox/webhooks/receiver.test-support.js'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'

const URL_OF_APP = 'https://app.example.com/hooks'

describe.each(dialects)('endpoints on the wire of Svix on %s', (dialect) => {
  const server = useTestServer(dialect, { webhooks: { schedule: { pollEvery: 20 } } })
  const receiver = useReceiver()
  const svix = svixOf(server)
  const create = async (fields: object = {}) =>
    (await svix('POST', '/endpoint', { url: URL_OF_APP, ...fields })).body as { id: string }
  const newUser = (firstName: string) =>
    server.client.users.createUser({ firstName, emailAddress: [`${firstName.toLowerCase()}@example.com`] })

  it('are created, read, listed, replaced, changed and deleted', async () => {
    const created = await svix('POST', '/endpoint', { url: URL_OF_APP, uid: 'shop', filterTypes: ['user.created'] })
    expect(created).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^ep_\w{27}$/),
        uid: 'shop',
        url: URL_OF_APP,
        version: 1,
        description: '',
        disabled: false,
        filterTypes: ['user.created'],
        eventTypes: ['user.created'],
        rateLimit: null,
        throttleRate: null,
        metadata: {},
        createdAt: new Date(server.clock.now()).toISOString(),
      },
    })
    const { id } = created.body
    expect((await svix('GET', '/endpoint/shop')).body).toEqual(created.body)

    const patched = await svix('PATCH', `/endpoint/${id}`, { throttleRate: 5, description: 'Shop', eventTypes: null })
    expect(patched.body).toMatchObject({ rateLimit: 5, throttleRate: 5, filterTypes: null, uid: 'shop' })
    const replaced = await svix('PUT', `/endpoint/${id}`, { url: `${URL_OF_APP}/2` })
    expect(replaced.body).toMatchObject({ url: `${URL_OF_APP}/2`, uid: null, description: '', throttleRate: null })
    expect((await svix('DELETE', `/endpoint/${id}`)).status).toBe(204)
    expect(await svix('GET', `/endpoint/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    const entries = await server.server.admin.latestAudit(server.instance.id, { targetId: id }, 10)
    expect(entries.map(({ action, changed }) => [action, changed])).toEqual([
      ['webhook_endpoint.created', []],
      ['webhook_endpoint.updated', ['description', 'event_types', 'throttle_rate']],
      ['webhook_endpoint.updated', expect.arrayContaining(['url', 'uid'])],
      ['webhook_endpoint.deleted', []],
    ])
  })

  it.each([
    ['GET', '/endpoint/%00', undefined],
    ['GET', '/endpoint?iterator=%00', undefined],
    // Of a name that comes twice the first value is read.
    ['GET', '/attempt/msg/MESSAGE?endpoint_id=%00&endpoint_id=ENDPOINT', undefined],
    ['GET', '/msg?iterator=nowhere', undefined],
    ['GET', '/msg?iterator=9999999999999999999', undefined],
    ['GET', '/msg?iterator=-1', undefined],
    ['GET', '/attempt/endpoint/ENDPOINT?iterator=nowhere:ep_1', undefined],
    ['GET', '/attempt/endpoint/ENDPOINT?iterator=nowhere', undefined],
    ['GET', '/attempt/endpoint/ENDPOINT?iterator=1e400:ep_1', undefined],
    ['GET', '/attempt/endpoint/ENDPOINT?status_code_class=1e400', undefined],
    ['GET', '/attempt/endpoint/ENDPOINT?status_code_class=many', undefined],
    ['POST', '/endpoint', { url: URL_OF_APP, description: 'a\0b' }],
    ['POST', '/endpoint', { url: URL_OF_APP, uid: '\ud800' }],
    ['POST', '/endpoint', { url: URL_OF_APP, metadata: { 'a\0': 'b' } }],
  ])('refuse what is no text, no number and no place in a list: %s %s %j', async (method, path, body) => {
    const { id } = await create()
    if (path.includes('MESSAGE')) await newUser('Ada')
    const message = async () => ((await svix('GET', '/msg')).body.data as { id: string }[])[0]!.id
    const at = path.replace('ENDPOINT', id).replace('MESSAGE', path.includes('MESSAGE') ? await message() : '')
    expect(await svix(method, at, body)).toMatchObject({ status: 422 })
  })

  it('are changed by somebody: the audit trail names the key, the address, the agent and the request', async () => {
    const send = async (fields: object) => {
      const request = new Request(`${API_URL}/api/v1/app/${server.instance.id}/endpoint`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${server.instance.secretKey}`,
          'content-type': 'application/json',
          'user-agent': `shop/${'2'.repeat(600)}`,
        },
        body: JSON.stringify({ url: URL_OF_APP, ...fields }),
      })
      return server.server.fetch(request, { remoteAddress: '192.0.2.9' })
    }
    const answer = await send({})
    const traceId = answer.headers.get('x-trace-id')
    expect(traceId).toMatch(/^[0-9a-f]{32}$/)
    const { id } = (await answer.json()) as { id: string }
    expect(await server.server.admin.latestAudit(server.instance.id, { targetId: id }, 10)).toMatchObject([
      {
        action: 'webhook_endpoint.created',
        actorKind: 'secret_key',
        ipAddress: '192.0.2.9',
        userAgent: `shop/${'2'.repeat(507)}`,
        traceId,
      },
    ])
    expect((await send({ uid: 'a b' })).headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/)
  })

  it('are listed in pages', async () => {
    const ids = []
    for (let made = 0; made < 3; made++) {
      server.clock.advance(1)
      ids.push((await create()).id)
    }
    const first = (await svix('GET', '/endpoint?limit=2')).body
    expect(first).toMatchObject({ done: false, iterator: ids[1], prevIterator: null })
    const second = (await svix('GET', `/endpoint?limit=2&iterator=${first.iterator}`)).body
    expect(second.done).toBe(true)
    expect([...first.data, ...second.data].map(({ id }: { id: string }) => id)).toEqual(ids)
    const reversed = (await svix('GET', '/endpoint?order=descending')).body.data
    expect(reversed.map(({ id }: { id: string }) => id)).toEqual(ids.reverse())
  })

  it('are created for each key that asks, though both call their request the same', async () => {
    const key = { 'idempotency-key': 'auto_7' }
    const { secretKey } = await server.server.admin.createKey(server.instance.id, { name: 'second' })
    const others = (body: object) => svix('POST', '/endpoint', body, { ...key, authorization: `Bearer ${secretKey}` })
    const first = await svix('POST', '/endpoint', { url: URL_OF_APP, description: 'first' }, key)
    const second = await others({ url: `${URL_OF_APP}/2`, description: 'second' })
    expect([first, second]).toMatchObject([
      { status: 201, body: { description: 'first' } },
      { status: 201, body: { description: 'second' } },
    ])
    expect((await others({ url: URL_OF_APP })).body).toEqual(second.body)
  })

  it('are 50 at most, however many are asked for at once', async () => {
    for (let made = 0; made < 47; made++) await create()
    // So that there are connections for all of them.
    await Promise.all(Array.from({ length: 16 }, (_, number) => newUser(`U${number}`)))
    const answers = await Promise.all(Array.from({ length: 16 }, () => svix('POST', '/endpoint', { url: URL_OF_APP })))
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(3).fill(201),
      ...Array<number>(13).fill(422),
    ])
    expect((await svix('GET', '/endpoint?limit=250')).body.data).toHaveLength(50)
  })

  it('are created once for a repeated request', async () => {
    const key = { 'idempotency-key': 'auto_1' }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => svix('POST', '/endpoint', { url: URL_OF_APP }, key)),
    )
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
    expect((await svix('GET', '/endpoint')).body.data).toHaveLength(1)
  })

  it.each([
    [{ url: 'nonsense' }, 'url'],
    [{ url: 'ftp://example.com' }, 'url'],
    [{ url: 'http://169.254.169.254/' }, 'url'],
    [{ url: `${API_URL}/v1/users` }, 'url'],
    [{ url: 'https://u:p@example.com' }, 'url'],
    [{ url: 7 }, 'url'],
    [{}, 'url'],
    [{ url: URL_OF_APP, filterTypes: ['user.creatd'] }, 'filterTypes'],
    [{ url: URL_OF_APP, eventTypes: [] }, 'filterTypes'],
    [{ url: URL_OF_APP, throttleRate: 0 }, 'throttleRate'],
    [{ url: URL_OF_APP, uid: 'a b' }, 'uid'],
    [{ url: URL_OF_APP, secret: 'whsec_short' }, 'secret'],
    [{ url: URL_OF_APP, headers: { host: 'x' } }, 'headers'],
    [{ url: URL_OF_APP, headers: { 'svix-id': 'x' } }, 'headers'],
    [{ url: URL_OF_APP, headers: { 'x-a': 'a\r\nb: c' } }, 'headers'],
    [{ url: URL_OF_APP, ordering: 'random' }, 'ordering'],
  ])('are refused with %j, naming %s', async (body, field) => {
    expect(await svix('POST', '/endpoint', body)).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', field], type: 'value_error' }] },
    })
    expect((await svix('GET', '/endpoint')).body.data).toEqual([])
  })

  it.each([
    ['path', `/endpoint/${encodeURIComponent('a\0b')}`, 'endpoint_id'],
    ['path', `/msg/${encodeURIComponent('msg_\0')}`, 'msg_id'],
    ['query', '/endpoint?iterator=%00', 'iterator'],
    ['query', '/msg?iterator=NaN', 'iterator'],
    ['query', '/msg?iterator=1e400', 'iterator'],
    ['query', '/msg?iterator=', 'iterator'],
    ['query', '/msg?before=yesterday', 'before'],
    ['query', '/msg?limit=251', 'limit'],
    ['query', '/msg?event_types=user.creatd', 'event_types'],
    ['query', '/attempt/endpoint/shop?iterator=atmpt_1', 'iterator'],
    ['query', '/attempt/endpoint/shop?iterator=x:atmpt_1', 'iterator'],
    ['query', '/attempt/endpoint/shop?iterator=1:atmpt_%00', 'iterator'],
    ['query', '/attempt/endpoint/shop?status=nice', 'status'],
    ['query', '/attempt/endpoint/shop?status_code_class=204', 'status_code_class'],
  ])('refuse in the %s of %s what no list has answered, naming %s', async (place, path, field) => {
    await create({ uid: 'shop' })
    expect(await svix('GET', path)).toMatchObject({ status: 422, body: { detail: [{ loc: [place, field] }] } })
  })

  it.each([
    [{ url: URL_OF_APP, description: 'a\0b' }, 'description'],
    [{ url: URL_OF_APP, metadata: { team: 'a\uD800' } }, 'metadata'],
    [{ url: URL_OF_APP, headers: { 'x-a': '\0' } }, 'headers'],
    [{ url: `${URL_OF_APP}/\0` }, 'url'],
  ])('refuse text that no database stores: %j', async (body, field) => {
    expect(await svix('POST', '/endpoint', body)).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', field] }] },
    })
  })

  it('are refused if the uid is taken', async () => {
    await create({ uid: 'shop' })
    expect(await svix('POST', '/endpoint', { url: URL_OF_APP, uid: 'shop' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    })
  })

  it('belong to one instance', async () => {
    const { id } = await create()
    const other = await server.newInstance()
    const ask = async (app: string, key: string) => {
      const request = new Request(`${API_URL}/api/v1/app/${app}/endpoint/${id}`, {
        headers: { authorization: `Bearer ${key}` },
      })
      return (await server.server.fetch(request)).status
    }
    const { instance } = server
    expect(await ask(instance.id, instance.secretKey)).toBe(200)
    expect(await ask(instance.id, other.secretKey)).toBe(404)
    expect(await ask(other.id, other.secretKey)).toBe(404)
    expect(await ask(instance.id, 'sk_test_wrong')).toBe(401)
    expect(await ask(instance.id, '')).toBe(401)
  })

  it('have secrets, which can be given, and rotate', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    const { id } = await create({ secret })
    expect((await svix('GET', `/endpoint/${id}/secret`)).body).toEqual({ key: secret })
    const key = `whsec_${Buffer.alloc(24, 8).toString('base64')}`
    expect((await svix('POST', `/endpoint/${id}/secret/rotate`, { key })).status).toBe(204)
    expect((await svix('GET', `/endpoint/${id}/secret`)).body).toEqual({ key })
    for (const body of [{ key: 'x' }, { gracePeriodSeconds: -1 }, { gracePeriodSeconds: 604_801 }])
      expect((await svix('POST', `/endpoint/${id}/secret/rotate`, body)).status).toBe(422)
    const { rows } = { rows: await server.server.database.read.selectFrom('webhook_endpoints').selectAll().execute() }
    expect(JSON.stringify(rows)).not.toContain('whsec_')
  })

  it('have headers, which are added, replaced and removed', async () => {
    const { id } = await create({ headers: { 'X-A': '1', 'X-Token': 'hush' } })
    await svix('PATCH', `/endpoint/${id}/headers`, { headers: { 'x-a': '2', 'X-B': '3' }, deleteHeaders: ['x-token'] })
    expect((await svix('GET', `/endpoint/${id}/headers`)).body).toEqual({
      headers: { 'x-a': '2', 'X-B': '3' },
      sensitive: [],
    })
    await svix('PUT', `/endpoint/${id}/headers`, { headers: { Authorization: 'Bearer hush' } })
    expect((await svix('GET', `/endpoint/${id}/headers`)).body).toEqual({ headers: {}, sensitive: ['Authorization'] })
  })

  it.each([
    'Authorization',
    'X-Api-Key',
    'X-Token',
    'X-Client-Secret',
    'X-Passphrase',
    'X-Pwd',
    'Cookie',
    'X-Signature',
    'X-Session',
    'X-JWT',
    'X-Bearer',
  ])('never show the value of %s again, whatever is asked', async (name) => {
    const created = await svix('POST', '/endpoint', { url: receiver.url, headers: { [name]: 'hush-hush' } })
    const { id } = created.body
    await newUser('Ada')
    await receiver.until(1)
    expect(receiver.received[0]!.headers[name.toLowerCase()]).toBe('hush-hush')
    await eventually(async () => (await svix('GET', `/attempt/endpoint/${id}`)).body.data.length === 1)
    const changed = await svix('PATCH', `/endpoint/${id}`, { description: 'Shop' })
    const paths = ['/endpoint', `/endpoint/${id}`, `/endpoint/${id}/headers`, '/msg?with_content=true']
    const asked = await Promise.all(
      [...paths, `/attempt/endpoint/${id}?with_content=true&with_msg=true`].map((path) => svix('GET', path)),
    )
    const admin = await server.server.admin.webhooks(server.instance.id)
    const shown = JSON.stringify([created, changed, ...asked, await admin.list(), await admin.attempts(id, 10)])
    expect(shown).not.toContain('hush-hush')
    expect(shown).toContain(`"sensitive":["${name}"]`)
  })

  it('have a history: messages, attempts with answers, and resends', async () => {
    receiver.answer = (_, response) => void response.writeHead(418).end('short and stout')
    const { id } = await create({ url: receiver.url })
    const user = await newUser('Ada')
    const attemptsOf = async (query = '') => (await svix('GET', `/attempt/endpoint/${id}${query}`)).body.data
    await eventually(async () => (await attemptsOf()).length === 1)
    const [attempt] = await attemptsOf()
    expect(attempt).toMatchObject({
      id: expect.stringMatching(/^atmpt_/),
      endpointId: id,
      msgId: receiver.received[0]!.headers['svix-id'],
      url: receiver.url,
      status: 2,
      responseStatusCode: 418,
      response: 'short and stout',
      triggerType: 0,
    })
    const message = (await svix('GET', `/msg/${attempt.msgId}`)).body
    expect(message).toMatchObject({ id: attempt.msgId, eventType: 'user.created', payload: { data: { id: user.id } } })
    expect((await svix('GET', '/msg?event_types=user.created')).body).toMatchObject({ data: [message], done: true })
    expect((await svix('GET', '/msg?event_types=user.deleted')).body.data).toEqual([])
    expect(await attemptsOf('?status=0')).toEqual([])
    expect(await attemptsOf('?status=2&status_code_class=400&event_types=user.created')).toHaveLength(1)
    expect(await attemptsOf('?status_code_class=500')).toEqual([])

    receiver.answer = () => 200
    expect((await svix('POST', `/msg/${attempt.msgId}/endpoint/${id}/resend`)).status).toBe(202)
    await eventually(async () => (await attemptsOf('?status=0')).length === 1)
    expect((await svix('GET', `/attempt/msg/${attempt.msgId}`)).body.data).toMatchObject([
      { status: expect.any(Number) },
      { status: expect.any(Number) },
    ])
    expect(receiver.received[1]!.headers['svix-id']).toBe(attempt.msgId)
    expect((await svix('GET', `/endpoint/${id}/stats`)).body).toEqual({
      success: 1,
      fail: 0,
      canceled: 0,
      pending: 0,
      sending: 0,
    })
    expect((await svix('POST', `/msg/msg_none/endpoint/${id}/resend`)).status).toBe(404)
    expect((await svix('POST', '/msg', {})).status).toBe(403)
  })

  it('get an example, which nobody else gets', async () => {
    const { id } = await create({ url: receiver.url })
    await create({ url: `${receiver.url}/other` })
    expect((await svix('POST', `/endpoint/${id}/send-example`, { eventType: 'user.created' })).status).toBe(422)
    await newUser('Ada')
    await receiver.until(2)
    const { status, body } = await svix('POST', `/endpoint/${id}/send-example`, { eventType: 'user.created' })
    expect(status).toBe(202)
    await receiver.until(3)
    expect(receiver.received[2]).toMatchObject({ path: '/hooks', headers: { 'svix-id': body.id } })
    expect((await server.call('GET', '/events')).body.data).toHaveLength(1)
  })

  it('get an example of a message without its code, be it still good or erased', async () => {
    const { id } = await create({ url: receiver.url, eventTypes: ['email.created'] })
    const ada = await newUser('Ada')
    await server.call('POST', `/email_addresses/${ada.emailAddresses[0]!.id}/prepare_verification`)
    await receiver.until(1)
    const example = () => svix('POST', `/endpoint/${id}/send-example`, { eventType: 'email.created' })
    expect((await example()).status).toBe(202)
    await eraseExpiredCodes(server.server.database, server.clock.now() + 11 * 60_000)
    expect((await example()).status).toBe(202)
    await receiver.until(3)
    const bodies = receiver.received.map(({ body }) => JSON.parse(body).data)
    expect(bodies.map(({ body, data }) => [body !== '', 'otp_code' in data])).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ])
  })

  it('know the types of events', async () => {
    const { data, done, iterator } = (await svix('GET', '/event-type?limit=40')).body
    expect([data.length, done]).toEqual([40, false])
    const rest = (await svix('GET', `/event-type?limit=40&iterator=${iterator}`)).body
    expect([...data, ...rest.data]).toHaveLength(45)
    expect(rest).toMatchObject({ done: true })
  })

  it('send no faster than their throttle rate', async () => {
    await create({ url: receiver.url, throttleRate: 10 })
    const started = performance.now()
    await Promise.all(['A', 'B', 'C', 'D', 'E', 'F'].map(newUser))
    await receiver.until(6)
    expect(performance.now() - started).toBeGreaterThan(350)
  })
})
