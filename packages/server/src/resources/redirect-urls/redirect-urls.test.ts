import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('redirect URLs on %s', (dialect) => {
  const server = useTestServer(dialect)
  const add = (url: unknown, options = {}) => server.call('POST', '/redirect_urls', { url }, options)
  const audited = async () =>
    (await server.server.admin.listAudit(server.instance.id, {}, { limit: 1000 })).map(({ action, targetId }) => [
      action,
      targetId,
    ])

  it('are added, shown, listed newest first, and deleted', async () => {
    const first = await server.client.redirectUrls.createRedirectUrl({ url: 'https://my-app.com/oauth-callback' })
    server.clock.advance(1)
    const second = await server.client.redirectUrls.createRedirectUrl({ url: 'my-app://oauth-callback' })

    expect(first).toEqual({
      object: 'redirect_url',
      id: expect.stringMatching(/^ru_[0-9A-Za-z]{27}$/),
      url: 'https://my-app.com/oauth-callback',
      createdAt: server.clock.now() - 1,
      updatedAt: server.clock.now() - 1,
    })
    expect(await server.client.redirectUrls.getRedirectUrl(first.id)).toEqual(first)
    expect(await server.client.redirectUrls.getRedirectUrlList()).toEqual({ data: [second, first], totalCount: 2 })
    expect((await server.call('GET', '/redirect_urls?limit=1&offset=1')).body).toMatchObject([{ id: first.id }])
    expect(await server.client.redirectUrls.deleteRedirectUrl(first.id)).toMatchObject({ id: first.id, deleted: true })
    expect((await server.call('GET', `/redirect_urls/${first.id}`)).status).toBe(404)
    expect((await server.call('DELETE', `/redirect_urls/${first.id}`)).status).toBe(404)
    expect(await audited()).toEqual(
      expect.arrayContaining([
        ['redirect_url.created', first.id],
        ['redirect_url.deleted', first.id],
      ]),
    )
    expect(await server.events()).toEqual([])
  })

  it.each(['https://my-app.com/A?b=c#d', 'com.example.app:/callback', 'exp+my-app://x', 'http://localhost:3000/back'])(
    'are kept as %j was written',
    async (url) => {
      expect((await add(url)).body.url).toBe(url)
    },
  )

  it.each([
    '',
    'my-app',
    '/callback',
    '//example.com',
    'https://',
    'https:example.com',
    'https:///example.com',
    'my-app:',
    'javascript:alert(1)',
    'JavaScript://%0aalert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.com/1',
    ' https://example.com',
    'https://example.com/\n',
    'java\nscript:alert(1)',
    'https://example.com/é',
  ])('cannot be %j', async (url) => {
    expect(await add(url)).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_param_format_invalid', meta: { param_name: 'url' } }] },
    })
  })

  it('cannot be longer than an index can hold', async () => {
    const base = 'https://example.com/'
    expect((await add(base + 'a'.repeat(2048 - base.length))).status).toBe(200)
    expect((await add(base + 'a'.repeat(2049 - base.length))).body.errors[0].code).toBe(
      'form_param_max_length_exceeded',
    )
  })

  it.each([[{}], [{ url: null }], [{ url: 1 }], [{ url: 'my-app://x', id: 'ru_1' }]])('refuse %j', async (body) => {
    expect((await server.call('POST', '/redirect_urls', body)).status).toBe(422)
  })

  it('are https or an application’s own in production', async () => {
    const { secretKey: key } = await server.server.createInstance({
      environmentType: 'production',
      frontendHost: 'clerk.example.com',
    })

    expect(await add('http://example.com/back', { key })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'insecure_url', meta: { param_name: 'url' } }] },
    })
    expect((await add('https://example.com/back', { key })).status).toBe(200)
    expect((await add('my-app://back', { key })).status).toBe(200)
  })

  it('are there once, however many add one at once, and others are told apart by every character', async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, () => add('https://example.com/back')))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.errors?.[0].code === 'duplicate_record')).toHaveLength(63)
    expect((await add('https://example.com/back/')).status).toBe(200)
    expect((await add('https://EXAMPLE.com/back')).status).toBe(200)
  })

  it('are those of one instance', async () => {
    const { body } = await add('my-app://back')
    const { secretKey: key } = await server.server.createInstance()

    expect((await server.call('GET', `/redirect_urls/${body.id}`, undefined, { key })).status).toBe(404)
    expect((await server.call('DELETE', `/redirect_urls/${body.id}`, undefined, { key })).status).toBe(404)
    expect((await server.call('GET', '/redirect_urls', undefined, { key })).body).toEqual([])
    expect((await add('my-app://back', { key })).status).toBe(200)
  })
})
