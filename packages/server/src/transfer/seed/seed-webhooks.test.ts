import { describe, expect, it } from 'vitest'
import { svixOf, useReceiver } from '../../outbox/webhooks/receiver.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('webhook endpoints of a seed on %s', (dialect) => {
  const server = useTestServer(dialect, { webhooks: { schedule: { pollEvery: 20 } } })
  const receiver = useReceiver()
  const svix = svixOf(server)
  const seed = (document: object) => server.server.admin.seed(server.instance.id, document)

  it('are there before what they should be told of, once, whatever the number of starts', async () => {
    const secret = `whsec_${Buffer.alloc(24, 5).toString('base64')}`
    const endpoint = { url: receiver.url, event_types: ['user.created'], secret, headers: { 'X-App': 'shop' } }
    const document = {
      webhook_endpoints: [endpoint, { url: `${receiver.url}/named`, uid: 'named', disabled: true }],
      users: [{ email_addresses: ['ada@example.com'] }],
    }
    await seed(document)
    await seed(document)
    const [first] = await receiver.until(1)
    expect(first!.headers['x-app']).toBe('shop')
    const { data } = (await svix('GET', '/endpoint')).body
    expect(data).toMatchObject([
      { url: receiver.url, filterTypes: ['user.created'] },
      { uid: 'named', disabled: true },
    ])
    expect((await svix('GET', `/endpoint/${data[0].id}/secret`)).body.key).toBe(secret)
  })

  it('are refused with the path to what is wrong', async () => {
    await expect(seed({ webhook_endpoints: [{ url: 'http://169.254.169.254/' }] })).rejects.toMatchObject({
      path: ['webhook_endpoints', 0, 'url'],
    })
    await expect(seed({ webhook_endpoints: [{ url: 'https://a.example', typ: 1 }] })).rejects.toMatchObject({
      path: ['webhook_endpoints', 0, 'typ'],
    })
  })
})
