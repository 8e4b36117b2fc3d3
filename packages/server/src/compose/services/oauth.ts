import type { InstanceContext } from '../../instances/instance-context.js'
import { OAuthAccessTokenService } from '../../resources/oauth-access-tokens/oauth-access-tokens.service.js'
import { OAuthApplicationService } from '../../resources/oauth-applications/oauth-applications.service.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'

/** Applications that sign users in through the instance, and what users have granted them. */
export function createOAuthServices(
  context: InstanceContext,
  { images, signingKeys }: InstanceServices,
  { userRecords }: IdentityServices,
) {
  const oauthApplications = new OAuthApplicationService({ context, images })
  return {
    oauthApplications,
    oauthAccessTokens: new OAuthAccessTokenService({ context, signingKeys, userRecords, oauthApplications }),
  }
}
