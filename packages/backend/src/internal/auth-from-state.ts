import { getAuthObjectForAcceptedToken, signedOutAuthObject, type AuthObject } from '../authenticate/auth-objects.js'
import type { RequestState } from '../authenticate/request-state.js'
import type { TokenType } from '../authenticate/token-types.js'
import type { AuthOptions } from '../authenticate/types.js'

/** What a framework's `getAuth()` returns for a request whose state is known. During a handshake it is signed out. */
export function authFromState(state: RequestState<TokenType>, options?: AuthOptions): AuthObject {
  return getAuthObjectForAcceptedToken({
    authObject: state.toAuth(options) ?? signedOutAuthObject(),
    acceptsToken: options?.acceptsToken,
  })
}
