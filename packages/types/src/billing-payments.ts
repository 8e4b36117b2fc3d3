import type { CommercePaymentMethodJSON, CommercePaymentSourceJSON } from './billing-payment-methods.js'
import type { CommerceMoneyAmountJSON, CommerceTotalsJSON } from './billing-totals.js'
import type {
  CommerceNextPaymentJSON,
  CommercePayerJSON,
  CommercePlanJSON,
  CommerceSubscriptionItemJSON,
} from './billing.js'
import type { ResourceJSON } from './resource.js'

/** A price of a plan for some of its payers. */
export interface BillingPriceJSON extends ResourceJSON<'commerce_price'> {
  plan_id: string
  instance_id: string
  /** ISO 4217. */
  currency: string
  currency_symbol: string
  /** Per month, in the smallest unit of the currency. */
  amount: number
  /** Per month when paid by the year, in the smallest unit of the currency. */
  annual_monthly_amount: number
  fee: CommerceMoneyAmountJSON | null
  annual_monthly_fee: CommerceMoneyAmountJSON | null
  description?: string | null
  is_default: boolean
  supported_billing_periods: 'month' | 'annual' | 'both'
  /** Unix milliseconds. */
  created_at: number
}

export interface CreateBillingPriceJSON {
  plan_id: string
  /** ISO 4217. Default is `USD`. */
  currency?: string
  /** Per month, in the smallest unit of the currency: 0, or at least 100. Null if it can only be paid by the year. */
  amount: number | null
  /** Per month when paid by the year, in the smallest unit of the currency: 0, or at least 100. */
  annual_monthly_amount?: number | null
  description?: string
  /** Default depends on the amounts that are set. */
  supported_billing_periods?: 'month' | 'annual' | 'both'
}

export interface PriceTransitionJSON {
  from_price_id: string
  to_price_id: string
}

/** The outcome of moving a payer from one price to another. */
export interface CommercePriceTransitionJSON {
  object: 'commerce_price_transition'
  subscription_item: CommerceTransitionItemJSON
  transition: CommercePriceTransitionDetailsJSON
}

export interface CommercePriceTransitionDetailsJSON {
  previous_plan: CommerceTransitionPlanJSON
  previous_price: BillingPriceJSON
  /** Unix milliseconds. */
  effective_at: number
  effective_mode: 'immediate' | 'end_of_period'
  /** Unix milliseconds. */
  next_billing_date?: number | null
  charged_immediately: boolean
  immediate_charge?: CommerceMoneyAmountJSON | null
  previous_subscription_item_status: 'canceled' | 'ended' | 'abandoned'
  previous_subscription_item_id: string
}

/** A plan in a subscription, in the older form that price transitions still have. */
export interface CommerceTransitionItemJSON extends Omit<
  CommerceSubscriptionItemJSON,
  'payment_method' | 'plan' | 'credit' | 'lifetime_paid' | 'amount' | 'payer' | 'period_start'
> {
  credit?: CommerceSubscriptionItemJSON['credit'] | null
  plan: CommerceTransitionPlanJSON | null
  payment_source_id: string
  payment_source?: CommercePaymentSourceJSON | null
  lifetime_paid?: CommerceMoneyAmountJSON | null
  amount?: CommerceMoneyAmountJSON | null
  /** @deprecated Use `next_payment`. */
  next_invoice?: CommerceNextPaymentJSON | null
  payer?: CommercePayerJSON | null
  /** Unix milliseconds. */
  period_start?: number | null
}

/** A plan with its amounts as separate fields, in the older form that price transitions still have. */
export interface CommerceTransitionPlanJSON extends CommercePlanJSON {
  /** Per month, in the smallest unit of the currency. */
  amount: number
  amount_formatted: string
  /** Per month when paid by the year, in the smallest unit of the currency. */
  annual_monthly_amount: number
  annual_monthly_amount_formatted: string
  /** In the smallest unit of the currency. */
  annual_amount: number
  annual_amount_formatted: string
  /** ISO 4217. */
  currency: string
  currency_symbol: string
  payer_type: string[]
  period?: string
  interval?: number
}

export interface ApplyDiscountJSON {
  discount_id: string
}

/** A discount that a subscribed plan has or had. */
export interface CommerceDiscountRedemptionJSON extends ResourceJSON<'commerce_discount_redemption'> {
  subscription_item_id: string
  discount_id: string
  name?: string
  source: 'promotion' | 'manual' | 'promo_code'
  promo_code?: string
  effect?: 'percentage' | 'fixed_amount'
  /** 0 to 100. */
  percent_off?: number | null
  amount_off?: CommerceMoneyAmountJSON | null
  /** The amount deducted from the next payment. */
  amount?: CommerceMoneyAmountJSON | null
  /** Null when it has no end. */
  cycles_remaining: number | null
  cycles_applied: number
  status?: 'active' | 'exhausted' | 'removed'
  /** Unix milliseconds. */
  redeemed_at: number
  redeemed_by: string | null
}

export interface BillingStatementJSON extends ResourceJSON<'commerce_statement'> {
  instance_id: string
  /** Unix milliseconds. */
  timestamp: number
  payer: CommercePayerJSON
  status: 'open' | 'closed'
  totals: CommerceTotalsJSON
  groups: BillingStatementGroupJSON[]
}

/** The payments of one day. */
export interface BillingStatementGroupJSON {
  object: 'commerce_statement_group'
  /** Unix milliseconds. */
  timestamp: number
  items: BillingPaymentAttemptJSON[]
}

/** A payment, attempted or completed, as the API returns it. In webhooks it is {@link CommercePaymentAttemptJSON}. */
export interface BillingPaymentAttemptJSON extends ResourceJSON<'commerce_payment'> {
  payment_id: string
  instance_id: string
  charge_type: string
  payee_id: string
  payee: object
  payer_id: string
  payer: CommercePayerJSON
  subscription_item_id?: string
  subscription_item?: CommerceSubscriptionItemJSON
  amount: CommerceMoneyAmountJSON
  totals?: CommerceTotalsJSON | null
  payment_method_id: string
  payment_method: CommercePaymentMethodJSON
  statement_id: string
  gateway_external_id: string | null
  gateway_external_url: string | null
  status: 'pending' | 'paid' | 'failed'
  /** Unix milliseconds. */
  paid_at: number | null
  /** Unix milliseconds. */
  failed_at: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}
