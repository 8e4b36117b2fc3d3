import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyWebhook as verifyByClerk } from '@clerk/backend/webhooks'
import { verifyWebhook } from '@latchkey/backend/webhooks'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { describe, expect, it } from 'vitest'
import { eventually, svixOf, useReceiver } from '../../packages/server/src/outbox/webhooks/receiver.test-support.js'
import { eventTypes } from '../../packages/server/src/outbox/webhooks/event-types.js'
import { dialects, useTestServer } from '../../packages/server/src/server.test-support.js'
import { contractFolder, itWithContract, openContract } from '../contract/contract.test-support.js'
import { causes, isCaused, type CausedType } from './event-causes.test-support.js'

/** The types of the contract; where it is not at hand, ours, which a test compares with it. */
const described = contractFolder
  ? Object.keys(
      (JSON.parse(readFileSync(join(contractFolder, 'webhooks.json'), 'utf8')) as { 'x-webhooks': object })[
        'x-webhooks'
      ],
    )
  : eventTypes.map(({ name }) => name)
const caused = described.filter(isCaused)
const contract = contractFolder ? openContract('backend') : undefined

describe('the events', () => {
  it('are 30, and this file has a cause for each', () => {
    expect(caused).toHaveLength(30)
    expect(Object.keys(causes).sort()).toEqual([...caused].sort())
  })

  itWithContract('are those of the contract', () => {
    expect(eventTypes.map(({ name }) => name)).toEqual([...described].sort())
  })
})

describe.each(dialects)('a real change on %s', (dialect) => {
  const server = useTestServer(dialect, { webhooks: { schedule: { pollEvery: 20 } } })
  const receiver = useReceiver()
  const svix = svixOf(server)

  /** What is pulled has no code and no link of what happened, which webhooks have. */
  const expectNoCode = async (pulled: { type: string }[]) => {
    const happened = JSON.stringify((await server.events()).map(({ payload }) => payload))
    const text = JSON.stringify(pulled)
    for (const [, code] of happened.matchAll(/"otp_code":"(\d+)"/g)) expect(text).not.toContain(code)
    expect(text).not.toMatch(/ticket=|magic_link|otp_code/)
    // Messages have no data there, which is described as an object.
    for (const event of pulled) if (!/^(email|sms)\./.test(event.type)) contract?.validateEvent(event)
  }

  it.each(caused)(
    'is received as %s, as described, and each published verifier takes it',
    async (type) => {
      const { id: endpointId } = (await svix('POST', '/endpoint', { url: receiver.url, eventTypes: [type] })).body
      const signingSecret = (await svix('GET', `/endpoint/${endpointId}/secret`)).body.key as string
      const id = await causes[type as CausedType](server)

      await eventually(() => receiver.received.some(({ event }) => event.data.id === id))
      const { headers, body, event } = receiver.received.find((delivery) => delivery.event.data.id === id)!
      expect(event).toMatchObject({
        object: 'event',
        type,
        instance_id: server.instance.id,
        timestamp: server.clock.now(),
        event_attributes: { http_request: { client_ip: expect.any(String), user_agent: expect.any(String) } },
      })
      contract?.validateEvent(event)

      const plain = headers as Record<string, string>
      const request = () => new Request('http://app.test/hooks', { method: 'POST', headers: plain, body })
      expect(await verifyByClerk(request(), { signingSecret })).toMatchObject({ type, data: { id } })
      expect(await verifyWebhook(request(), { signingSecret })).toMatchObject({ type, data: { id } })
      expect(new StandardWebhook(signingSecret).verify(body, plain)).toEqual(event)
      expect(new SvixWebhook(signingSecret).verify(body, plain)).toEqual(event)

      await expectNoCode((await server.call('GET', '/events?limit=500')).body.data)

      const other = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
      await expect(verifyByClerk(request(), { signingSecret: other })).rejects.toThrow()
      await expect(verifyWebhook(request(), { signingSecret: other })).rejects.toThrow()
      expect(() => new StandardWebhook(other).verify(body, plain)).toThrow()
      expect(() => new SvixWebhook(signingSecret).verify(`${body} `, plain)).toThrow()
      // The first one loads what all need.
    },
    120_000,
  )
})
