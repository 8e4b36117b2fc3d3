import { createClerkClient as createOfficialClient, verifyToken as verifyOfficially } from '@clerk/backend'
import { createRedirect as createOfficialRedirect } from '@clerk/backend/internal'
import { signJwt as signOfficially } from '@clerk/backend/jwt'
import { verifyWebhook as verifyWebhookOfficially } from '@clerk/backend/webhooks'
import { vi } from 'vitest'
import { createClerkClient, verifyToken } from '../index.js'
import { createRedirect } from '../internal.js'
import { signJwt } from '../jwt.js'
import { verifyWebhook } from '../webhooks.js'
import { toRequest, type Visit } from './asking.test-support.js'
import { createApi, jwtKey, keys as keyPair, productionKey } from './differential.test-support.js'

type Options = Record<string, unknown>

/** What two SDKs have in common, with outcomes in a few words. */
export interface AskedSdk {
  /** `accepted`, or why not. */
  verify(token: string, options?: Options): Promise<string>
  /** Who a request is from, or what it is answered. */
  authenticate(visit: Visit, options?: Options): Promise<string>
  /** Who a request of Node's own kind is from. */
  authenticateOnNode(request: object): Promise<string>
  /** Where a browser comes back to from the handshake it is sent to. */
  returnTo(visit: Visit): Promise<string>
  /** Where a page that sends people to sign in makes them come back to. */
  comeBackTo(returnBackUrl: string): string
  /** `accepted`, or `refused`. */
  receive(request: Request, signingSecret: string): Promise<string>
  /** What `debug()` says under a name. */
  debug(visit: Visit, options: Options, name: string): Promise<string>
  /** The claim of a token that was signed with these. */
  sign(claims: Options, name: string): Promise<string>
}

interface Functions {
  createClient(options: Options): { authenticateRequest(request: Request, options: never): Promise<unknown> }
  verifyToken(token: string, options: never): Promise<unknown>
  verifyWebhook(request: Request, options: { signingSecret: string }): Promise<unknown>
  createRedirect(options: never): { redirectToSignIn(params: { returnBackUrl: string }): unknown }
  signJwt(claims: object, key: object, options: never): Promise<string>
}

interface State {
  status: string
  reason: string | null
  headers: Headers
  toAuth(): { userId?: string | null; machineId?: string | null; debug(): Record<string, unknown> } | null
}

const privateJwk = keyPair.privateKey.export({ format: 'jwk' })
const keys = { publishableKey: productionKey, secretKey: 'sk_test_x', jwtKey }

export const ours = asked({
  createClient: createClerkClient,
  verifyToken,
  verifyWebhook,
  createRedirect,
  signJwt,
} as unknown as Functions)

export const official = asked({
  createClient: (options: Options) => createOfficialClient({ telemetry: { disabled: true }, ...options } as never),
  verifyToken: verifyOfficially,
  verifyWebhook: verifyWebhookOfficially,
  createRedirect: createOfficialRedirect,
  signJwt: signOfficially,
} as unknown as Functions)

function asked(sdk: Functions): AskedSdk {
  const ask = async (visit: Visit, options: Options): Promise<State> => {
    const api = createApi(visit.api)
    vi.stubGlobal('fetch', api.fetch)
    const client = sdk.createClient({ ...keys, ...options })
    return (await client.authenticateRequest(toRequest(visit), { ...visit.options } as never)) as State
  }
  return {
    verify: (token, options = { jwtKey }) =>
      sdk.verifyToken(token, options as never).then(
        () => 'accepted',
        (error) => `refused: \`${reasonOf(error)}\``,
      ),
    authenticate: (visit, options = {}) => ask(visit, options).then(describe, () => 'throws'),
    authenticateOnNode: (request) =>
      sdk
        .createClient(keys)
        .authenticateRequest(request as Request, {} as never)
        .then(
          (state) => describe(state as State),
          () => 'throws',
        ),
    async returnTo(visit) {
      const { headers } = await ask(visit, {})
      return `comes back to \`${new URL(headers.get('location')!).searchParams.get('redirect_url')}\``
    },
    comeBackTo(returnBackUrl) {
      const redirect = {
        publishableKey: productionKey,
        baseUrl: 'https://app.example.com/page',
        redirectAdapter: (url: string) => url,
      }
      const url = sdk.createRedirect(redirect as never).redirectToSignIn({ returnBackUrl }) as string
      return `comes back to \`${new URL(url).searchParams.get('redirect_url')}\``
    },
    receive: (request, signingSecret) =>
      sdk.verifyWebhook(request, { signingSecret }).then(
        () => 'accepted',
        () => 'refused',
      ),
    async debug(visit, options, name) {
      const value = (await ask(visit, options)).toAuth()!.debug()[name]
      return value === options[name] ? 'shows it' : `shows \`${String(value)}\``
    },
    async sign(claims, name) {
      const token = await sdk.signJwt({ ...claims }, privateJwk, { algorithm: 'RS256' } as never)
      const value = (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Options)[name]
      return `\`${name}\` is ${value === claims[name] ? 'what was given' : 'the present time'}`
    },
  }
}

function reasonOf(error: unknown): string {
  const { reason, message } = error as { reason?: string; message: string }
  return reason ?? message
}

function describe({ status, reason, headers, toAuth }: State): string {
  if (status === 'signed-in') return `signed in as \`${toAuth()?.userId ?? toAuth()?.machineId}\``
  const location = headers.get('location')
  return status === 'handshake'
    ? `handshake: \`${reason}\`, to \`${location?.split('?')[0]}\``
    : `signed out: \`${reason}\``
}
