export { createClerkClient, verifyToken } from '@latchkey/backend'
export { reverificationError, reverificationErrorResponse } from '@latchkey/backend/internal'
export { auth } from './auth.js'
export { clerkClient } from './clerk-client.js'
export { clerkMiddleware } from './clerk-middleware.js'
export { currentUser } from './current-user.js'
export {
  clerkFrontendApiProxy,
  createFrontendApiProxyHandlers,
  type FrontendApiProxyHandlers,
  type NextFrontendApiProxyOptions,
} from './frontend-api-proxy.js'
export { buildClerkProps, getAuth } from './get-auth.js'
export { createRouteMatcher } from './route-matcher.js'
export type {
  ClerkMiddlewareAuth,
  ClerkMiddlewareOptions,
  ClerkMiddlewareSessionAuthObject,
  FrontendApiProxyOptions,
} from './middleware-types.js'

export type {
  AllowlistIdentifier,
  Client,
  EmailAddress,
  ExternalAccount,
  Invitation,
  OauthAccessToken,
  Organization,
  OrganizationInvitation,
  OrganizationMembership,
  OrganizationMembershipPublicUserData,
  OrganizationMembershipRole,
  PhoneNumber,
  Session,
  SignInToken,
  SMSMessage,
  Token,
  User,
} from '@latchkey/backend'

export type {
  DeletedObjectJSON,
  EmailJSON,
  EmailWebhookEvent,
  OrganizationDomainJSON,
  OrganizationDomainVerificationJSON,
  OrganizationDomainWebhookEvent,
  OrganizationInvitationJSON,
  OrganizationInvitationWebhookEvent,
  OrganizationJSON,
  OrganizationMembershipJSON,
  OrganizationMembershipWebhookEvent,
  OrganizationWebhookEvent,
  PermissionWebhookEvent,
  RoleWebhookEvent,
  SessionJSON,
  SessionWebhookEvent,
  SMSMessageJSON,
  SMSWebhookEvent,
  UserJSON,
  UserWebhookEvent,
  WaitlistEntryJSON,
  WaitlistEntryWebhookEvent,
  WebhookEvent,
  WebhookEventType,
} from '@latchkey/backend'
