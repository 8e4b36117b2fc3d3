import type { HandshakePayloadJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, type Shape } from '../../kernel/component.js'

/** The `Set-Cookie` lines that an application's server sends. */
export const handshakePayload = {
  schema: component(
    'HandshakePayload',
    z.object({ directives: z.array(z.string()) } satisfies Shape<HandshakePayloadJSON>),
  ),
  toJSON: (directives: string[]): HandshakePayloadJSON => ({ directives }),
}
