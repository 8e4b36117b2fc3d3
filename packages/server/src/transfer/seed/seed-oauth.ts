import { z } from 'zod'
import type { Caller } from '../../kernel/caller.js'
import type { Camelized } from '../../kernel/wire.js'
import { at } from './seed-error.js'
import type { SeedServices } from './seed-services.js'

const id = z.string().min(1).max(256)
/** What a client may be called, and what it may send: RFC 6749, appendix A. */
const visible = z.string().regex(/^[\x21-\x7e]{1,256}$/, 'must be 1 to 256 visible characters of ASCII')
const token = visible.refine((text) => !text.includes('.'), 'must have no dots: that is the form of a JWT')

const grant = z.strictObject({
  user_id: id,
  /** Separated by spaces. */
  scopes: z.string().optional(),
  access_token: token,
  /** RFC 3339. */
  expires_at: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional(),
  refresh_token: token.optional(),
})

export const oauthApplication = z.strictObject({
  id: id.optional(),
  name: z.string().max(256),
  client_id: visible.optional(),
  client_secret: visible.optional(),
  client_uri: z.url().optional(),
  redirect_uris: z.array(z.string()).optional(),
  scopes: z.string().max(1024).optional(),
  public: z.boolean().optional(),
  pkce_required: z.boolean().optional(),
  consent_screen_enabled: z.boolean().optional(),
  dynamically_registered: z.boolean().optional(),
  grants: z.array(grant).optional(),
})

type SeedOAuthApplication = Camelized<z.output<typeof oauthApplication>>

/**
 * Adds the applications whose id, client id or name is not there already, and of all of them the grants whose access
 * token is not.
 */
export async function seedOAuthApplications(
  applications: readonly SeedOAuthApplication[] = [],
  services: SeedServices,
  caller: Caller,
): Promise<void> {
  const { oauthApplications, oauthAccessTokens } = services
  for (const [index, { grants = [], ...application }] of applications.entries()) {
    const path = ['oauth_applications', index]
    try {
      const existing = await oauthApplications.findExisting(application)
      const { id: applicationId } = existing ?? (await oauthApplications.create(application, caller))
      for (const each of grants) {
        if (!(await oauthAccessTokens.exists(each.accessToken))) {
          await oauthAccessTokens.grant({ applicationId, ...each }, caller)
        }
      }
    } catch (error) {
      throw at(path, error)
    }
  }
}
