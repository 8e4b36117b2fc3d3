import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { perCaller } from '../../kernel/limits.js'
import { emailAddress } from '../../resources/email-addresses/email-addresses.wire.js'
import type { OwnEmailAddressService } from './own-identifiers.service.js'

const create = z.object({ email_address: z.string() })
const prepare = z.object({
  strategy: z.enum(['email_code', 'email_link', 'enterprise_sso']),
  redirect_url: z.string().nullish(),
})
const attempt = z.object({ code: z.string().min(1) })

const endpoint = frontendEndpointFactory<{ ownEmailAddresses: OwnEmailAddressService }>()
const access = 'session'

export const ownEmailAddressEndpoints = [
  endpoint(
    'GET /me/email_addresses',
    { operationId: 'getEmailAddresses', access, list: 'array', bare: true, answer: emailAddress },
    ({ caller, services }) => services.ownEmailAddresses.list(caller),
  ),

  endpoint(
    'POST /me/email_addresses',
    { operationId: 'createEmailAddresses', access, body: create, answer: emailAddress, limit: perCaller(5, 60) },
    ({ body, caller, services }) => services.ownEmailAddresses.add(body.emailAddress, caller),
  ),

  endpoint(
    'GET /me/email_addresses/:email_id',
    { operationId: 'getEmailAddress', access, answer: emailAddress },
    ({ params, caller, services }) => services.ownEmailAddresses.get(params.emailId, caller),
  ),

  endpoint(
    'DELETE /me/email_addresses/:email_id',
    { operationId: 'DeleteEmailAddress', access, answer: deleted('email_address') },
    ({ params, caller, services }) => services.ownEmailAddresses.delete(params.emailId, {}, caller),
  ),

  endpoint(
    'POST /me/email_addresses/:email_id/prepare_verification',
    { operationId: 'sendVerificationEmail', access, body: prepare, answer: emailAddress },
    ({ params, body, caller, services }) =>
      services.ownEmailAddresses.prepare(params.emailId, body.strategy, caller, body.redirectUrl || undefined),
  ),

  endpoint(
    'POST /me/email_addresses/:email_id/attempt_verification',
    { operationId: 'verifyEmailAddress', access, body: attempt, answer: emailAddress },
    ({ params, body, caller, services }) => services.ownEmailAddresses.attempt(params.emailId, body.code, {}, caller),
  ),
]
