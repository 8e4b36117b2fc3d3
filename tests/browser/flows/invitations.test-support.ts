import { expect, it } from 'vitest'
import { arrive, type Visitor } from '../chromium.test-support.js'
import { claimsOf, continueWith, expectQuiet, userOf } from '../clerk-js.test-support.js'
import type { App, Stage } from '../stage.test-support.js'
import { atHome, EMAIL_ADDRESS, enter, PASSWORD } from './ada.test-support.js'

const INVITED = 'grace@example.com'

/** An application whose server knows where its pages are: that is where links in mail lead. */
async function openKnown(stage: Stage, settings: object): Promise<App> {
  const app = await stage.open(settings)
  const display = { home_url: app.url, sign_in_url: app.at('/sign-in'), sign_up_url: app.at('/sign-up') }
  await app.server.admin.seed(app.instance.id, { instance: { display } })
  return app
}

/** Follows a link to the form for signing up, where only the password is left to be given. */
async function signUpBy(link: string, visitor: Visitor, app: App): Promise<string> {
  const { page } = visitor
  await page.goto(link)
  await arrive(page, `${app.at('/sign-up')}**`)
  await page.waitForLoadState('networkidle')
  await continueWith(visitor, 'Password', PASSWORD)
  await atHome(visitor, app)
  return userOf(visitor)
}

/** People whom somebody else lets in. */
export function invitationFlows(stage: Stage): void {
  it('an invited person signs up by the link in the mail, where nobody else may', async () => {
    const app = await openKnown(stage, { sign_up: { mode: 'restricted' } })
    const stranger = await stage.visit()
    await app.go(stranger, '/sign-up')
    await stranger.page.getByRole('heading', { name: 'Access restricted' }).waitFor()
    await stranger.picture('sign-up-restricted')

    const publicMetadata = { role: 'taster' }
    await app.client.invitations.createInvitation({ emailAddress: INVITED, publicMetadata })
    const visitor = await stage.visit()
    const user = await app.client.users.getUser(await signUpBy(await app.linkTo(INVITED), visitor, app))
    expect(user).toMatchObject({
      publicMetadata,
      emailAddresses: [{ emailAddress: INVITED, verification: { status: 'verified' } }],
    })
    const { data } = await app.client.invitations.getInvitationList()
    expect(data).toMatchObject([{ emailAddress: INVITED, status: 'accepted' }])
    expectQuiet(stranger)
    expectQuiet(visitor)
  })

  it('a person joins the waitlist, is invited from it, and signs up by the link in the mail', async () => {
    const app = await openKnown(stage, { sign_up: { mode: 'waitlist' } })
    const visitor = await stage.visit()
    const { page } = visitor
    await app.go(visitor, '/sign-up')
    await page.getByRole('button', { name: 'Join waitlist' }).click()
    await arrive(page, `${app.at('/waitlist')}**`)
    await page.waitForLoadState('networkidle')
    await continueWith(visitor, 'Email address', INVITED)
    await page.getByRole('heading', { name: /Thanks for joining/ }).waitFor()
    await visitor.picture('waitlist-joined')
    const entries = async () => (await app.client.waitlistEntries.list()).data
    const [entry] = await entries()
    expect(entry).toMatchObject({ emailAddress: INVITED, status: 'pending' })

    await app.client.waitlistEntries.invite(entry!.id)
    const userId = await signUpBy(await app.linkTo(INVITED), visitor, app)
    expect((await app.client.users.getUser(userId)).primaryEmailAddress?.emailAddress).toBe(INVITED)
    expect(await entries()).toMatchObject([{ status: 'completed' }])
    expectQuiet(visitor)
  })

  organizationInvitationFlows(stage)
}

function organizationInvitationFlows(stage: Stage): void {
  /** Ada has invited somebody to her organization. */
  const invite = async () => {
    const app = await openKnown(stage, { organization_settings: { enabled: true } })
    const { organizations, users } = app.client
    const { id: inviterUserId } = await users.createUser({ emailAddress: [EMAIL_ADDRESS] })
    const { id: organizationId } = await organizations.createOrganization({
      name: 'Tea tasters',
      createdBy: inviterUserId,
    })
    await organizations.createOrganizationInvitation({
      organizationId,
      inviterUserId,
      emailAddress: INVITED,
      role: 'org:member',
    })
    const visitor = await stage.visit()
    return { app, organizationId, visitor, link: await app.linkTo(INVITED) }
  }
  const expectMember = async ({ app, organizationId, visitor }: Awaited<ReturnType<typeof invite>>, userId: string) => {
    expect(await userOf(visitor)).toBe(userId)
    const { data } = await app.client.users.getOrganizationMembershipList({ userId })
    expect(data).toMatchObject([{ role: 'org:member', organization: { id: organizationId } }])
    expectQuiet(visitor)
  }

  it('a person who is invited to an organization signs up by the link, and is in it', async () => {
    const invited = await invite()
    const { app, organizationId, visitor, link } = invited
    const userId = await signUpBy(link, visitor, app)
    expect(await claimsOf(visitor)).toMatchObject({ o: { id: organizationId } })
    await expectMember(invited, userId)
  })

  it('a user who is invited to an organization signs in by the link, and is in it', async () => {
    const invited = await invite()
    const { app, organizationId, visitor, link } = invited
    const { id } = await app.client.users.createUser({ emailAddress: [INVITED] })
    await visitor.page.goto(link)
    await atHome(visitor, app)
    await expectMember(invited, id)
    expect(await claimsOf(visitor)).toMatchObject({ o: { id: organizationId } })
  })

  it('a user who is signed in is in the organization at once', async () => {
    const invited = await invite()
    const { app, visitor, link } = invited
    const { id } = await app.client.users.createUser({ emailAddress: [INVITED] })
    await enter(app, visitor, id)
    await visitor.page.goto(link)
    await arrive(visitor.page, `${app.url}/**`)
    await expectMember(invited, id)
  })
}
