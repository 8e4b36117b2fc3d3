import { z } from 'zod'
import { perIp } from '../../kernel/limits.js'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { publicKeyCredential } from '../../resources/passkeys/passkeys.wire.js'
import { originOf } from '../../http/frontend/origin.js'
import type { ReverificationService } from './reverification.service.js'
import { sessionReverification } from './reverification.wire.js'

const text = z.string().nullish()

const start = z.object({ level: z.enum(['first_factor', 'second_factor', 'multi_factor']) })
const prepareFirst = z.object({ strategy: z.string(), email_address_id: text, phone_number_id: text })
const prepareSecond = z.object({ strategy: text, phone_number_id: text })
const attemptFirst = z.object({
  strategy: z.string(),
  code: text,
  password: text,
  public_key_credential: publicKeyCredential.nullish(),
})
const attemptSecond = z.object({ strategy: z.string(), code: text })

const endpoint = frontendEndpointFactory<{ reverification: ReverificationService }>()
const access = 'client'
const answer = sessionReverification

export const reverificationEndpoints = [
  endpoint(
    'POST /client/sessions/:session_id/verify',
    { operationId: 'startSessionReverification', access, body: start, answer },
    ({ params, body, caller, services, request }) =>
      services.reverification.start(params.sessionId, body.level, caller, originOf(request)),
  ),

  endpoint(
    'POST /client/sessions/:session_id/verify/prepare_first_factor',
    { operationId: 'prepareSessionReverificationFirstFactor', access, body: prepareFirst, answer },
    ({ params, body, caller, services, request }) =>
      services.reverification.prepare(
        params.sessionId,
        'first',
        {
          strategy: body.strategy,
          emailAddressId: body.emailAddressId || undefined,
          phoneNumberId: body.phoneNumberId || undefined,
        },
        caller,
        originOf(request),
      ),
  ),

  endpoint(
    'POST /client/sessions/:session_id/verify/attempt_first_factor',
    { operationId: 'attemptSessionReverificationFirstFactor', access, body: attemptFirst, answer, limit: perIp(3, 10) },
    ({ params, body, caller, services, request }) =>
      services.reverification.attempt(
        params.sessionId,
        'first',
        {
          strategy: body.strategy,
          code: body.code || undefined,
          password: body.password || undefined,
          publicKeyCredential: body.publicKeyCredential || undefined,
        },
        caller,
        originOf(request),
      ),
  ),

  // Without a strategy it is a text message: nothing else is prepared here.
  endpoint(
    'POST /client/sessions/:session_id/verify/prepare_second_factor',
    { operationId: 'prepareSessionReverificationSecondFactor', access, body: prepareSecond, answer },
    ({ params, body, caller, services, request }) =>
      services.reverification.prepare(
        params.sessionId,
        'second',
        { strategy: body.strategy || 'phone_code', phoneNumberId: body.phoneNumberId || undefined },
        caller,
        originOf(request),
      ),
  ),

  endpoint(
    'POST /client/sessions/:session_id/verify/attempt_second_factor',
    {
      operationId: 'attemptSessionReverificationSecondFactor',
      access,
      body: attemptSecond,
      answer,
      limit: perIp(3, 10),
    },
    ({ params, body, caller, services, request }) =>
      services.reverification.attempt(
        params.sessionId,
        'second',
        { strategy: body.strategy, code: body.code || undefined },
        caller,
        originOf(request),
      ),
  ),
]
