export { fapiUrlFromPublishableKey } from './proxy/frontend-api.js'
export {
  clerkFrontendApiProxy,
  DEFAULT_PROXY_PATH,
  matchProxyPath,
  stripTrailingSlashes,
  type FrontendApiProxyOptions,
  type ProxyError,
  type ProxyErrorCode,
} from './proxy/frontend-api-proxy.js'
