import type {
  AuthenticatedMachineObject,
  AuthObject,
  InvalidTokenAuthObject,
  SignedInAuthObject,
  SignedOutAuthObject,
  UnauthenticatedMachineObject,
} from './auth-objects.js'
import type { AuthenticateRequestOptions } from './options.js'
import type { PendingSessionOptions } from './request-state.js'
import type { RequestOptions } from '../core/request.js'
import type { AcceptedTokens, MachineTokenType, SessionTokenType, TokenType } from './token-types.js'

export type {
  AuthObject,
  InvalidTokenAuthObject,
  SignedInAuthObject,
  SignedOutAuthObject,
  AuthenticatedMachineObject,
  UnauthenticatedMachineObject,
}
export type { AuthenticateRequestOptions, OrganizationSyncOptions } from './options.js'

export type SessionAuthObject = SignedInAuthObject | SignedOutAuthObject

export type MachineAuthObject<T extends MachineTokenType = MachineTokenType> = T extends MachineTokenType
  ? AuthenticatedMachineObject<T> | UnauthenticatedMachineObject<T>
  : never

/** Parameters of `createAuthenticateRequest`. */
export interface CreateAuthenticateRequestOptions {
  options: AuthenticateRequestOptions
  apiClient?: unknown
}

/** Options that a session's auth object needs to request more tokens from the API. */
export type SignedInAuthObjectOptions = RequestOptions & { token: string }

export type AuthOptions = PendingSessionOptions & { acceptsToken?: AcceptedTokens }

/** The auth object for one accepted kind of token. */
export type InferAuthObjectFromToken<
  T extends TokenType,
  Session extends AuthObject,
  Machine extends AuthObject,
> = T extends SessionTokenType ? Session : Machine & { tokenType: Exclude<T, SessionTokenType> }

/** The auth object for several accepted kinds. */
export type InferAuthObjectFromTokenArray<
  T extends readonly TokenType[],
  Session extends AuthObject,
  Machine extends AuthObject,
> = SessionTokenType extends T[number]
  ? T[number] extends SessionTokenType
    ? Session
    : Session | (Machine & { tokenType: Exclude<T[number], SessionTokenType> })
  : Machine & { tokenType: Exclude<T[number], SessionTokenType> }

type Maybe<Result, IsPromise extends boolean> = IsPromise extends true ? Promise<Result> : Result
type MachineOf<T extends TokenType> = MachineAuthObject<Exclude<T, SessionTokenType>>

/** A framework's `getAuth(request)`. */
export interface GetAuthFn<RequestType, ReturnsPromise extends boolean = false> {
  <T extends TokenType[]>(
    request: RequestType,
    options: AuthOptions & { acceptsToken: T },
  ): Maybe<
    InferAuthObjectFromTokenArray<T, SessionAuthObject, MachineOf<T[number]>> | InvalidTokenAuthObject,
    ReturnsPromise
  >
  <T extends TokenType>(
    request: RequestType,
    options: AuthOptions & { acceptsToken: T },
  ): Maybe<InferAuthObjectFromToken<T, SessionAuthObject, MachineOf<T>>, ReturnsPromise>
  (request: RequestType, options: AuthOptions & { acceptsToken: 'any' }): Maybe<AuthObject, ReturnsPromise>
  (request: RequestType, options?: PendingSessionOptions): Maybe<SessionAuthObject, ReturnsPromise>
}

/** A framework's `auth()`, if it knows the request. */
export interface GetAuthFnNoRequest<
  Session extends SessionAuthObject = SessionAuthObject,
  ReturnsPromise extends boolean = false,
> {
  <T extends TokenType[]>(
    options: AuthOptions & { acceptsToken: T },
  ): Maybe<InferAuthObjectFromTokenArray<T, Session, MachineOf<T[number]>> | InvalidTokenAuthObject, ReturnsPromise>
  <T extends TokenType>(
    options: AuthOptions & { acceptsToken: T },
  ): Maybe<InferAuthObjectFromToken<T, Session, MachineOf<T>>, ReturnsPromise>
  (
    options: AuthOptions & { acceptsToken: 'any' },
  ): Maybe<Exclude<AuthObject, SessionAuthObject> | Session, ReturnsPromise>
  (options?: PendingSessionOptions): Maybe<Session, ReturnsPromise>
}
