import { decodeJwt, verifyJwt } from '@latchkey/crypto'
import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { signedIn } from '../account/account.test-support.js'

describe.each(dialects)('what browsers and servers seldom ask the Frontend API on %s', (dialect) => {
  const server = useTestServer(dialect)

  it('is the key set, with which its tokens verify', async () => {
    const person = await signedIn(server)
    const { body } = await person.call(`POST /client/sessions/${person.sessionId}/tokens`)
    const { status, body: keySet } = await callFrontend(server, 'GET /.well-known/jwks.json')
    expect(status).toBe(200)
    const { kid } = decodeJwt(body.jwt).header
    const key = keySet.keys.find((one: { kid: string }) => one.kid === kid)
    const claims = await verifyJwt(body.jwt, { key, algorithms: ['RS256'], now: server.clock.now() })
    expect(claims).toMatchObject({ sub: person.userId, sid: person.sessionId })
  })

  it('is a client by PUT, which older browsers send: the same as by POST', async () => {
    const browser = await openBrowser(server)
    const put = await browser.call('PUT /client')
    expect(put).toMatchObject({ status: 200, body: { response: { object: 'client', sessions: [] } } })
    expect((await browser.call('POST /client')).body.response.id).toBe(put.body.response.id)
  })

  it('is a token from a template, of a session of their own only', async () => {
    await server.client.jwtTemplates.create({ name: 'hasura', claims: { role: 'editor' } })
    const person = await signedIn(server)
    const path = `POST /client/sessions/${person.sessionId}/tokens`
    const { status, body } = await person.call(`${path}/hasura`)
    expect(status).toBe(200)
    expect(decodeJwt(body.jwt).payload).toMatchObject({
      role: 'editor',
      sub: person.userId,
      azp: person.browser.origin,
    })
    expect((await person.call(`${path}/other`)).status).toBe(404)
    const stranger = await openBrowser(server)
    expect((await stranger.call(`${path}/hasura`)).status).toBeGreaterThanOrEqual(401)
  })
})
