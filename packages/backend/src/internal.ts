/** For packages that fit this one into a framework. */
export * from './authenticate/index.js'
export type * from './authenticate/types.js'
export { createClerkRequest, type ClerkRequest } from './internal/clerk-request.js'
export { missingVariable, optionsForRequest, optionsFromEnvironment, type AdapterOptions, type EnvironmentOptions, type PerRequest, type Variables } from './internal/adapter-options.js'
export { constants } from './internal/constants.js'
export { createRedirect, type CreateRedirectParams, type RedirectFun } from './internal/redirect.js'
export { decorateObjectWithResources, stripPrivateDataFromObject } from './internal/resources.js'
export { reverificationError, reverificationErrorResponse, type ReverificationError } from './internal/reverification.js'
