import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { perCaller } from '../../kernel/limits.js'
import { phoneNumber } from '../../resources/phone-numbers/phone-numbers.wire.js'
import type { OwnPhoneNumberService } from './own-phone-numbers.service.js'

const flag = z.boolean().nullish()
const create = z.object({ phone_number: z.string(), reserved_for_second_factor: flag })
const update = z.object({ reserved_for_second_factor: flag, default_second_factor: flag })
const prepare = z.object({ strategy: z.enum(['phone_code']) })
const attempt = z.object({ code: z.string().min(1) })

const endpoint = frontendEndpointFactory<{ ownPhoneNumbers: OwnPhoneNumberService }>()
const access = 'session'

export const ownPhoneNumberEndpoints = [
  endpoint(
    'GET /me/phone_numbers',
    { operationId: 'getPhoneNumbers', access, list: 'array', bare: true, answer: phoneNumber },
    ({ caller, services }) => services.ownPhoneNumbers.list(caller),
  ),

  endpoint(
    'POST /me/phone_numbers',
    { operationId: 'postPhoneNumbers', access, body: create, answer: phoneNumber, limit: perCaller(5, 60) },
    ({ body, caller, services }) =>
      services.ownPhoneNumbers.add(body.phoneNumber, body.reservedForSecondFactor ?? false, caller),
  ),

  endpoint(
    'GET /me/phone_numbers/:phone_number_id',
    { operationId: 'ReadPhoneNumber', access, answer: phoneNumber },
    ({ params, caller, services }) => services.ownPhoneNumbers.get(params.phoneNumberId, caller),
  ),

  endpoint(
    'PATCH /me/phone_numbers/:phone_number_id',
    { operationId: 'UpdatePhoneNumber', access, body: update, answer: phoneNumber },
    ({ params, body, caller, services }) => services.ownPhoneNumbers.update(params.phoneNumberId, body, caller),
  ),

  endpoint(
    'DELETE /me/phone_numbers/:phone_number_id',
    { operationId: 'DeletePhoneNumber', access, answer: deleted('phone_number') },
    ({ params, caller, services }) => services.ownPhoneNumbers.delete(params.phoneNumberId, caller),
  ),

  endpoint(
    'POST /me/phone_numbers/:phone_number_id/prepare_verification',
    { operationId: 'sendVerificationSMS', access, body: prepare, answer: phoneNumber },
    ({ params, body, caller, services }) =>
      services.ownPhoneNumbers.prepare(params.phoneNumberId, body.strategy, caller),
  ),

  endpoint(
    'POST /me/phone_numbers/:phone_number_id/attempt_verification',
    { operationId: 'verifyPhoneNumber', access, body: attempt, answer: phoneNumber },
    ({ params, body, caller, services }) => services.ownPhoneNumbers.attempt(params.phoneNumberId, body.code, caller),
  ),
]
