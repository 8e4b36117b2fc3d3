import type { OAuthApplicationJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { frontendApiUrlOf } from '../../instances/instance.js'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { OAuthApplicationRecord } from './oauth-applications.table.js'

const schema = component(
  'OAuthApplication',
  z.object({
    object: z.literal('oauth_application'),
    id: z.string(),
    instance_id: z.string(),
    name: z.string(),
    client_id: z.string(),
    client_uri: z.string().nullable(),
    client_image_url: z.string().nullable(),
    dynamically_registered: z.boolean(),
    consent_screen_enabled: z.boolean(),
    pkce_required: z.boolean(),
    public: z.boolean(),
    scopes: z.string(),
    redirect_uris: z.array(z.string()),
    callback_url: z.string(),
    authorize_url: z.string(),
    token_fetch_url: z.string(),
    user_info_url: z.string(),
    discovery_url: z.string(),
    token_introspection_url: z.string(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<Omit<OAuthApplicationJSON, 'client_secret'>>),
)

export const oauthApplication = {
  schema,
  toJSON: (record: OAuthApplicationRecord, { instance, publicUrl }: WireContext) => {
    const frontend = frontendApiUrlOf(instance, publicUrl())
    return toWire(schema, record, {
      object: 'oauth_application',
      client_image_url: record.imageId === null ? null : `${publicUrl()}/images/${record.imageId}`,
      scopes: record.scopes.join(' '),
      callback_url: record.redirectUris[0] ?? '',
      authorize_url: `${frontend}/oauth/authorize`,
      token_fetch_url: `${frontend}/oauth/token`,
      user_info_url: `${frontend}/oauth/userinfo`,
      discovery_url: `${frontend}/.well-known/openid-configuration`,
      token_introspection_url: `${frontend}/oauth/token_info`,
    })
  },
}

/** With the secret, which is shown once; empty for a public client. */
export type ApplicationWithSecret = OAuthApplicationRecord & { clientSecret: string }

export const oauthApplicationWithSecret = {
  schema: component('OAuthApplicationWithSecret', schema.extend({ client_secret: z.string() })),
  toJSON: (record: ApplicationWithSecret, context: WireContext): OAuthApplicationJSON => ({
    ...oauthApplication.toJSON(record, context),
    client_secret: record.clientSecret,
  }),
}
