import { createClerkClient, type ClerkClient, type ClerkOptions } from '@latchkey/backend'
import { constants } from '@latchkey/backend/internal'
import { currentHeaders } from './current-request.js'
import { readEncryptionKey, readEnvironment } from './environment.js'
import { readHandover, type HandedOptions } from './handover.js'
import { optionsOfMiddleware } from './middleware-storage.js'

/**
 * A client of the Backend API with the options of the environment, or with those that the middleware got for this
 * request.
 */
export async function clerkClient(): Promise<ClerkClient> {
  return createClerkClient(clientOptions(optionsOfMiddleware() ?? (await optionsOfRequest()) ?? readEnvironment()))
}

function clientOptions({ signInUrl: _signIn, signUpUrl: _signUp, ...options }: HandedOptions): ClerkOptions {
  return options
}

/**
 * The middleware can pass on another secret key only if there is an encryption key. Without one, the headers need not
 * be read.
 */
async function optionsOfRequest(): Promise<HandedOptions | undefined> {
  if (!readEncryptionKey()) return undefined
  const header = await currentHeaders().catch(toNothingOutsideOfRequests)
  return header?.(constants.Headers.ClerkRequestData) ? readHandover(header, 'clerkClient()').options : undefined
}

function toNothingOutsideOfRequests(error: unknown): undefined {
  if (error instanceof Error && error.message.startsWith('auth(), currentUser()')) return undefined
  throw error
}
