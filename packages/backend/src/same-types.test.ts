import type { ClerkClient as OfficialClient, verifyToken as verifyOfficially } from '@clerk/backend'
import { expectTypeOf, it } from 'vitest'
import type { ClerkClient, verifyToken } from './index.js'

type Method = (...args: never[]) => Promise<unknown>

/** The fields anyone can use: classes with private fields are equal to nothing but themselves. `raw` is wire JSON. */
type Public<T> = unknown extends T
  ? T
  : T extends URL | string | number | boolean | null | undefined
  ? T
  : T extends (infer Item)[]
    ? Public<Item>[]
    : { [Field in keyof T as Exclude<Field, 'raw'>]: Public<T[Field]> }

/** The names of the methods that do not take every argument the official ones take. */
type StricterArguments<Ours, Official> = {
  [Name in keyof Ours & keyof Official]: Ours[Name] extends Method
    ? Official[Name] extends Method
      ? Parameters<Official[Name]> extends Parameters<Ours[Name]>
        ? never
        : Name
      : never
    : never
}[keyof Ours & keyof Official]

/** The names of the methods whose result cannot stand where the official one is expected. */
type OtherResults<Ours, Official> = {
  [Name in keyof Ours & keyof Official]: Ours[Name] extends Method
    ? Official[Name] extends Method
      ? Awaited<ReturnType<Ours[Name]>> extends Public<Awaited<ReturnType<Official[Name]>>>
        ? never
        : Name
      : never
    : never
}[keyof Ours & keyof Official]

type Shared = keyof ClerkClient & keyof OfficialClient

it('takes every argument that @clerk/backend takes', () => {
  type Differences = { [Name in Shared]: StricterArguments<ClerkClient[Name], OfficialClient[Name]> }[Shared]
  expectTypeOf<Differences>().toEqualTypeOf<never>()
  expectTypeOf<Parameters<typeof verifyOfficially>[1]>().toExtend<Parameters<typeof verifyToken>[1]>()
})

it('answers what @clerk/backend answers', () => {
  type Differences = { [Name in Shared]: OtherResults<ClerkClient[Name], OfficialClient[Name]> }[Shared]
  expectTypeOf<Differences>().toEqualTypeOf<
    // Typed as what was deleted there, although the API answers a deleted object.
    | 'deleteEnterpriseConnection'
    | 'deleteOrganization'
    | 'deleteOrganizationDomain'
    | 'deleteRedirectUrl'
    | 'deleteSamlConnection'
    | 'deleteUser'
    // A backup code verifies too, and says so.
    | 'verifyTOTP'
    // A token without end has null there.
    | 'getUserOauthAccessToken'
    // The strategies of a newer server are not known beforehand.
    | 'getClient'
    | 'getClientList'
    | 'verifyClient'
    // The contract knows one mode of enrollment more.
    | 'createOrganizationDomain'
    | 'getOrganizationDomainList'
    | 'updateOrganizationDomain'
    // The public data of an organization has no `object`.
    | 'createOrganizationInvitation'
    | 'createOrganizationInvitationBulk'
    | 'getOrganizationInvitation'
    | 'getOrganizationInvitationList'
    | 'revokeOrganizationInvitation'
  >()
})
