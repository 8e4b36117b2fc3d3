import { arrive, type Visitor } from '../chromium.test-support.js'
import type { App, Stage } from '../stage.test-support.js'

export const EMAIL_ADDRESS = 'ada@example.com'
export const PASSWORD = 'a quiet harbour at dusk'
export const ANOTHER_PASSWORD = 'a loud market at noon'
/** A number that no instance knows yet. */
export const PHONE_NUMBER = '+12015552671'

/** Ada at a browser of her own, of an application where she has a password. */
export interface Ada {
  app: App
  visitor: Visitor
  page: Visitor['page']
  userId: string
  /** As the Backend API has her now. */
  user(): ReturnType<App['client']['users']['getUser']>
}

export interface AdaOptions {
  settings?: object
  /** What she has besides. */
  user?: object
}

/** Ada, signed out. */
export async function meetAda(stage: Stage, { settings, user }: AdaOptions = {}): Promise<Ada> {
  const app = await stage.open(settings)
  const { id } = await app.client.users.createUser({
    emailAddress: [EMAIL_ADDRESS],
    password: PASSWORD,
    firstName: 'Ada',
    lastName: 'Lovelace',
    ...user,
  })
  const visitor = await stage.visit()
  return { app, visitor, page: visitor.page, userId: id, user: () => app.client.users.getUser(id) }
}

/** Ada, signed in by a link of the application's server. */
export async function enterAda(stage: Stage, options?: AdaOptions): Promise<Ada> {
  const ada = await meetAda(stage, options)
  await enter(ada.app, ada.visitor, ada.userId)
  return ada
}

/** The same, twenty minutes after she has proved who she is: what is sensitive asks her again. */
export async function enterAdaLongAgo(stage: Stage, options?: AdaOptions): Promise<Ada> {
  const ada = await enterAda(stage, options)
  await ada.app.server.database.transaction((tx) =>
    tx
      .updateTable('sessions')
      .set({ first_factor_verified_at: Date.now() - 20 * 60_000 })
      .where('user_id', '=', ada.userId)
      .execute(),
  )
  return ada
}

/** Signs a user in with a sign-in token. */
export async function enter(app: App, visitor: Visitor, userId: string): Promise<void> {
  const { token } = await app.client.signInTokens.createSignInToken({ userId, expiresInSeconds: 600 })
  await enterWith(app, visitor, token!)
}

/** Opens the link that a token is for. */
export async function enterWith(app: App, visitor: Visitor, token: string): Promise<void> {
  await visitor.page.goto(app.at(`/sign-in?__clerk_ticket=${token}`))
  await atHome(visitor, app)
}

export const atHome = ({ page }: Visitor, app: App) => arrive(page, `${app.url}/`)
