/**
 * The functions and errors that an application uses, in one file for CommonJS, AMD and plain scripts, where it is the
 * global `LatchkeyBackend`. The types of resources and parameters are those of `@latchkey/backend`.
 */
export { ActorTokenStatus, createClerkClient, DomainsEnrollmentModes, ObjectType, verifyToken } from './index.js'
export type { ClerkClient, ClerkOptions, VerifyTokenOptions } from './index.js'
export * from './errors.js'
export * from './jwt.js'
export * from './proxy.js'
export * from './webhooks.js'
