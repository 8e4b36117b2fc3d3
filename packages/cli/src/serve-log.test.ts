import { describe, expect, it } from 'vitest'
import { useLatchkey } from './latchkey.test-support.js'

const encryptionKey = Buffer.alloc(32, 7).toString('base64')

describe('what a server writes on standard error', () => {
  const latchkey = useLatchkey()

  it('is in production its start, each request and its end, without a secret', async () => {
    const environment = { LATCHKEY_DATABASE: 'live.db', LATCHKEY_ENCRYPTION_KEY: encryptionKey }
    await latchkey.run(['migrate'], environment)
    const create = [
      'instances',
      'create',
      '--environment',
      'production',
      '--frontend-host',
      'clerk.example.com',
      '--home-url',
      'https://app.example.com',
    ]
    const { secretKey } = await latchkey.json<{ secretKey: string }>(create, environment)
    const [key] = await latchkey.json<{ id: string }[]>(['keys', 'list'], environment)
    const headers = { authorization: `Bearer ${secretKey}` }
    const ask = async (apiUrl: string) => {
      const ok = await fetch(`${apiUrl}/v1/users/count?query=private`, { headers })
      const missing = await fetch(`${apiUrl}/v1/users/user_none`, { headers })
      for (const path of ['/readyz', '/livez', '/nowhere?query=private']) await fetch(apiUrl + path)
      return { ok: ok.status, traceId: ((await missing.json()) as { clerk_trace_id: string }).clerk_trace_id }
    }

    const server = await latchkey.serve(['start'], environment)
    const { traceId } = await ask(server.apiUrl)
    const { stderr } = await server.stop()
    const lines = stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const of = (msg: string) => lines.filter((line) => line['msg'] === msg)
    expect(of('Started')).toMatchObject([{ level: 30, address: server.apiUrl }])
    expect(of('Answered')).toMatchObject([
      { level: 30, operationId: 'GetUsersCount', method: 'GET', status: 200, callerId: key!.id },
      { operationId: 'GetUser', status: 404, requestId: traceId, errorCodes: ['resource_not_found'] },
      { path: '/nowhere', status: 404, callerId: null },
    ])
    for (const { ms } of of('Answered')) expect(ms).toBeGreaterThan(0)
    expect([of('Stopping'), of('Stopped')]).toMatchObject([[{ signal: 'SIGTERM' }], [{}]])
    expect(stderr).not.toMatch(/private|sk_live_/)

    const quiet = await latchkey.serve(['start', '--request-log', 'off'], environment)
    await ask(quiet.apiUrl)
    expect((await quiet.stop()).stderr).not.toContain('Answered')
  })

  it('is in development a line for each request, also for what is not served', async () => {
    const server = await latchkey.serve(['dev'])
    await server.api('/users/count')
    await server.api('/billing/plans')
    await fetch(`${server.apiUrl}/inbox`)
    const { stderr } = await server.stop()
    expect(stderr).toMatch(/^200 GET GetUsersCount \d+ ms\n400 GET \w+ \d+ ms is not served yet\n$/)

    const quiet = await latchkey.serve(['dev'], { LATCHKEY_REQUEST_LOG: 'off' })
    await quiet.api('/users/count')
    expect((await quiet.stop()).stderr).toBe('')
  })
})
