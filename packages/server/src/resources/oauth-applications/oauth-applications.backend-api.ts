import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { pageQuery } from '../../kernel/page.js'
import { shortText } from '../../kernel/schemas.js'
import type { OAuthApplicationService } from './oauth-applications.service.js'
import { oauthApplication, oauthApplicationWithSecret } from './oauth-applications.wire.js'

const writable = {
  redirect_uris: z.array(z.string()).nullish(),
  callback_url: z.string().max(1024).nullish(),
  scopes: z.string().max(1024).nullish(),
  consent_screen_enabled: z.boolean().nullish(),
  pkce_required: z.boolean().nullish(),
  public: z.boolean().nullish(),
}

const endpoint = endpointFactory<{ oauthApplications: OAuthApplicationService }>()
const access = 'secret_key'

export const oauthApplicationEndpoints = [
  endpoint(
    'GET /oauth_applications',
    {
      operationId: 'ListOAuthApplications',
      access,
      query: z.object({
        ...pageQuery,
        order_by: z.string().optional(),
        name_query: z.string().max(256).optional(),
      }),
      answer: oauthApplication,
      list: 'page',
    },
    ({ query, services }) => services.oauthApplications.list(query),
  ),

  endpoint(
    'POST /oauth_applications',
    {
      operationId: 'CreateOAuthApplication',
      access,
      body: z.object({ name: shortText, ...writable }),
      answer: oauthApplicationWithSecret,
    },
    ({ body, caller, services }) => services.oauthApplications.create(body, caller),
  ),

  endpoint(
    'GET /oauth_applications/:oauth_application_id',
    { operationId: 'GetOAuthApplication', access, answer: oauthApplication },
    ({ params, services }) => services.oauthApplications.get(params.oauthApplicationId),
  ),

  endpoint(
    'PATCH /oauth_applications/:oauth_application_id',
    {
      operationId: 'UpdateOAuthApplication',
      access,
      body: z.object({ name: shortText.nullish(), ...writable }),
      answer: oauthApplication,
    },
    ({ params, body, caller, services }) => services.oauthApplications.update(params.oauthApplicationId, body, caller),
  ),

  endpoint(
    'DELETE /oauth_applications/:oauth_application_id',
    { operationId: 'DeleteOAuthApplication', access, answer: deleted('oauth_application') },
    ({ params, caller, services }) => services.oauthApplications.delete(params.oauthApplicationId, caller),
  ),

  endpoint(
    'PUT /oauth_applications/:oauth_application_id/logo',
    { operationId: 'UploadOAuthApplicationLogo', access, file: true, answer: oauthApplication },
    ({ params, file, caller, services }) => services.oauthApplications.setLogo(params.oauthApplicationId, file, caller),
  ),

  endpoint(
    'POST /oauth_applications/:oauth_application_id/rotate_secret',
    { operationId: 'RotateOAuthApplicationSecret', access, answer: oauthApplicationWithSecret },
    ({ params, caller, services }) => services.oauthApplications.rotateSecret(params.oauthApplicationId, caller),
  ),
]
