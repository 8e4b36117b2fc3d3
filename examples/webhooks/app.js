import { createServer } from 'node:http'
import { verifyWebhook, WebhookVerificationError } from '@latchkey/backend/webhooks'

/** Maximum size of a delivery, in bytes. */
const MAX_BODY = 1024 * 1024

/**
 * Receives webhooks at `POST /webhooks`. The sender retries after any answer other than 2xx. So the answer is 2xx only
 * if the event was stored, or if this application does not need it.
 *
 * @param {{ users: Awaited<ReturnType<import('./open-users.js').openUsers>>, signingSecret: string }} options
 */
export function createApp({ users, signingSecret }) {
  return createServer(async (request, response) => {
    const answer = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body))
    if (request.url !== '/webhooks') return answer(404, { error: 'There is nothing here.' })
    if (request.method !== 'POST') return answer(405, { error: 'Webhooks are posted.' })
    try {
      const body = await readBody(request)
      if (!body) return answer(413, { error: `A delivery may have at most ${MAX_BODY} bytes.` })
      // The received bytes: a body that is parsed and serialized again differs from what was signed.
      const headers = signedHeaders(request)
      const event = await verifyWebhook({ headers, body }, { signingSecret })
      const isNew = await users.receive(headers['svix-id'], event)
      return answer(200, { received: event.type, again: !isNew })
    } catch (error) {
      if (error instanceof WebhookVerificationError) return answer(400, { error: error.message, code: error.code })
      console.error(error.message)
      return answer(500, { error: 'The delivery could not be stored. Send it again.' })
    }
  })
}

/** Only one family of headers, so that the stored id is the signed one. */
function signedHeaders({ headers }) {
  return Object.fromEntries(['svix-id', 'svix-timestamp', 'svix-signature'].map((name) => [name, headers[name]]))
}

/** @returns the bytes; null if there are too many */
async function readBody(request) {
  const chunks = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length <= MAX_BODY) chunks.push(chunk)
  }
  return length <= MAX_BODY ? Buffer.concat(chunks) : null
}
