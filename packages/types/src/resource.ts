/** The 54 values that `object` takes in the resources of `@clerk/backend` 2.9.4. */
export type ObjectType =
  | 'accountless_application'
  | 'actor_token'
  | 'allowlist_identifier'
  | 'api_key'
  | 'blocklist_identifier'
  | 'client'
  | 'clerk_idp_oauth_access_token'
  | 'commerce_payer'
  | 'commerce_payment_attempt'
  | 'commerce_plan'
  | 'commerce_subscription'
  | 'commerce_subscription_item'
  | 'cookies'
  | 'domain'
  | 'email'
  | 'email_address'
  | 'external_account'
  | 'facebook_account'
  | 'feature'
  | 'google_account'
  | 'instance'
  | 'instance_restrictions'
  | 'instance_settings'
  | 'invitation'
  | 'jwt_template'
  | 'machine'
  | 'machine_scope'
  | 'machine_secret_key'
  | 'machine_to_machine_token'
  | 'oauth_access_token'
  | 'oauth_application'
  | 'organization'
  | 'organization_domain'
  | 'organization_invitation'
  | 'organization_membership'
  | 'organization_settings'
  | 'permission'
  | 'phone_number'
  | 'proxy_check'
  | 'redirect_url'
  | 'role'
  | 'saml_account'
  | 'saml_connection'
  | 'session'
  | 'sign_in_attempt'
  | 'sign_in_token'
  | 'sign_up_attempt'
  | 'sms_message'
  | 'testing_token'
  | 'token'
  | 'total_count'
  | 'user'
  | 'waitlist_entry'
  | 'web3_wallet'

/** The fields of nearly every resource: its kind and its id. */
export interface ResourceJSON<Tag extends string> {
  object: Tag
  id: string
}

/** Any resource of the third-party SDK's list; newer resources have tags outside {@link ObjectType}. */
export type ClerkResourceJSON = ResourceJSON<ObjectType>

/** Answer to a deletion. It has `slug` and `external_id` if the deleted resource had them. */
export interface DeletedObjectJSON {
  object: string
  id?: string
  slug?: string
  external_id?: string
  deleted: boolean
}

export interface TotalCountJSON {
  object: 'total_count'
  total_count: number
}

/** The envelope of lists; some lists are bare arrays unless requested with `paginated=true`. */
export interface PaginatedResponseJSON<Item extends object = object> {
  data: Item[]
  total_count?: number
}
