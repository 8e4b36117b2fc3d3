/** A resource: its translation, and the answer as it came for what a newer server may have added. */
export type Resource<Wire> = Translated<Wire> & {
  /** The answer as it came. Not enumerable. */
  readonly raw: Wire
}

/** What an answer is after its translation: the same fields, named in camelCase, all the way down. */
export type Translated<Wire> = Wire extends readonly (infer Item)[]
  ? Translated<Item>[]
  : Wire extends object
    ? string extends keyof Wire
      ? Wire
      : {
          [Name in keyof Wire as FieldName<Name>]: Name extends OpaqueField
            ? Wire[Name]
            : Name extends 'external_verification_redirect_url'
              ? URL | null
              : Translated<Wire[Name]>
        }
    : Wire

/** Fields whose content is the application's, or is handed out as it came because `@clerk/backend` does. */
export type OpaqueField =
  | 'act'
  | 'actor'
  | 'claims'
  | 'data'
  | 'external_account'
  | 'mappings'
  | 'private_metadata'
  | 'public_metadata'
  | 'public_organization_data'
  | 'unsafe_metadata'

/** The name that a field of an answer has here. */
type FieldName<Name> = Name extends 'external_verification_redirect_url'
  ? 'externalVerificationRedirectURL'
  : CamelCase<Name>

type CamelCase<Name> = Name extends `${infer Start}_${infer Rest}` ? `${Start}${Capitalize<CamelCase<Rest>>}` : Name
