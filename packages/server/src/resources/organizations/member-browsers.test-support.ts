import { beforeEach } from 'vitest'
import { openBrowser, type TestBrowser } from '../../browser.test-support.js'
import type { TestServer } from '../../server.test-support.js'

const PASSWORD = 'analytical engine'

export interface Person extends TestBrowser {
  id: string
  emailAddress: string
  sessionId: string
}

/** People who are signed in, each in a browser of their own, and organizations that they make there. */
export function useMembers(server: TestServer) {
  let count = 0
  beforeEach(async () => {
    await server.client.instance.updateOrganizationSettings({ enabled: true })
  })

  const signIn = async (emailAddress: string): Promise<Omit<Person, 'id'>> => {
    const browser = await openBrowser(server)
    const form = { identifier: emailAddress, password: PASSWORD }
    const { body } = await browser.call('POST /client/sign_ins', { form })
    return { ...browser, emailAddress, sessionId: body.response.created_session_id as string }
  }

  /** Creates a user, whose address is verified, and signs them in. */
  const newPerson = async (emailAddress = `person${count++}@mail.example`): Promise<Person> => {
    const { id } = await server.client.users.createUser({ emailAddress: [emailAddress], password: PASSWORD })
    return { ...(await signIn(emailAddress)), id }
  }

  /** An organization, and the admin who has created it. */
  const newOrganization = async (form: Record<string, unknown> = {}) => {
    const admin = await newPerson()
    const { body } = await admin.call('POST /organizations', { form: { name: 'Acme', ...form } })
    return { admin, id: body.response.id as string, path: `/organizations/${body.response.id}` }
  }

  /** Somebody new in it. */
  const newMember = async (organizationId: string, role = 'org:member'): Promise<Person> => {
    const person = await newPerson()
    await server.client.organizations.createOrganizationMembership({ organizationId, userId: person.id, role })
    return person
  }

  return { newPerson, signIn, newOrganization, newMember }
}

/** The status of an answer and the codes of its errors. */
export function outcomeOf({ status, body }: { status: number; body: { errors?: { code: string }[] } }) {
  return [status, ...(body.errors ?? []).map(({ code }) => code)]
}
