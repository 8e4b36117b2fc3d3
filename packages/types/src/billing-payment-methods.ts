import type { ResourceJSON } from './resource.js'

/** The payment method of a payer. */
export interface CommercePaymentMethodJSON extends ResourceJSON<'commerce_payment_method'> {
  payer_id: string
  payment_type: 'card' | 'link' | 'payer-credits'
  is_default?: boolean
  /** Such as `stripe`. */
  gateway: string
  gateway_external_id: string
  gateway_external_account_id: string | null
  last4: string | null
  status: 'active' | 'disconnected'
  wallet_type?: string | null
  card_type: string | null
  expiry_year?: number | null
  /** 1 to 12. */
  expiry_month?: number | null
  is_removable?: boolean
  /** Unix milliseconds. */
  created_at?: number
  /** Unix milliseconds. */
  updated_at?: number
}

/** The payment method of a payer, in the older form that price transitions still have. */
export interface CommercePaymentSourceJSON extends ResourceJSON<'commerce_source'> {
  payer_id: string
  payment_method: 'card' | 'apple_pay' | 'google_pay'
  is_default?: boolean | null
  /** Such as `stripe`. */
  gateway: string
  gateway_external_id: string
  gateway_external_account_id?: string | null
  last4: string
  status: 'active' | 'disconnected'
  wallet_type: string
  card_type: string
  expiry_year?: number
  /** 1 to 12. */
  expiry_month?: number
  is_removable?: boolean | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}
