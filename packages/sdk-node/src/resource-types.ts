import type { IdentificationLinkJSON, VerificationJSON } from '@latchkey/backend/types'
import type { Client, EmailAddress, ExternalAccount, IdentificationLink, PhoneNumber, Session, User, Verification } from './resources.js'

type CamelCase<Name> = Name extends `${infer Start}_${infer Rest}` ? `${Start}${Capitalize<CamelCase<Rest>>}` : Name

type FieldName<Name> = Name extends 'external_verification_redirect_url' ? 'externalVerificationRedirectURL' : CamelCase<Name>

/** Fields whose content is the application's, or is no resource: they stay as they came. */
export type OpaqueField = 'actor' | 'data' | 'error' | 'private_metadata' | 'public_metadata' | 'unsafe_metadata'

/** The class of a resource inside another one, by its tag. */
interface ClassByTag {
  client: Client
  email_address: EmailAddress
  external_account: ExternalAccount
  facebook_account: ExternalAccount
  google_account: ExternalAccount
  phone_number: PhoneNumber
  session: Session
  user: User
}

type Translated<Value> = Value extends readonly (infer Item)[]
  ? Translated<Item>[]
  : Value extends { object: infer Tag extends keyof ClassByTag }
    ? ClassByTag[Tag]
    : Value extends VerificationJSON
      ? Verification
      : Value extends object
        ? string extends keyof Value
          ? Value
          : Value extends IdentificationLinkJSON
            ? IdentificationLink
            : Fields<Value>
        : Value

type Field<Name, Value> = Name extends OpaqueField
  ? Value
  : Name extends 'external_verification_redirect_url'
    ? URL | null
    : Translated<Value>

/** The fields of an answer under their camelCase names and, for reading, under the ones they came with. */
export type Fields<Wire> = {
  [Name in keyof Wire as FieldName<Name>]: Field<Name, Wire[Name]>
} & {
  readonly [Name in keyof Wire as Name extends `${string}_${string}` ? Name : never]: Field<Name, Wire[Name]>
}
