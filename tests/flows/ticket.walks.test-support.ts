import { DAY, good, MINUTE, PASSWORD, type Start, type Step, type Walk } from './walk.test-support.js'

const ORGANIZATIONS = { organizations: { enabled: true } } as const
const ticketOf = (url: string) => new URL(url).searchParams.get('ticket')!

/** Its ticket, as it is in the mail. */
async function invited(start: Start) {
  const { client } = start.server
  const organization = await client.organizations.createOrganization({ name: `Acme ${start.number}` })
  const invitation = await client.organizations.createOrganizationInvitation({
    organizationId: organization.id,
    emailAddress: start.emailAddress,
    role: 'org:member',
    expiresInDays: 1,
  })
  return { organization, invitation, ticket: await start.token('action_url', 'ticket') }
}

async function using(start: Start, path: string, ticket: string, more: Record<string, string> = {}): Promise<Step> {
  return { browser: await start.open(), route: `POST ${path}`, form: { strategy: 'ticket', ticket, ...more } }
}

export const ticketWalks: Walk[] = [
  {
    name: 'sign-in with a token of the application',
    isAnybodys: true,
    proof: 'ticket',
    lifetime: DAY,
    async *steps(start) {
      const { id: userId } = await start.user()
      const { token } = await start.server.client.signInTokens.createSignInToken({ userId, expiresInSeconds: 60 })
      yield await using(start, '/client/sign_ups', token)
      return using(start, '/client/sign_ins', token)
    },
  },
  {
    name: 'sign-in for somebody else',
    isAnybodys: true,
    proof: 'ticket',
    lifetime: DAY,
    async *steps(start) {
      const { id } = await start.user()
      const { body } = await start.server.call('POST', '/actor_tokens', {
        user_id: id,
        actor: { sub: 'user_admin' },
        expires_in_seconds: 60,
      })
      yield await using(start, '/client/sign_ups', body.token)
      return using(start, '/client/sign_ins', body.token)
    },
  },
  {
    name: 'sign-up with an invitation',
    isAnybodys: true,
    lifetime: DAY,
    async *steps(start) {
      const { body } = await start.server.call('POST', '/invitations', {
        email_address: start.emailAddress,
        expires_in_days: 1,
      })
      yield await using(start, '/client/sign_ins', ticketOf(body.url))
      return using(start, '/client/sign_ups', ticketOf(body.url), { password: PASSWORD })
    },
  },
  {
    name: 'sign-up with an invitation to an organization',
    isAnybodys: true,
    settings: ORGANIZATIONS,
    lifetime: DAY,
    async *steps(start) {
      const { ticket } = await invited(start)
      yield await using(start, '/client/sign_ins', ticket)
      return using(start, '/client/sign_ups', ticket, { password: PASSWORD })
    },
  },
  {
    name: 'sign-in with an invitation to an organization',
    isAnybodys: true,
    proof: 'ticket',
    settings: ORGANIZATIONS,
    lifetime: DAY,
    async *steps(start) {
      const { ticket } = await invited(start)
      yield await using(start, '/client/sign_ins', ticket)
      await start.user()
      return using(start, '/client/sign_ins', ticket)
    },
  },
  {
    name: 'opening the link of an invitation to an organization',
    isAnybodys: true,
    settings: ORGANIZATIONS,
    lifetime: DAY,
    async *steps(start) {
      const { browser } = await start.signedIn()
      const { ticket } = await invited(start)
      yield { browser, route: 'GET /agents/tasks', query: { ticket } }
      return { browser, route: 'GET /tickets/accept', query: { ticket } }
    },
  },
  {
    name: 'opening the link of an agent task',
    isAnybodys: true,
    lifetime: DAY,
    async *steps(start) {
      const { id } = await start.user()
      const { body } = await start.server.call('POST', '/agents/tasks', {
        on_behalf_of: { user_id: id },
        permissions: '*',
        agent_name: 'shopper',
        task_description: 'Buy milk',
        redirect_url: 'http://localhost:3000/next',
      })
      const browser = await start.open()
      yield { browser, route: 'GET /tickets/accept', query: { ticket: ticketOf(body.url) } }
      return { browser, route: 'GET /agents/tasks', query: { ticket: ticketOf(body.url) } }
    },
  },
]

const DOMAINS = {
  organizations: {
    enabled: true,
    domainsEnabled: true,
    domainsEnrollmentModes: ['automatic_invitation' as const, 'automatic_suggestion' as const],
  },
  auth: { reverification: false },
}

/** An organization of somebody else, and how they call it. */
async function elsewhere(start: Start) {
  const { client } = start.server
  const emailAddress = `owner${start.number}@owners-${start.number}.com`
  const owner = await client.users.createUser({ emailAddress: [emailAddress], password: PASSWORD })
  const { browser } = await start.begin('/client/sign_ins', { identifier: emailAddress, password: PASSWORD })
  const organization = await client.organizations.createOrganization({ name: 'Acme', createdBy: owner.id })
  return { organization, owner: browser, path: `/organizations/${organization.id}` }
}

export const organizationWalks: Walk[] = [
  {
    name: 'accepting an invitation to an organization',
    settings: ORGANIZATIONS,
    lifetime: DAY,
    async *steps(start) {
      const { browser } = await start.signedIn()
      const { invitation } = await invited(start)
      yield { browser, route: 'POST /me/organization_invitations/orginv_unknown/accept', form: {} }
      return { browser, route: `POST /me/organization_invitations/${invitation.id}/accept`, form: {} }
    },
  },
  {
    name: 'revoking an invitation to an organization',
    settings: ORGANIZATIONS,
    async *steps(start) {
      const { organization, owner, path } = await elsewhere(start)
      yield { browser: owner, route: `POST ${path}/invitations/orginv_unknown/revoke`, form: {} }
      const { id } = await start.server.client.organizations.createOrganizationInvitation({
        organizationId: organization.id,
        emailAddress: start.emailAddress,
        role: 'org:member',
      })
      return { browser: owner, route: `POST ${path}/invitations/${id}/revoke`, form: {} }
    },
  },
  ...(['accept', 'reject'] as const).map((verb): Walk => ({
    name: `the decision to ${verb} who wants to join`,
    settings: DOMAINS,
    async *steps(start) {
      const { owner, organization, path } = await elsewhere(start)
      yield { browser: owner, route: `POST ${path}/membership_requests/orgmemreq_unknown/${verb}`, form: {} }
      await start.server.client.organizations.createOrganizationDomain({
        organizationId: organization.id,
        name: start.emailAddress.split('@')[1]!,
        enrollmentMode: 'automatic_suggestion',
      })
      const { browser } = await start.signedIn()
      const suggestions = (await browser.call('GET /me/organization_suggestions')).body.response.data
      await good(browser, `POST /me/organization_suggestions/${suggestions[0].id}/accept`)
      const requests = (await owner.call(`GET ${path}/membership_requests`)).body.response.data
      return { browser: owner, route: `POST ${path}/membership_requests/${requests[0].id}/${verb}`, form: {} }
    },
  })),
  {
    name: 'asking to join an organization',
    settings: DOMAINS,
    async *steps(start) {
      const { organization } = await elsewhere(start)
      await start.server.client.organizations.createOrganizationDomain({
        organizationId: organization.id,
        name: start.emailAddress.split('@')[1]!,
        enrollmentMode: 'automatic_suggestion',
      })
      const { browser } = await start.signedIn()
      yield { browser, route: 'POST /me/organization_suggestions/orgsug_unknown/accept', form: {} }
      const suggestions = (await browser.call('GET /me/organization_suggestions')).body.response.data
      return { browser, route: `POST /me/organization_suggestions/${suggestions[0].id}/accept`, form: {} }
    },
  },
  {
    name: 'proving a domain',
    settings: DOMAINS,
    proof: 'code',
    lifetime: 10 * MINUTE + 1000,
    async *steps(start) {
      const { owner: browser, path } = await elsewhere(start)
      const { id } = await good(browser, `POST ${path}/domains`, { name: `works-${start.number}.com` })
      const route = `POST ${path}/domains/${id}`
      const form = { code: '123456' }
      yield { browser, route: `${route}/attempt_affiliation_verification`, form }
      await good(browser, `${route}/prepare_affiliation_verification`, {
        affiliation_email_address: `boss@works-${start.number}.com`,
      })
      return { browser, route: `${route}/attempt_affiliation_verification`, form: { code: await start.sent() } }
    },
  },
]
