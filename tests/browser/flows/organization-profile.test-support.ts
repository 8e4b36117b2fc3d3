import { expect, it } from 'vitest'
import type { Visitor } from '../chromium.test-support.js'
import { enterCode, expectQuiet } from '../clerk-js.test-support.js'
import type { App, Stage } from '../stage.test-support.js'
import { enter, enterAda, type Ada } from './ada.test-support.js'
import { PICTURE, choose, item, openForm, press, section, submit } from './profile.test-support.js'

const SETTINGS = {
  organization_settings: {
    enabled: true,
    domains_enabled: true,
    domains_enrollment_modes: ['automatic_invitation', 'automatic_suggestion'],
  },
}

/** The switcher, while it shows what is chosen. */
const switcher = ({ page }: Visitor, hasText: string) => page.locator('.cl-organizationSwitcherTrigger', { hasText })

async function openSwitcher(app: App, visitor: Visitor): Promise<void> {
  await app.go(visitor, '/switcher')
  await visitor.page.getByRole('button', { name: 'Open organization switcher' }).click()
}

/** Ada, who has an organization, in which she is. */
async function enterWithOrganization(stage: Stage): Promise<Ada & { organizationId: string }> {
  const ada = await enterAda(stage, { settings: SETTINGS })
  const { app, visitor, page, userId } = ada
  const { id } = await app.client.organizations.createOrganization({ name: 'Tea tasters', createdBy: userId })
  await openSwitcher(app, visitor)
  await page.getByText('Tea tasters').click()
  await switcher(visitor, 'Tea tasters').waitFor()
  return { ...ada, organizationId: id }
}

/** Each section of `OrganizationProfile`, and the switcher. */
export function organizationFlows(stage: Stage): void {
  it('a person makes an organization with the switcher, and is in it', async () => {
    const { app, visitor, page } = await enterAda(stage, { settings: SETTINGS })
    await openSwitcher(app, visitor)
    await visitor.picture('switcher')
    await page.getByText('Create organization').click()
    await page.getByLabel('Name', { exact: true }).fill('Tea tasters')
    await page.getByRole('button', { name: 'Create organization' }).last().click()
    await expect
      .poll(async () => (await app.client.organizations.getOrganizationList()).data.map(({ name }) => name))
      .toEqual(['Tea tasters'])
    await switcher(visitor, 'Tea tasters').waitFor()
    expectQuiet(visitor)
  })

  it('a person makes an organization at the page for it, and is in it', async () => {
    const { app, visitor, page } = await enterAda(stage, { settings: SETTINGS })
    await app.go(visitor, '/create-organization')
    await page.getByLabel('Name', { exact: true }).fill('Tea tasters')
    await visitor.picture('create-organization')
    await press(visitor, 'Create organization')
    await press(visitor, 'Skip')
    const { data } = await app.client.organizations.getOrganizationList()
    expect(data).toMatchObject([{ name: 'Tea tasters' }])
    await openSwitcher(app, visitor)
    await switcher(visitor, 'Tea tasters').waitFor()
    expectQuiet(visitor)
  })

  it('an administrator changes the name and the logo, and deletes the organization', async () => {
    const { app, visitor, page, organizationId } = await enterWithOrganization(stage)
    const organization = () => app.client.organizations.getOrganization({ organizationId })
    await app.go(visitor, '/organization')
    const profile = section(visitor, 'organizationProfile')
    const name = page.getByLabel('Name', { exact: true })
    await openForm(profile.getByRole('button', { name: 'Update profile' }), name)
    await page.locator('input[type=file]').setInputFiles(PICTURE)
    await expect.poll(async () => (await organization()).hasImage).toBe(true)
    // With the logo the form closes.
    await name.waitFor({ state: 'detached' })
    await openForm(profile.getByRole('button', { name: 'Update profile' }), name)
    await submit(name, 'Tea drinkers')
    await expect.poll(async () => (await organization()).name).toBe('Tea drinkers')
    await visitor.picture('organization')

    const danger = section(visitor, 'organizationDanger')
    const confirmation = danger.getByRole('textbox')
    await openForm(danger.getByRole('button', { name: 'Delete organization' }), confirmation)
    await confirmation.fill('Tea drinkers')
    await danger.getByRole('button', { name: 'Delete organization' }).last().click()
    await expect.poll(async () => (await app.client.organizations.getOrganizationList()).data).toEqual([])
    expectQuiet(visitor)
  })

  it('an administrator verifies a domain, says how people of it join, and removes it', async () => {
    const { app, visitor, page, organizationId } = await enterWithOrganization(stage)
    const domains = async () => {
      const { data } = await app.client.organizations.getOrganizationDomainList({ organizationId })
      return data.map(({ name, enrollmentMode, verification }) => [name, verification?.status, enrollmentMode])
    }
    await app.go(visitor, '/organization')
    const domain = page.getByLabel(/Domain/)
    const domainsSection = section(visitor, 'organizationDomains')
    await openForm(domainsSection.getByRole('button', { name: 'Add domain' }), domain)
    await submit(domain, 'tea.example')
    await submit(page.getByLabel('Verification email address'), 'ada')
    await enterCode(visitor, await app.codeTo('ada@tea.example'))
    await expect.poll(domains).toEqual([['tea.example', 'verified', 'manual_invitation']])
    // The component forgets what it has read of the domain with its page alone.
    await app.go(visitor, '/organization')
    await choose(item(visitor, 'organizationDomains', 'tea.example'), 'Manage')
    await page.getByText('Automatic suggestions').click()
    await press(visitor, 'Save')
    await expect.poll(domains).toEqual([['tea.example', 'verified', 'automatic_suggestion']])
    await visitor.picture('organization-domain')

    await choose(item(visitor, 'organizationDomains', 'tea.example'), 'Delete')
    await press(visitor, 'Remove')
    await expect.poll(domains).toEqual([])
    expectQuiet(visitor)
  })

  it('an administrator invites, and takes it back; another joins and is given a role, and leaves', async () => {
    const { app, visitor, page, organizationId } = await enterWithOrganization(stage)
    const { organizations, users } = app.client
    const invited = async () => {
      const { data } = await organizations.getOrganizationInvitationList({ organizationId, status: ['pending'] })
      return data.map(({ emailAddress }) => emailAddress).toSorted()
    }
    const members = async () => {
      const { data } = await organizations.getOrganizationMembershipList({ organizationId })
      return data.map(({ publicUserData, role }) => `${publicUserData?.identifier} ${role}`).toSorted()
    }
    const { id: graceId } = await users.createUser({ emailAddress: ['grace@example.com'] })
    await app.go(visitor, '/organization/organization-members')
    await press(visitor, 'Invite')
    await page.getByPlaceholder('example@email.com').pressSequentially('grace@example.com,joan@example.com,')
    await press(visitor, 'Send invitations')
    await expect.poll(invited).toEqual(['grace@example.com', 'joan@example.com'])
    await page.getByRole('tab', { name: /Invitations/ }).click()
    await choose(page.getByRole('row', { name: /joan@example.com/ }), 'Revoke invitation')
    await expect.poll(invited).toEqual(['grace@example.com'])
    await visitor.picture('organization-invitations')

    const grace = await stage.visit()
    await enter(app, grace, graceId)
    await openSwitcher(app, grace)
    await grace.page.getByRole('button', { name: 'Join' }).click()
    await expect.poll(members).toEqual(['ada@example.com org:admin', 'grace@example.com org:member'])

    await app.go(visitor, '/organization/organization-members')
    const row = page.getByRole('row', { name: /grace@example.com/ })
    await row.getByRole('button', { name: 'Member' }).click()
    await page.getByRole('option', { name: 'Admin' }).click()
    await expect.poll(members).toEqual(['ada@example.com org:admin', 'grace@example.com org:admin'])
    await visitor.picture('organization-members')

    await openSwitcher(app, grace)
    await grace.page.getByText('Tea tasters').click()
    await switcher(grace, 'Tea tasters').waitFor()
    await app.go(grace, '/organization')
    const danger = section(grace, 'organizationDanger')
    const confirmation = danger.getByRole('textbox')
    await openForm(danger.getByRole('button', { name: 'Leave organization' }), confirmation)
    await confirmation.fill('Tea tasters')
    await danger.getByRole('button', { name: 'Leave organization' }).last().click()
    await expect.poll(members).toEqual(['ada@example.com org:admin'])
    expectQuiet(visitor)
    expectQuiet(grace)
  })

  it('a person of a domain asks to join, and an administrator lets them in, and removes them', async () => {
    const { app, visitor, page, organizationId } = await enterWithOrganization(stage)
    const { organizations, users } = app.client
    const members = async () => {
      const { data } = await organizations.getOrganizationMembershipList({ organizationId })
      return data.map(({ publicUserData }) => publicUserData?.identifier).toSorted()
    }
    await organizations.createOrganizationDomain({
      organizationId,
      name: 'tea.example',
      enrollmentMode: 'automatic_suggestion',
      verified: true,
    })
    const { id: graceId } = await users.createUser({ emailAddress: ['grace@tea.example'] })
    const grace = await stage.visit()
    await enter(app, grace, graceId)
    await openSwitcher(app, grace)
    await grace.page.getByRole('button', { name: 'Request to join' }).click()
    await grace.page.getByText('Pending approval').waitFor()
    await grace.picture('switcher-suggestion')

    await app.go(visitor, '/organization/organization-members')
    await page.getByRole('tab', { name: /Requests/ }).click()
    await visitor.picture('organization-requests')
    await page
      .getByRole('row', { name: /grace@tea.example/ })
      .getByRole('button', { name: 'Approve' })
      .click()
    await expect.poll(members).toEqual(['ada@example.com', 'grace@tea.example'])
    await app.go(visitor, '/organization/organization-members')
    await choose(page.getByRole('row', { name: /grace@tea.example/ }), 'Remove member')
    await expect.poll(members).toEqual(['ada@example.com'])
    expectQuiet(visitor)
    expectQuiet(grace)
  })
}
