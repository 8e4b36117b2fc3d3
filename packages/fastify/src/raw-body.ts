import { pipeline, Transform, type Readable } from 'node:stream'
import { MAX_WEBHOOK_BODY } from '@latchkey/backend/internal'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** `Symbol.for`, for the same reason as `STATE` in request-state.ts. */
const CHUNKS = Symbol.for('@latchkey/fastify.rawBody')

type WithChunks = { [CHUNKS]?: Buffer[] | null }

/** Keeps the bytes of signed webhooks while they are parsed. Does not affect other requests. */
export function keepRawBodies(instance: FastifyInstance): void {
  if (instance.hasRequestDecorator(CHUNKS)) return
  instance.decorateRequest(CHUNKS, null)
  instance.addHook('preParsing', (request, _reply, payload, done) => {
    done(null, isSigned(request) && !(request as WithChunks)[CHUNKS] ? keep(request, payload as Readable) : payload)
  })
}

export function rawBodyOf(request: FastifyRequest): Buffer | undefined {
  const chunks = (request as WithChunks)[CHUNKS]
  return chunks ? Buffer.concat(chunks) : undefined
}

function isSigned({ method, headers }: FastifyRequest): boolean {
  return method === 'POST' && ('svix-signature' in headers || 'webhook-signature' in headers)
}

/**
 * Stops keeping bytes once the body is too long for a webhook: a route may stream a large upload to disk, without a
 * `bodyLimit`.
 */
function keep(request: FastifyRequest, payload: Readable): Readable {
  const chunks: Buffer[] = []
  let length = 0
  ;(request as WithChunks)[CHUNKS] = chunks
  const copying = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length
      if (length <= MAX_WEBHOOK_BODY) chunks.push(chunk)
      else (request as WithChunks)[CHUNKS] = null
      done(null, chunk)
    },
  })
  // The callback ignores errors: on a broken connection, the stream that the parser reads emits the error.
  return pipeline(payload, copying, () => undefined)
}
