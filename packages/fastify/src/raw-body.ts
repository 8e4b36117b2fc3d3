import { pipeline, Transform, type Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Registered for the same reason as that of the state. */
const CHUNKS = Symbol.for('@latchkey/fastify.rawBody')

type WithChunks = { [CHUNKS]?: Buffer[] | null }

/** Keeps the bytes of signed webhooks while they are parsed. Other requests are parsed as if it were not there. */
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

/** No more is kept than is read, and that ends at the route's `bodyLimit`. */
function keep(request: FastifyRequest, payload: Readable): Readable {
  const chunks: Buffer[] = []
  ;(request as WithChunks)[CHUNKS] = chunks
  const copying = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done(null, chunk)
    },
  })
  // The parser hears of a broken connection by the error of what it reads.
  return pipeline(payload, copying, () => undefined)
}
