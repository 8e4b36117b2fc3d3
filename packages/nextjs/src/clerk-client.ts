import { createClerkClient, type ClerkClient, type ClerkOptions } from '@latchkey/backend'
import { constants } from '@latchkey/backend/internal'
import { currentHeaders } from './current-request.js'
import { readEncryptionKey, readEnvironment } from './environment.js'
import { readHandover, type HandedOptions } from './handover.js'
import { optionsOfMiddleware } from './middleware-storage.js'

/** A client of the Backend API with the options of the environment, or those that the middleware was given for this request. */
export async function clerkClient(): Promise<ClerkClient> {
  return createClerkClient(clientOptions(optionsOfMiddleware() ?? (await optionsOfRequest()) ?? readEnvironment()))
}

function clientOptions({ signInUrl: _signIn, signUpUrl: _signUp, ...options }: HandedOptions): ClerkOptions {
  return options
}

/** Only with an encryption key can a request have brought another secret key; without it, its headers need not be looked at. */
async function optionsOfRequest(): Promise<HandedOptions | undefined> {
  if (!readEncryptionKey()) return undefined
  const header = await currentHeaders().catch(toNothingOutsideOfRequests)
  return header?.(constants.Headers.ClerkRequestData) ? readHandover(header, 'clerkClient()').options : undefined
}

function toNothingOutsideOfRequests(error: unknown): undefined {
  if (error instanceof Error && error.message.startsWith('auth(), currentUser()')) return undefined
  throw error
}
