/** For packages that adapt this one to a framework. */
export * from './authenticate/index.js'
export type * from './authenticate/types.js'
export { parsePublishableKey } from './authenticate/publishable-key.js'
export { createClerkRequest, type ClerkRequest } from './internal/clerk-request.js'
export {
  missingVariable,
  optionsForRequest,
  optionsFromEnvironment,
  type AdapterOptions,
  type EnvironmentOptions,
  type PerRequest,
  type Variables,
} from './internal/adapter-options.js'
export { createAdapterClient } from './internal/adapter-client.js'
export { authFromState } from './internal/auth-from-state.js'
export { toApiError, withoutAnswer, type RequestName } from './core/errors.js'
export { constants } from './internal/constants.js'
export { createEnvironmentClient } from './internal/environment-client.js'
export { readableBy } from './internal/readable-by.js'
export { isProxied, proxyPathOf, toWebRequest, urlOf, type FrontendApiProxy } from './internal/frontend-proxy.js'
export { verifyNodeWebhook, type NodeWebhook } from './internal/node-webhook.js'
export { MAX_WEBHOOK_BODY, readRequest as readWebhookBody } from './webhooks/read-body.js'
export { verifyParsedWebhook } from './internal/parsed-webhook.js'
export { prepareOptions, type PreparedOptions } from './internal/prepared-options.js'
export { createRedirect, type CreateRedirectParams, type RedirectFun } from './internal/redirect.js'
export { decorateObjectWithResources, stripPrivateDataFromObject } from './internal/resources.js'
export {
  reverificationError,
  reverificationErrorResponse,
  type ReverificationError,
} from './internal/reverification.js'
