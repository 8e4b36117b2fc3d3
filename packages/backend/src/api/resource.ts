/** A resource: the translated answer, with the unchanged answer for fields that a newer server may have added. */
export type Resource<Wire> = Translated<Wire> & {
  /** The unchanged answer. Not enumerable. */
  readonly raw: Wire
}

/** An answer after its translation: the same fields in camelCase, at every depth. */
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

/**
 * Fields that are not translated: their content belongs to the application, or `@clerk/backend` returns it unchanged.
 */
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

/** The translated name of a field. */
type FieldName<Name> = Name extends 'external_verification_redirect_url'
  ? 'externalVerificationRedirectURL'
  : CamelCase<Name>

type CamelCase<Name> = Name extends `${infer Start}_${infer Rest}` ? `${Start}${Capitalize<CamelCase<Rest>>}` : Name
