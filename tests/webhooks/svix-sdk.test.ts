import { beforeEach, describe, expect, it } from 'vitest'
import { Svix, Webhook, type ApiException, type EndpointListOptions } from 'svix'

type Ordering = NonNullable<EndpointListOptions['order']>
import {
  eventually,
  useReceiver,
  type Received,
} from '../../packages/server/src/outbox/webhooks/receiver.test-support.js'
import { dialects, useTestServer } from '../../packages/server/src/server.test-support.js'
import { useListening } from './listening.test-support.js'

const URL_OF_APP = 'https://app.example.com/hooks'

// The package as it is published. All it is told is where the server is.
describe.each(dialects)('the svix package on %s', (dialect) => {
  const server = useTestServer(dialect, { webhooks: { schedule: { pollEvery: 20 } } })
  const listening = useListening(server)
  const receiver = useReceiver()
  let svix: Svix
  let app: string
  beforeEach(() => {
    svix = new Svix(server.instance.secretKey, { serverUrl: listening.url })
    app = `app_${server.instance.id.slice(4)}`
  })

  const newUser = (firstName: string) =>
    server.client.users.createUser({ firstName, emailAddress: [`${firstName.toLowerCase()}@example.com`] })
  const signedBy = (secret: string, { headers, body }: Received) =>
    new Webhook(secret).verify(body, headers as Record<string, string>)
  const failure = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: ApiException<unknown>) => error,
    )

  it('creates, reads, lists, replaces, changes and deletes endpoints', async () => {
    const created = await svix.endpoint.create(app, {
      url: URL_OF_APP,
      uid: 'shop',
      description: 'Shop',
      filterTypes: ['user.created'],
      throttleRate: 5,
      metadata: { team: 'a' },
    })
    expect(created).toMatchObject({
      id: expect.stringMatching(/^ep_/),
      uid: 'shop',
      url: URL_OF_APP,
      description: 'Shop',
      disabled: false,
      filterTypes: ['user.created'],
      throttleRate: 5,
      metadata: { team: 'a' },
      createdAt: new Date(server.clock.now()),
    })
    expect(await svix.endpoint.get(app, created.id)).toEqual(created)
    expect(await svix.endpoint.get(app, 'shop')).toEqual(created)
    expect(await svix.endpoint.get(server.instance.id, 'shop')).toEqual(created)

    server.clock.advance(1000)
    const patched = await svix.endpoint.patch(app, 'shop', { filterTypes: null, disabled: true })
    expect(patched).toMatchObject({ filterTypes: null, disabled: true, description: 'Shop' })
    const replaced = await svix.endpoint.update(app, 'shop', { url: `${URL_OF_APP}/2`, uid: 'shop' })
    expect(replaced).toMatchObject({ id: created.id, url: `${URL_OF_APP}/2`, description: '', disabled: false })
    expect(replaced.updatedAt.getTime()).toBe(server.clock.now())

    const made = await svix.endpoint.update(app, 'stock', { url: URL_OF_APP })
    expect(made).toMatchObject({ uid: 'stock' })
    const first = await svix.endpoint.list(app, { limit: 1, order: 'descending' as Ordering })
    expect(first).toMatchObject({ data: [{ uid: 'stock' }], done: false })
    const second = await svix.endpoint.list(app, {
      limit: 1,
      order: 'descending' as Ordering,
      iterator: first.iterator!,
    })
    expect(second).toMatchObject({ data: [{ uid: 'shop' }], done: true })

    await svix.endpoint.delete(app, 'shop')
    expect(await failure(svix.endpoint.get(app, 'shop'))).toMatchObject({ code: 404, body: { code: 'not_found' } })
  })

  it('reads secrets, and rotates them: both sign for a day', async () => {
    const { id } = await svix.endpoint.create(app, { url: receiver.url })
    const { key: old } = await svix.endpoint.getSecret(app, id)
    await svix.endpoint.rotateSecret(app, id, {})
    const { key } = await svix.endpoint.getSecret(app, id)
    expect(key).not.toBe(old)
    await newUser('Ada')
    const [delivery] = await receiver.until(1)
    for (const secret of [old, key]) expect(signedBy(secret, delivery!)).toMatchObject({ type: 'user.created' })

    const own = `whsec_${Buffer.alloc(32, 3).toString('base64')}`
    await svix.endpoint.rotateSecret(app, id, { key: own })
    expect(await svix.endpoint.getSecret(app, id)).toEqual({ key: own })
  })

  it('sets, adds and removes headers, and is not shown those that may be secret', async () => {
    const { id } = await svix.endpoint.create(app, { url: receiver.url, headers: { 'X-Old': '1' } })
    await svix.endpoint.updateHeaders(app, id, { headers: { 'X-Shop': 'berlin', Authorization: 'Bearer hush' } })
    await svix.endpoint.patchHeaders(app, id, { headers: { 'X-New': '2' }, deleteHeaders: ['X-Shop'] })
    expect(await svix.endpoint.getHeaders(app, id)).toEqual({ headers: { 'X-New': '2' }, sensitive: ['Authorization'] })
    await newUser('Ada')
    const [{ headers }] = (await receiver.until(1)) as [Received]
    expect(headers).toMatchObject({ 'x-new': '2', authorization: 'Bearer hush' })
    expect(headers).not.toHaveProperty('x-shop')
    expect(headers).not.toHaveProperty('x-old')
  })

  it('shows messages and attempts, resends one, and recovers what was given up', async () => {
    receiver.answer = (_, response) => void response.writeHead(400, { 'webhook-delivery': 'abort-message' }).end('no')
    const { id } = await svix.endpoint.create(app, { url: receiver.url, filterTypes: ['user.created'] })
    const since = new Date(server.clock.now() - 1000)
    const ada = await newUser('Ada')
    await newUser('Bob')
    const attempts = () => svix.messageAttempt.listByEndpoint(app, id, { withMsg: true })
    await eventually(async () => (await attempts()).data.length === 2)
    const { data } = await attempts()
    const message = data.find(({ msg }) => msg!.payload.data.id === ada.id)!.msg!
    expect(data).toMatchObject([
      { status: 2, statusText: 'fail', responseStatusCode: 400, response: 'no', endpointId: id, triggerType: 0 },
      { status: 2 },
    ])
    expect((await svix.messageAttempt.listByEndpoint(app, id, { status: 0 })).data).toEqual([])
    const failed = { status: 2 as const, statusCodeClass: 400 as const, eventTypes: ['user.created'], limit: 1 }
    const page = await svix.messageAttempt.listByEndpoint(app, id, failed)
    const rest = await svix.messageAttempt.listByEndpoint(app, id, { ...failed, iterator: page.iterator! })
    expect([page.done, rest.done]).toEqual([false, true])
    expect(new Set([...page.data, ...rest.data].map(({ id: attempt }) => attempt)).size).toBe(2)
    expect(await svix.endpoint.getStats(app, id)).toMatchObject({ success: 0, fail: 2, canceled: 0 })

    expect(await svix.message.get(app, message.id)).toMatchObject({
      id: message.id,
      eventType: 'user.created',
      payload: { type: 'user.created', data: { id: ada.id } },
    })
    expect((await svix.message.get(app, message.id, { withContent: false })).payload).toEqual({})
    const messages = await svix.message.list(app, { eventTypes: ['user.created'], after: since })
    expect(messages.data.map(({ eventType }) => eventType)).toEqual(['user.created', 'user.created'])

    receiver.answer = () => 200
    await svix.messageAttempt.resend(app, message.id, id)
    await receiver.until(3)
    expect(receiver.received[2]!.headers['svix-id']).toBe(message.id)
    await eventually(
      async () => (await svix.messageAttempt.listByMsg(app, message.id, { status: 0 })).data.length === 1,
    )
    const [manual] = (await svix.messageAttempt.listByMsg(app, message.id, { endpointId: id })).data
    expect((await svix.messageAttempt.listByMsg(app, message.id)).data).toHaveLength(2)
    expect(manual).toMatchObject({ msgId: message.id, endpointId: id })

    expect(await svix.endpoint.recover(app, id, { since })).toMatchObject({ status: 'finished' })
    await receiver.until(4)
    expect(receiver.received[3]!.headers['svix-id']).not.toBe(message.id)
    const stats = async () => (await svix.endpoint.getStats(app, id)).success
    await eventually(async () => (await stats()) === 2)

    const late = await svix.endpoint.create(app, { url: `${receiver.url}/late`, filterTypes: ['user.created'] })
    await svix.endpoint.replayMissing(app, late.id, { since })
    await receiver.until(6)
  })

  it('sends an example, and knows the event types', async () => {
    const { id } = await svix.endpoint.create(app, { url: receiver.url, filterTypes: ['user.created'] })
    await newUser('Ada')
    await receiver.until(1)
    const example = await svix.endpoint.sendExample(app, id, { eventType: 'user.created' })
    await receiver.until(2)
    expect(receiver.received[1]!.headers['svix-id']).toBe(example.id)
    const names = []
    let iterator: string | undefined
    for (let done = false; !done;) {
      const page = await svix.eventType.list({ limit: 20, ...(iterator ? { iterator } : {}) })
      names.push(...page.data.map(({ name }) => name))
      iterator = page.iterator ?? undefined
      done = page.done
    }
    expect(names).toHaveLength(45)
  })

  it('is told what was wrong', async () => {
    expect(await failure(svix.endpoint.create(app, { url: 'http://169.254.169.254/' }))).toMatchObject({
      code: 422,
      body: { detail: [{ loc: ['body', 'url'], type: 'value_error' }] },
    })
    const { id } = await svix.endpoint.create(app, { url: URL_OF_APP, uid: 'shop' })
    expect(await failure(svix.endpoint.create(app, { url: URL_OF_APP, uid: 'shop' }))).toMatchObject({ code: 409 })
    expect(await failure(svix.endpoint.patch(app, id, { secret: 'whsec_x' }))).toMatchObject({ code: 422 })
    expect(await failure(svix.messageAttempt.resend(app, 'msg_none', id))).toMatchObject({ code: 404 })
    expect(await failure(svix.message.create(app, { eventType: 'user.created', payload: {} }))).toMatchObject({
      code: 403,
    })
    const stranger = new Svix('sk_test_wrong', { serverUrl: listening.url })
    expect(await failure(stranger.endpoint.list(app))).toMatchObject({ code: 401 })
    expect(await failure(svix.endpoint.list('app_other'))).toMatchObject({ code: 404 })
  })
})
