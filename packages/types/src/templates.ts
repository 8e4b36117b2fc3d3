/** A template of e-mails or text messages. */
export interface TemplateJSON {
  object: 'template'
  id: string
  instance_id: string | null
  /** `system`, or `user` when it was changed. */
  resource_type: string
  /** `email` or `sms`. */
  template_type: string
  name: string
  slug: string
  position: number
  can_revert: boolean
  can_delete: boolean
  can_edit_body: boolean
  can_toggle: boolean
  subject: string | null
  markup: string
  body: string
  available_variables: string[]
  required_variables: string[]
  /** The part of the sender's address before the `@`. */
  from_email_name: string
  reply_to_email_name: string
  delivered_by_clerk: boolean
  enabled: boolean
  flagged_as_suspicious?: boolean
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}
