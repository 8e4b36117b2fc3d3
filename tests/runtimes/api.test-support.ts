import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { user } from '../../packages/backend/src/samples.test-support.js'

/** The API that the programs of this folder use. They bring the key set that it serves. */
export async function serveApi(): Promise<{ url: string; close(): void }> {
  let keySet: unknown
  const answers: Record<string, (request: IncomingMessage, body: string) => unknown> = {
    'PUT /key-set': (_, body) => (keySet = JSON.parse(body)),
    'GET /v1/jwks': () => keySet,
    'GET /v1/users/user_1': () => user,
    'POST /v1/users': (_, body) => ({ ...user, first_name: JSON.parse(body).first_name }),
    'POST /v1/users/user_1/profile_image': ({ headers }, body) =>
      headers['content-type']?.startsWith('multipart/form-data; boundary=') && body.includes('picture')
        ? user
        : undefined,
    'GET /v1/users?limit=2': () => ['user_1', 'user_2'].map((id) => ({ ...user, id })),
    'GET /v1/users?limit=2&starting_after=user_2': () => [{ ...user, id: 'user_3' }],
    'GET /v1/users/count': () => ({ object: 'total_count', total_count: 3 }),
  }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      if (request.url === '/v1/users/user_slow') return
      const answer = answers[`${request.method} ${request.url}`]?.(request, body)
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify(
          answer ?? {
            errors: [{ code: 'resource_not_found', message: `not found: ${request.method} ${request.url}` }],
            clerk_trace_id: 'trace_1',
          },
        ),
      )
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
