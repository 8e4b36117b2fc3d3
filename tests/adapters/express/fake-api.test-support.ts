import { listen, type RunningApp } from './apps.test-support.js'

export interface FakeApiServer extends RunningApp {
  /** What has been asked since the last time, but for key sets, which each package fetches when it likes. */
  takeRequests(): { request: string; authorization: string | undefined; body: unknown }[]
}

/** A Backend API that answers from a table of `METHOD /path`, over HTTP, as the official package asks no other way. */
export async function startFakeApi(answers: Record<string, unknown>): Promise<FakeApiServer> {
  let requests: ReturnType<FakeApiServer['takeRequests']> = []
  const app = await listen((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const asked = `${request.method} ${request.url}`
      const text = Buffer.concat(chunks).toString()
      if (!asked.endsWith('/jwks'))
        requests.push({
          request: asked,
          authorization: request.headers.authorization,
          body: text ? JSON.parse(text) : undefined,
        })
      const answer = answers[asked]
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer ?? { errors: [{ code: 'resource_not_found', message: 'not found' }] }))
    })
  })
  return {
    ...app,
    takeRequests() {
      const taken = requests
      requests = []
      return taken
    },
  }
}
