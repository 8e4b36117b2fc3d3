import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('a browser on %s', (dialect) => {
  const server = useTestServer(dialect)

  it('gets the environment, a token, and a client without sessions', async () => {
    const environment = await callFrontend(server, 'GET /environment')
    expect(environment.body).toMatchObject({
      auth_config: { email_address: 'required', password: 'required', test_mode: true },
      display_config: { instance_environment_type: 'development' },
    })
    const browser = await openBrowser(server)
    const { body } = await browser.call('GET /client')
    expect(body.response).toMatchObject({ object: 'client', sessions: [], sign_in: null, last_active_session_id: null })
    expect(body.client).toEqual(body.response)
  })
})
