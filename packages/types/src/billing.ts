import type { CommercePaymentMethodJSON } from './billing-payment-methods.js'
import type {
  CommerceCreditsJSON,
  CommerceMoneyAmountJSON,
  CommercePerUnitTotalJSON,
  CommerceTotalsJSON,
} from './billing-totals.js'
import type { ResourceJSON } from './resource.js'

/** Who pays: a user or an organization. */
export interface CommercePayerJSON extends ResourceJSON<'commerce_payer'> {
  instance_id: string
  user_id?: string | null
  first_name?: string | null
  last_name?: string | null
  email: string | null
  organization_id?: string | null
  organization_name?: string | null
  image_url: string
  credits_balance?: CommerceMoneyAmountJSON
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** Who is paid. */
export interface CommercePayeeJSON {
  id: string
  gateway_type: string
  gateway_external_id: string
  gateway_status: 'active' | 'pending' | 'restricted' | 'disconnected'
}

export interface FeatureJSON extends ResourceJSON<'feature'> {
  name: string
  description: string | null
  slug: string
  avatar_url: string | null
}

export interface CommercePlanJSON extends ResourceJSON<'commerce_plan'> {
  product_id: string
  name: string
  slug: string
  description: string | null
  avatar_url: string | null
  is_default: boolean
  is_recurring: boolean
  has_base_fee: boolean
  publicly_visible: boolean
  fee: CommerceMoneyAmountJSON | null
  annual_fee: CommerceMoneyAmountJSON | null
  annual_monthly_fee: CommerceMoneyAmountJSON | null
  for_payer_type: 'org' | 'user'
  free_trial_enabled: boolean
  free_trial_days: number | null
  features: FeatureJSON[]
  /** The price of each unit, such as a seat, in addition to the fee. */
  unit_prices?: CommercePlanUnitPriceJSON[]
}

/** The price of several units of one thing, in tiers. */
export interface CommercePlanUnitPriceJSON {
  /** Such as `seats`. */
  name: string
  /** How many units are sold together. */
  block_size: number
  tiers: CommercePlanUnitPriceTierJSON[]
}

export interface CommercePlanUnitPriceTierJSON {
  /** The first block at this price. */
  starts_at_block: number
  /** The last block at this price; null if there is no last one. */
  ends_after_block?: number | null
  fee_per_block: CommerceMoneyAmountJSON
}

export type CommerceSubscriptionItemStatus =
  | 'abandoned'
  | 'active'
  | 'canceled'
  | 'ended'
  | 'expired'
  | 'incomplete'
  | 'past_due'
  | 'upcoming'

/** A plan in a subscription, as the API returns it. In webhooks it is {@link CommerceSubscriptionItemEventJSON}. */
export interface CommerceSubscriptionItemJSON extends ResourceJSON<'commerce_subscription_item'> {
  instance_id: string
  status: CommerceSubscriptionItemStatus
  credit?: CommerceSubscriptionCreditJSON
  credits?: CommerceCreditsJSON | null
  plan_id: string | null
  price_id?: string
  plan?: CommercePlanJSON | null
  plan_period: 'month' | 'annual'
  payer_id: string
  payer?: CommercePayerJSON
  payment_method?: CommercePaymentMethodJSON
  seats?: CommerceSubscriptionItemSeatsJSON | null
  totals?: CommerceTotalsJSON | null
  lifetime_paid?: CommerceMoneyAmountJSON
  next_payment?: CommerceNextPaymentJSON | null
  /** @deprecated Use `plan`; only up to API version 2025-04-10. */
  amount?: CommerceMoneyAmountJSON
  /** @deprecated Use `next_payment`. */
  next_payment_amount?: number
  /** Unix milliseconds. @deprecated Use `next_payment`. */
  next_payment_date?: number
  is_free_trial: boolean
  proration_date?: string
  /** Unix milliseconds. */
  period_start: number
  /** Unix milliseconds. */
  period_end: number | null
  /** Unix milliseconds. */
  canceled_at: number | null
  /** Unix milliseconds. */
  past_due_at: number | null
  /** Unix milliseconds. */
  ended_at: number | null
  /** Unix milliseconds. */
  created_at?: number
  /** Unix milliseconds. */
  updated_at?: number
}

export interface CommerceSubscriptionCreditJSON {
  amount?: CommerceMoneyAmountJSON | null
  cycle_days_remaining?: number
  cycle_days_total?: number
  cycle_remaining_percent?: number
}

export interface CommerceSubscriptionItemSeatsJSON {
  /** Null means no limit. */
  quantity: number | null
  tiers?: CommercePerUnitTotalJSON['tiers']
}

export interface CommerceNextPaymentJSON {
  /** Only the plan's fee; `totals` has the amount to pay. */
  amount?: CommerceMoneyAmountJSON | null
  /** Unix milliseconds. */
  date?: number | null
  per_unit_totals?: CommercePerUnitTotalJSON[]
  totals?: CommerceTotalsJSON | null
}

/** A subscription as the API returns it. In webhooks it is {@link CommerceSubscriptionJSON}. */
export interface BillingSubscriptionJSON extends ResourceJSON<'commerce_subscription'> {
  instance_id: string
  status: Exclude<CommerceSubscriptionItemStatus, 'expired' | 'upcoming'>
  payer_id: string
  subscription_items: CommerceSubscriptionItemJSON[]
  next_payment?: CommerceNextPaymentJSON
  eligible_for_free_trial?: boolean
  /** Unix milliseconds. */
  active_at: number | null
  /** Unix milliseconds. */
  past_due_at: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface CommerceCreditBalanceJSON {
  object: 'commerce_credit_balance'
  /** Null when the payer has never had credits. */
  balance: CommerceMoneyAmountJSON | null
}

export interface AdjustCreditBalanceJSON {
  /** In the smallest unit of the currency; more than zero. */
  amount: number
  action: 'increase' | 'decrease'
  /** ISO 4217. Default is `USD`. */
  currency?: string
  /** A second request with the same key changes nothing and gets the first one's answer. */
  idempotency_key: string
  note?: string
}

export interface CommerceCreditLedgerJSON extends ResourceJSON<'commerce_credit_ledger'> {
  payer_id: string
  /** Negative for a decrease. */
  amount: CommerceMoneyAmountJSON
  source_type: string
  source_id: string
  note?: string | null
  /** RFC 3339. */
  created_at: string
}
