// What an application tells the official package about its data, in each interface that may be declared again.
// program.test.ts compiles it as it is, and with our package in place of that.
import {
  createClerkClient,
  type Organization,
  type OrganizationInvitation,
  type OrganizationMembership,
  type SessionAuthObject,
  type User,
  type UserJSON,
} from '@clerk/backend'

declare global {
  interface UserPublicMetadata {
    plan: 'free' | 'paid'
  }
  interface UserPrivateMetadata {
    customerId: string
  }
  interface UserUnsafeMetadata {
    theme: 'dark' | 'light'
  }
  interface SignUpUnsafeMetadata {
    referrer: string
  }
  interface OrganizationPublicMetadata {
    color: string
  }
  interface OrganizationPrivateMetadata {
    vat: number
  }
  interface OrganizationMembershipPublicMetadata {
    title: string
  }
  interface OrganizationMembershipPrivateMetadata {
    salary: number
  }
  interface OrganizationInvitationPublicMetadata {
    note: string
  }
  interface OrganizationInvitationPrivateMetadata {
    campaign: number
  }
  interface CustomJwtSessionClaims {
    tenant: { region: 'eu' | 'us' }
  }
  interface ClerkAuthorization {
    role: 'org:owner' | 'org:guest'
    permission: 'org:invoices:read' | 'org:invoices:write'
  }
}

const client = createClerkClient({ secretKey: 'sk_test_program' })

export const ofUser = ({
  publicMetadata,
  privateMetadata,
  unsafeMetadata,
}: User): ['free' | 'paid', string, 'dark' | 'light'] => [
  publicMetadata.plan,
  privateMetadata.customerId,
  unsafeMetadata.theme,
]
export const ofSignUp = ({ referrer }: SignUpUnsafeMetadata): string => referrer
export const ofWire = ({ public_metadata, unsafe_metadata }: UserJSON): ['free' | 'paid', 'dark' | 'light'] => [
  public_metadata.plan,
  unsafe_metadata.theme,
]
export const ofOrganization = (it: Organization): [string, number | undefined] => [
  it.publicMetadata!.color,
  it.privateMetadata?.vat,
]
export const ofMember = (it: OrganizationMembership): [string, number] => [
  it.publicMetadata.title,
  it.privateMetadata.salary,
]
export const ofInvitation = (it: OrganizationInvitation): [string, number] => [
  it.publicMetadata.note,
  it.privateMetadata.campaign,
]
export const roleOf = (it: OrganizationMembership): 'org:owner' | 'org:guest' => it.role

export function ofSession(auth: SessionAuthObject): boolean {
  const region: 'eu' | 'us' | undefined = auth.sessionClaims?.tenant.region
  const role: 'org:owner' | 'org:guest' | null | undefined = auth.orgRole
  const permission: 'org:invoices:read' | 'org:invoices:write' | undefined = auth.orgPermissions?.[0]
  return (
    auth.has({ role: 'org:owner' }) &&
    auth.has({ permission: 'org:invoices:read' }) &&
    Boolean(region && role && permission)
  )
}

export const calls = [
  client.users.updateUser('user_1', {
    publicMetadata: { plan: 'paid' },
    privateMetadata: { customerId: 'c' },
    unsafeMetadata: { theme: 'dark' },
  }),
  client.organizations.createOrganization({
    name: 'n',
    publicMetadata: { color: 'red' },
    privateMetadata: { vat: 19 },
  }),
  client.organizations.createOrganizationMembership({ organizationId: 'org_1', userId: 'user_1', role: 'org:guest' }),
]

export const refused = (user: User, auth: SessionAuthObject): unknown[] => [
  // @ts-expect-error There is no such plan.
  user.publicMetadata.plan === 'none',
  // @ts-expect-error It is a text.
  user.privateMetadata.customerId.toFixed(),
  // @ts-expect-error There is no such theme.
  client.users.updateUser('user_1', { unsafeMetadata: { theme: 'blue' } }),
  // @ts-expect-error There is no such plan.
  client.users.updateUserMetadata('user_1', { publicMetadata: { plan: 'none' } }),
  // @ts-expect-error It is a text.
  client.organizations.createOrganization({ name: 'n', publicMetadata: { color: 7 } }),
  // @ts-expect-error It is a number.
  client.organizations.createOrganization({ name: 'n', privateMetadata: { vat: '19' } }),
  // @ts-expect-error There is no such role.
  client.organizations.createOrganizationMembership({ organizationId: 'org_1', userId: 'user_1', role: 'org:admin' }),
  // @ts-expect-error There is no such role.
  auth.has({ role: 'org:admin' }),
  // @ts-expect-error There is no such permission.
  auth.has({ permission: 'org:invoices:burn' }),
  // @ts-expect-error There is no such region.
  auth.sessionClaims?.tenant.region === 'asia',
]
