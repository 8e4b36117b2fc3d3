import type {
  ClientJSON,
  DeletedObjectJSON,
  EmailAddressJSON,
  EmailJSON,
  ExternalAccountJSON,
  IdentificationLinkJSON,
  PhoneNumberJSON,
  SessionJSON,
  SMSMessageJSON,
  UserJSON,
  VerificationJSON,
} from '@latchkey/backend/types'
import { toCamelCase } from './names.js'

const OPAQUE = new Set<string>([
  'actor',
  'data',
  'error',
  'private_metadata',
  'public_metadata',
  'unsafe_metadata',
] satisfies OpaqueField[])

/** An answer of the API, with its fields in camelCase. The names on the wire, such as `user_id`, work too. */
class Resource {
  constructor(json: object) {
    for (const [wireName, value] of Object.entries(json)) {
      const name = toFieldName(wireName)
      if (name !== wireName) answerTo(Object.getPrototypeOf(this) as object, wireName, name)
      ;(this as Record<string, unknown>)[name] = OPAQUE.has(wireName) ? value : translate(value, wireName)
    }
  }
}

/** The fields of the answer; {@link Resource} assigns them. */
type ResourceClass<Wire> = new (json: Wire) => Fields<Wire>

/** The verification of an address, a number or an account, pending or completed. */
export class Verification extends (Resource as ResourceClass<VerificationJSON>) {
  constructor(json: VerificationJSON) {
    // The API omits the field if there is no URL; a program may compare it with null.
    super({ external_verification_redirect_url: null, ...json } as VerificationJSON)
  }
}

/** An account that vouches for an address or a number. */
export class IdentificationLink extends (Resource as ResourceClass<IdentificationLinkJSON>) {}

export class EmailAddress extends (Resource as ResourceClass<EmailAddressJSON>) {}

export class PhoneNumber extends (Resource as ResourceClass<PhoneNumberJSON>) {}

/** The account of a user at another provider. */
export class ExternalAccount extends (Resource as ResourceClass<ExternalAccountJSON>) {}

/** A person who has signed up. */
export class User extends (Resource as ResourceClass<UserJSON>) {
  /** @deprecated Renamed to `publicMetadata`. */
  declare readonly metadata: UserJSON['public_metadata']
}

/** A session of a user on a client. */
export class Session extends (Resource as ResourceClass<SessionJSON>) {}

/** A browser or an app. */
export class Client extends (Resource as ResourceClass<ClientJSON>) {
  /** @deprecated Renamed to `signInId`. */
  declare readonly signInAttemptId: string | null
  /** @deprecated Renamed to `signUpId`. */
  declare readonly signUpAttemptId: string | null
}

/** An e-mail that was, or is to be, sent. */
export class Email extends (Resource as ResourceClass<EmailJSON>) {}

/** A text message that was, or is to be, sent. */
export class SMSMessage extends (Resource as ResourceClass<SMSMessageJSON>) {}

/** The answer to the deletion of a resource. */
export class DeletedObject extends (Resource as ResourceClass<DeletedObjectJSON>) {}

answerTo(User.prototype, 'metadata', 'publicMetadata')
answerTo(Client.prototype, 'signInAttemptId', 'signInId')
answerTo(Client.prototype, 'signUpAttemptId', 'signUpId')

const CLASS_BY_TAG = new Map<string | undefined, new (json: never) => object>([
  ['client', Client],
  ['email_address', EmailAddress],
  ['external_account', ExternalAccount],
  ['facebook_account', ExternalAccount],
  ['google_account', ExternalAccount],
  ['phone_number', PhoneNumber],
  ['session', Session],
  ['user', User],
])

/** Classes of objects without a tag, by the field that holds them. */
const CLASS_BY_FIELD = new Map<string, new (json: never) => object>([
  ['linked_to', IdentificationLink],
  ['verification', Verification],
])

function translate(value: unknown, field: string): unknown {
  if (field === 'external_verification_redirect_url') return value ? new URL(value as string) : null
  if (Array.isArray(value)) return value.map((item) => translate(item, field))
  if (typeof value !== 'object' || value === null) return value
  const { object: tag } = value as { object?: string }
  const ResourceOfValue = CLASS_BY_FIELD.get(field) ?? CLASS_BY_TAG.get(tag) ?? Resource
  return new ResourceOfValue(value as never)
}

function toFieldName(wireName: string): string {
  return wireName === 'external_verification_redirect_url' ? 'externalVerificationRedirectURL' : toCamelCase(wireName)
}

/** Defines a second, non-enumerable name for reading and writing a field. */
function answerTo(prototype: object, alias: string, name: string): void {
  if (alias in prototype) return
  Object.defineProperty(prototype, alias, {
    get(this: Record<string, unknown>) {
      return this[name]
    },
    set(this: Record<string, unknown>, value: unknown) {
      this[name] = value
    },
    configurable: true,
  })
}

type CamelCase<Name> = Name extends `${infer Start}_${infer Rest}` ? `${Start}${Capitalize<CamelCase<Rest>>}` : Name

type FieldName<Name> = Name extends 'external_verification_redirect_url'
  ? 'externalVerificationRedirectURL'
  : CamelCase<Name>

/** Fields that are not translated: their content belongs to the application, or is not a resource. */
type OpaqueField = 'actor' | 'data' | 'error' | 'private_metadata' | 'public_metadata' | 'unsafe_metadata'

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

/** The fields of an answer under their camelCase names and, for reading, under their names on the wire. */
type Fields<Wire> = {
  [Name in keyof Wire as FieldName<Name>]: Field<Name, Wire[Name]>
} & {
  readonly [Name in keyof Wire as Name extends `${string}_${string}` ? Name : never]: Field<Name, Wire[Name]>
}
