// Applications declare these again to type their metadata. They have the names, the place and the index signature of
// the official packages, so that one declaration serves both and the two merge when installed side by side.
declare global {
  interface UserPublicMetadata {
    [k: string]: unknown
  }
  interface UserPrivateMetadata {
    [k: string]: unknown
  }
  interface UserUnsafeMetadata {
    [k: string]: unknown
  }
  interface SignUpUnsafeMetadata {
    [k: string]: unknown
  }
  interface OrganizationPublicMetadata {
    [k: string]: unknown
  }
  interface OrganizationPrivateMetadata {
    [k: string]: unknown
  }
  interface OrganizationMembershipPublicMetadata {
    [k: string]: unknown
  }
  interface OrganizationMembershipPrivateMetadata {
    [k: string]: unknown
  }
  interface OrganizationInvitationPublicMetadata {
    [k: string]: unknown
  }
  interface OrganizationInvitationPrivateMetadata {
    [k: string]: unknown
  }
  /** Claims that an application adds to its session tokens. */
  interface CustomJwtSessionClaims {
    [k: string]: unknown
  }
}

/** Metadata of a resource whose owner cannot redeclare its type. */
export type Metadata = Record<string, unknown>
