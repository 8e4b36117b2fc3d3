// Applications declare these again to type their metadata and claims. They have the names and the place that the
// official packages give them, so that one declaration serves both; and they have no members, since an index signature
// in two merged declarations is an error where both packages are installed.
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
  /** The keys of an application's roles, as `role`, and of its permissions, as `permission`: unions of texts. */
  interface ClerkAuthorization {}
}

/** What an application has declared under a name of `ClerkAuthorization`; any text, as long as it has not. */
export type AuthorizationKey<Name extends 'role' | 'permission'> =
  ClerkAuthorization extends Record<Name, infer Key extends string> ? Key : string

/** Any JSON under any key; beside one of the interfaces above, what the application did not declare. */
export type Metadata = Record<string, unknown>
