// Applications redeclare these interfaces to type their metadata and claims. Name and scope are those of the official
// packages, so that one declaration serves both. They have no members, because an index signature in two merged
// declarations is an error if both packages are installed.
declare global {
  interface UserPublicMetadata {}
  interface UserPrivateMetadata {}
  interface UserUnsafeMetadata {}
  interface SignUpUnsafeMetadata {}
  interface OrganizationPublicMetadata {}
  interface OrganizationPrivateMetadata {}
  interface OrganizationMembershipPublicMetadata {}
  interface OrganizationMembershipPrivateMetadata {}
  interface OrganizationInvitationPublicMetadata {}
  interface OrganizationInvitationPrivateMetadata {}
  /** Claims that an application adds to its session tokens. */
  interface CustomJwtSessionClaims {}
  /** The keys of an application's roles, as `role`, and of its permissions, as `permission`: unions of strings. */
  interface ClerkAuthorization {}
}

/** The type that an application has declared under this name in `ClerkAuthorization`; otherwise `string`. */
export type AuthorizationKey<Name extends 'role' | 'permission'> =
  ClerkAuthorization extends Record<Name, infer Key extends string> ? Key : string

/**
 * Any JSON under any key. Intersected with one of the interfaces above, it covers the keys that the application did not
 * declare.
 */
export type Metadata = Record<string, unknown>
