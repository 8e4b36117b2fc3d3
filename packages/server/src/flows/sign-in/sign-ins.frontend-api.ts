import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { publicKeyCredential } from '../../resources/passkeys/passkeys.wire.js'
import { asksEachTime } from '../../http/frontend/clerk-js.js'
import { originOf } from '../../http/frontend/origin.js'
import type { PhoneChannel } from '../../instances/settings/attributes.js'
import { perIp } from '../../kernel/limits.js'
import { channelChoice as channel } from '../../resources/phone-numbers/phone-channels.wire.js'
import type { SignInSteps } from './sign-in-steps.service.js'
import { given } from './sign-ins.rules.js'
import type { SignInService } from './sign-ins.service.js'
import { signIn } from './sign-ins.wire.js'

const text = z.string().nullish()
/** Longer than any token of a ticket. */
const token = z.string().max(8192).nullish()

const createSignIn = z.object({
  strategy: text,
  identifier: text,
  password: text,
  ticket: token,
  channel,
  redirect_url: text,
  transfer: z.boolean().nullish(),
  sign_up_if_missing: z.boolean().nullish(),
})

const prepare = { email_address_id: text, phone_number_id: text, channel, redirect_url: text }
const prepareFirst = z.object({ ...prepare, passkey_id: text, strategy: z.string() })
const prepareSecond = z.object({ ...prepare, strategy: text })
const attemptFirst = z.object({
  strategy: z.string(),
  code: text,
  password: text,
  ticket: token,
  public_key_credential: publicKeyCredential.nullish(),
})
const attemptSecond = z.object({ strategy: z.string(), code: text })
const resetPassword = z.object({ password: z.string(), sign_out_of_other_sessions: z.boolean().nullish() })

const endpoint = frontendEndpointFactory<{ signIns: SignInService; signInSteps: SignInSteps }>()
const primary = { access: 'client', isPrimaryOnly: true } as const

export const signInEndpoints = [
  endpoint(
    'POST /client/sign_ins',
    { operationId: 'createSignIn', ...primary, body: createSignIn, answer: signIn, limit: perIp(5, 10) },
    ({ body, caller, services, request }) =>
      services.signIns.create(
        {
          strategy: given(body.strategy),
          identifier: given(body.identifier),
          password: given(body.password),
          ticket: given(body.ticket),
          channel: body.channel || undefined,
          redirectUrl: given(body.redirectUrl),
          origin: originOf(request),
          transfer: body.transfer ?? false,
          signUpIfMissing: body.signUpIfMissing ?? false,
        },
        caller,
      ),
  ),

  endpoint(
    'GET /client/sign_ins/:sign_in_id',
    { operationId: 'getSignIn', ...primary, answer: signIn },
    ({ params, caller, services }) => services.signIns.get(params.signInId, caller),
  ),

  endpoint(
    'POST /client/sign_ins/:sign_in_id/prepare_first_factor',
    { operationId: 'prepareSignInFactorOne', ...primary, body: prepareFirst, answer: signIn, limit: perIp(5, 10) },
    ({ params, body, caller, services, request }) => {
      const passkey = { passkeyId: given(body.passkeyId), origin: originOf(request) }
      const input = { ...targetOf(body), ...passkey, strategy: body.strategy, isRepeatable: asksEachTime(request) }
      return services.signInSteps.prepareFirst(params.signInId, input, caller)
    },
  ),

  endpoint(
    'POST /client/sign_ins/:sign_in_id/attempt_first_factor',
    { operationId: 'attemptSignInFactorOne', ...primary, body: attemptFirst, answer: signIn, limit: perIp(3, 10) },
    ({ params, body, caller, services, request }) =>
      services.signInSteps.attemptFirst(
        params.signInId,
        {
          strategy: body.strategy,
          code: given(body.code),
          password: given(body.password),
          ticket: given(body.ticket),
          publicKeyCredential: given(body.publicKeyCredential),
          origin: originOf(request),
        },
        caller,
      ),
  ),

  // Without a strategy it is a text message, which was once the only second factor to be prepared.
  endpoint(
    'POST /client/sign_ins/:sign_in_id/prepare_second_factor',
    { operationId: 'prepareSignInFactorTwo', ...primary, body: prepareSecond, answer: signIn, limit: perIp(5, 10) },
    ({ params, body, caller, services }) =>
      services.signInSteps.prepareSecond(
        params.signInId,
        { ...targetOf(body), strategy: given(body.strategy) ?? 'phone_code' },
        caller,
      ),
  ),

  endpoint(
    'POST /client/sign_ins/:sign_in_id/attempt_second_factor',
    { operationId: 'attemptSignInFactorTwo', ...primary, body: attemptSecond, answer: signIn, limit: perIp(3, 10) },
    ({ params, body, caller, services }) =>
      services.signInSteps.attemptSecond(params.signInId, { strategy: body.strategy, code: given(body.code) }, caller),
  ),

  endpoint(
    'POST /client/sign_ins/:sign_in_id/reset_password',
    { operationId: 'resetPassword', ...primary, body: resetPassword, answer: signIn, limit: perIp(3, 10) },
    ({ params, body, caller, services }) =>
      services.signInSteps.resetPassword(
        params.signInId,
        { password: body.password, signOutOfOtherSessions: body.signOutOfOtherSessions ?? false },
        caller,
      ),
  ),
]

function targetOf({
  emailAddressId,
  phoneNumberId,
  channel,
  redirectUrl,
}: {
  emailAddressId?: string | null
  phoneNumberId?: string | null
  channel?: PhoneChannel | '' | null
  redirectUrl?: string | null
}) {
  return {
    emailAddressId: given(emailAddressId),
    phoneNumberId: given(phoneNumberId),
    channel: channel || undefined,
    redirectUrl: given(redirectUrl),
  }
}
