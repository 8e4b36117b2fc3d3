/** The operations of the Backend API whose results a seed file can produce as well; SUPPORTED.md shows them. */
export const seededOperations: readonly string[] = [
  'CreateUser',
  'BanUser',
  'LockUser',
  'SetUserProfileImage',
  'UpdateUserMetadata',
  'ReplaceUserMetadata',
  'SetUserPasswordCompromised',
  'CreateEmailAddress',
  'CreatePhoneNumber',
  'createSession',
  'RevokeSession',
  'CreateJWTTemplate',
  'UpdateInstance',
  'UpdateInstanceRestrictions',
  'UpdateInstanceOrganizationSettings',
  'UpdateInstanceAuthConfig',
]
