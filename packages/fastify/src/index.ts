export * from '@latchkey/backend'
export { clerkClient } from './clerk-client.js'
export { clerkPlugin, type ClerkFastifyOptions, type FrontendApiProxyOptions } from './clerk-plugin.js'
export { getAuth } from './get-auth.js'
