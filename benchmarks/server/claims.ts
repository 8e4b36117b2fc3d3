// The claims of an organization, as the server builds them.
export {
  organizationClaimsV1,
  organizationClaimsV2,
} from '../../packages/server/src/resources/sessions/organization-claims.rules.js'
