import type { ClerkClient } from '@latchkey/backend'
import { cookieSuffixOf, type CreatedInstance } from '@latchkey/server'

/** The part of a Playwright page that signing in needs. */
export interface BrowserPage {
  url(): string
  context(): { addCookies(cookies: BrowserCookie[]): Promise<unknown> }
}

/** As Playwright's `addCookies` takes it. For an HTTP client, join them to `name=value; name=value`. */
export interface BrowserCookie {
  name: string
  value: string
  /** Of the application. */
  url: string
}

interface SignInOptions {
  instance: Pick<CreatedInstance, 'environmentType' | 'frontendHost' | 'frontendApiUrl'>
  client: ClerkClient
  fetch: typeof globalThis.fetch
}

/** Answers of the Frontend API, as far as they are read here. */
interface FrontendAnswer {
  id?: string
  response?: { created_session_id: string | null; status: string }
  client?: { updated_at: number; sessions: { id: string; last_active_token: { jwt: string } | null }[] }
  errors?: { long_message: string }[]
}

/**
 * Signs a user in in a new browser, with a sign-in token, as a link in a mail would.
 *
 * @param url a page of the application; the cookies are for its host
 * @throws {Error} if the user cannot sign in, for example because they are banned
 */
export async function cookiesOf(userId: string, url: string, options: SignInOptions): Promise<BrowserCookie[]> {
  const { instance, client, fetch } = options
  if (instance.environmentType !== 'development') {
    throw new Error('Only a development instance signs in with cookies of the application. Create one for your tests.')
  }
  const { origin } = new URL(url)
  const call = async (path: string, form: Record<string, string> = {}): Promise<FrontendAnswer> => {
    const answer = await fetch(`${instance.frontendApiUrl}/v1${path}`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams(form),
    })
    const body = (await answer.json()) as FrontendAnswer
    if (!answer.ok) throw new Error(`User ${userId} cannot sign in: ${body.errors?.[0]?.long_message}`)
    return body
  }

  const { id: browser = '' } = await call('/dev_browser')
  const { token: ticket } = await client.signInTokens.createSignInToken({ userId, expiresInSeconds: 60 })
  const signIn = await call(`/client/sign_ins?__clerk_db_jwt=${browser}`, { strategy: 'ticket', ticket })
  const session = signIn.client?.sessions.find(({ id }) => id === signIn.response?.created_session_id)
  if (!session?.last_active_token) {
    throw new Error(`User ${userId} cannot sign in: the sign-in ended as ${signIn.response?.status}`)
  }
  const suffix = cookieSuffixOf(instance)
  return Object.entries({
    __clerk_db_jwt: browser,
    __session: session.last_active_token.jwt,
    __client_uat: String(Math.floor(signIn.client!.updated_at / 1000)),
  }).flatMap(([name, value]) => [
    { name, value, url: origin },
    { name: `${name}_${suffix}`, value, url: origin },
  ])
}
