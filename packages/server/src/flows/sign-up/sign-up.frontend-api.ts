import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { asksEachTime } from '../../http/frontend/clerk-js.js'
import { perIp } from '../../kernel/limits.js'
import { metadata, shortText } from '../../kernel/schemas.js'
import { channelChoice as channel } from '../../resources/phone-numbers/phone-channels.wire.js'
import type { SignUpFlowService } from './sign-up-flow.service.js'
import { enterpriseConnection, frontendSignUp } from './sign-ups-frontend.wire.js'

const endpoint = frontendEndpointFactory<{ signUpFlow: SignUpFlowService }>()
const primary = { access: 'client', isPrimaryOnly: true } as const
const answer = frontendSignUp
const text = z.string().nullish()

/** What a person may say of themselves; nothing else is written. */
const fields = {
  strategy: text,
  channel,
  redirect_url: text,
  ticket: text,
  email_address: text,
  phone_number: text,
  email_address_or_phone_number: text,
  username: text,
  password: text,
  first_name: shortText.nullish(),
  last_name: shortText.nullish(),
  unsafe_metadata: metadata.nullish(),
  legal_accepted: z.boolean().nullish(),
  locale: shortText.nullish(),
}

export const signUpFlowEndpoints = [
  endpoint(
    'POST /client/sign_ups',
    {
      operationId: 'createSignUps',
      ...primary,
      body: z.object({ ...fields, transfer: z.boolean().nullish() }),
      answer,
      limit: perIp(5, 10),
    },
    ({ body, caller, services }) => services.signUpFlow.create(body, caller),
  ),

  endpoint(
    'GET /client/sign_ups/:sign_up_id',
    { operationId: 'getSignUps', ...primary, answer },
    ({ params, caller, services }) => services.signUpFlow.get(params.signUpId, caller),
  ),

  endpoint(
    'GET /client/sign_ups/:sign_up_id/enterprise_connections',
    { operationId: 'listSignUpEnterpriseConnections', ...primary, answer: enterpriseConnection, list: 'page' },
    ({ params, caller, services }) => services.signUpFlow.enterpriseConnections(params.signUpId, caller),
  ),

  endpoint(
    'PATCH /client/sign_ups/:sign_up_id',
    { operationId: 'updateSignUps', ...primary, body: z.object(fields), answer, limit: perIp(5, 10) },
    ({ params, body, caller, services }) => services.signUpFlow.update(params.signUpId, body, caller),
  ),

  endpoint(
    'POST /client/sign_ups/:sign_up_id/prepare_verification',
    {
      operationId: 'prepareSignUpsVerification',
      ...primary,
      body: z.object({ strategy: text, channel, redirect_url: text }),
      answer,
      limit: perIp(5, 10),
    },
    ({ params, body, caller, services, request }) =>
      services.signUpFlow.prepare(params.signUpId, { ...body, isRepeatable: asksEachTime(request) }, caller),
  ),

  endpoint(
    'POST /client/sign_ups/:sign_up_id/attempt_verification',
    {
      operationId: 'attemptSignUpsVerification',
      ...primary,
      body: z.object({ strategy: text, code: text }),
      answer,
      limit: perIp(3, 10),
    },
    ({ params, body, caller, services }) => services.signUpFlow.attempt(params.signUpId, body, caller),
  ),
]
