import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { originOf } from '../../http/frontend/origin.js'
import { component, deleted } from '../../kernel/component.js'
import { perCaller } from '../../kernel/limits.js'
import { ownPasskey, publicKeyCredential } from '../../resources/passkeys/passkeys.wire.js'
import type { OwnPasskeyService } from './own-passkeys.service.js'

const attempt = z.object({
  strategy: z.enum(['passkey']).nullish(),
  public_key_credential: publicKeyCredential,
})

const relatedOrigins = {
  schema: component('RelatedOrigins', z.object({ origins: z.array(z.string()) })),
  toJSON: (origins: string[]) => ({ origins }),
}

const endpoint = frontendEndpointFactory<{ ownPasskeys: OwnPasskeyService }>()
const access = 'session'

export const ownPasskeyEndpoints = [
  endpoint(
    'POST /me/passkeys',
    { operationId: 'postPasskey', access, answer: ownPasskey, limit: perCaller(20, 60) },
    ({ caller, services, request }) => services.ownPasskeys.begin(caller, originOf(request)),
  ),

  endpoint(
    'GET /me/passkeys/:passkey_id',
    { operationId: 'readPasskey', access, answer: ownPasskey },
    ({ params, caller, services }) => services.ownPasskeys.get(params.passkeyId, caller),
  ),

  endpoint(
    'PATCH /me/passkeys/:passkey_id',
    { operationId: 'patchPasskey', access, body: z.object({ name: z.string().nullish() }), answer: ownPasskey },
    ({ params, body, caller, services }) =>
      services.ownPasskeys.rename(params.passkeyId, body.name ?? undefined, caller),
  ),

  endpoint(
    'DELETE /me/passkeys/:passkey_id',
    { operationId: 'deletePasskey', access, answer: deleted('passkey') },
    ({ params, caller, services }) => services.ownPasskeys.delete(params.passkeyId, caller),
  ),

  endpoint(
    'POST /me/passkeys/:passkey_id/attempt_verification',
    {
      operationId: 'attemptPasskeyVerification',
      access,
      body: attempt,
      answer: ownPasskey,
      limit: perCaller(20, 60),
    },
    ({ params, body, caller, services, request }) =>
      services.ownPasskeys.confirm(params.passkeyId, body.publicKeyCredential, caller, originOf(request)),
  ),

  endpoint(
    'GET /.well-known/webauthn',
    { operationId: 'getWebAuthnRelatedOrigins', access: 'public', answer: relatedOrigins, bare: true },
    ({ services }) => services.ownPasskeys.relatedOrigins(),
  ),
]
