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
}

/** Any JSON under any key; beside one of the interfaces above, what the application did not declare. */
export type Metadata = Record<string, unknown>
