import { createServer } from 'node:http'
import { verifyWebhook, WebhookVerificationError } from '@latchkey/backend/webhooks'

/** The most that a delivery may be, in bytes. */
const MAX_BODY = 1024 * 1024

/**
 * Receives webhooks at `POST /webhooks`. The sender tries again after any answer but 2xx, so one is only given to what was
 * kept, and to events that this application has no use for.
 *
 * @param {{ users: ReturnType<import('./users.js').openUsers>, signingSecret: string }} options
 */
export function createApp({ users, signingSecret }) {
  return createServer(async (request, response) => {
    const answer = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body))
    if (request.url !== '/webhooks') return answer(404, { error: 'There is nothing here.' })
    if (request.method !== 'POST') return answer(405, { error: 'Webhooks are posted.' })
    try {
      const body = await readBody(request)
      if (!body) return answer(413, { error: `A delivery may have ${MAX_BODY} bytes.` })
      // The bytes as they came: what is parsed and written again is not what was signed.
      const headers = signedHeaders(request)
      const event = await verifyWebhook({ headers, body }, { signingSecret })
      const isNew = users.receive(headers['svix-id'], event)
      return answer(200, { received: event.type, again: !isNew })
    } catch (error) {
      if (error instanceof WebhookVerificationError) return answer(400, { error: error.message, code: error.code })
      console.error(error.message)
      return answer(500, { error: 'The delivery could not be kept. Send it again.' })
    }
  })
}

/** One family of headers and no other, so that the id which is remembered is the one that was signed. */
function signedHeaders({ headers }) {
  return Object.fromEntries(['svix-id', 'svix-timestamp', 'svix-signature'].map((name) => [name, headers[name]]))
}

/** @returns the bytes; null when there are too many */
async function readBody(request) {
  const chunks = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length <= MAX_BODY) chunks.push(chunk)
  }
  return length <= MAX_BODY ? Buffer.concat(chunks) : null
}
