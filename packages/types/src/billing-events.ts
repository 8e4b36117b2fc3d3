import type { CommerceMoneyAmountJSON, CommerceTotalsJSON } from './billing-totals.js'
import type {
  CommercePayeeJSON,
  CommercePayerJSON,
  CommerceSubscriptionCreditJSON,
  CommerceSubscriptionItemStatus,
} from './billing.js'
import type { ResourceJSON } from './resource.js'

/** A subscription, as sent in webhooks. */
export interface CommerceSubscriptionJSON extends ResourceJSON<'commerce_subscription'> {
  status: Exclude<CommerceSubscriptionItemStatus, 'expired' | 'upcoming'>
  latest_payment_id: string | null
  payer_id: string
  payer: CommercePayerEventJSON
  payment_source_id: string | null
  items: CommerceSubscriptionItemEventJSON[]
  /** Unix milliseconds. */
  active_at: number | null
  /** Unix milliseconds. */
  canceled_at: number | null
  /** Unix milliseconds. */
  ended_at: number | null
  /** Unix milliseconds. */
  past_due_at: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** A plan in a subscription, as sent in webhooks. */
export interface CommerceSubscriptionItemEventJSON extends ResourceJSON<'commerce_subscription_item'> {
  status: CommerceSubscriptionItemStatus
  is_free_trial: boolean
  /** `month` or `annual`. */
  interval: string
  plan_id: string | null
  plan: CommercePlanEventJSON | null
  payer?: CommercePayerEventJSON
  subscription_id: string | null
  seats?: { quantity: number | null }
  /** Unix milliseconds. */
  period_start: number
  /** Unix milliseconds. */
  period_end: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface CommercePlanEventJSON {
  id: string
  slug: string
  name: string
  is_recurring: boolean
  /** In the smallest unit of the currency. */
  amount: number
  /** ISO 4217. */
  currency: string
}

export type CommercePayerEventJSON = Omit<CommercePayerJSON, 'instance_id' | 'credits_balance'>

/** A payment, attempted or completed. */
export interface CommercePaymentAttemptJSON {
  object: 'commerce_payment_attempt'
  id: string
  instance_id: string
  payment_id: string
  /** @deprecated Use `statement_id`. */
  invoice_id: string
  statement_id: string
  gateway_external_id: string
  status: 'pending' | 'paid' | 'failed'
  failed_reason: { code: string; decline_code: string } | null
  charge_type: 'checkout' | 'recurring'
  payee: CommercePayeeJSON
  payer: CommercePayerEventJSON
  totals: CommerceTotalsJSON
  payment_source: CommercePaymentSourceEventJSON
  subscription_items: CommercePaidItemJSON[]
  /** Unix milliseconds. */
  billing_date: number
  /** Unix milliseconds. */
  paid_at: number | null
  /** Unix milliseconds. */
  failed_at: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface CommercePaymentSourceEventJSON {
  id: string
  gateway: string
  gateway_external_id: string
  gateway_external_account_id: string | null
  payment_method: 'link' | 'card'
  status: 'active' | 'disconnected'
  card_type: string | null
  last4: string | null
}

/** What a payment was for. */
export interface CommercePaidItemJSON extends Omit<
  CommerceSubscriptionItemEventJSON,
  'is_free_trial' | 'seats' | 'subscription_id'
> {
  subscription_id?: string
  credit?: CommerceSubscriptionCreditJSON
  credits?: CommerceCreditsEventJSON | null
}

export interface CommerceCreditsEventJSON {
  proration?: CommerceSubscriptionCreditJSON | null
  payer?: { applied_amount: CommerceMoneyAmountJSON; remaining_balance: CommerceMoneyAmountJSON } | null
  total: CommerceMoneyAmountJSON
}
