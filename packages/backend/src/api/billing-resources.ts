import type {
  BillingSubscriptionJSON,
  CommerceCreditBalanceJSON,
  CommerceCreditLedgerJSON,
  CommerceMoneyAmountJSON,
  CommercePayerJSON,
  CommercePlanJSON,
  CommerceSubscriptionItemJSON,
  CommerceTotalsJSON,
  FeatureJSON,
} from '@latchkey/types'
import type { Resource, Translated } from './translate.js'

export type BillingMoneyAmount = Translated<CommerceMoneyAmountJSON>

export type BillingPayer = Resource<CommercePayerJSON>

export type Feature = Resource<FeatureJSON>

export interface BillingPlan extends Resource<CommercePlanJSON> {
  features: Feature[]
}

/** What some payers of a plan pay. */
export interface BillingPrice {
  object: 'commerce_price'
  id: string
  planId: string
  instanceId: string
  /** ISO 4217. */
  currency: string
  currencySymbol: string
  /** In the smallest unit of the currency. */
  amount: number
  /** For a month where it is paid by the year, in the smallest unit of the currency. */
  annualMonthlyAmount: number
  fee: BillingMoneyAmount | null
  annualMonthlyFee: BillingMoneyAmount | null
  description?: string | null
  isDefault: boolean
  supportedBillingPeriods: 'month' | 'annual' | 'both'
  /** Unix milliseconds. */
  createdAt: number
  /** The answer as it came. Not enumerable. */
  readonly raw: object
}

/** What is paid for several units of the same, the more the cheaper. */
export interface BillingPerUnitTotal {
  name: string
  blockSize: number
  tiers: { quantity: number | null; feePerBlock: BillingMoneyAmount; total: BillingMoneyAmount }[]
}

export interface BillingNextPayment {
  amount: BillingMoneyAmount
  /** Unix milliseconds. */
  date: number
  perUnitTotals?: BillingPerUnitTotal[]
  totals?: BillingTotals
}

/** What a payment comes to. */
export interface BillingTotals {
  subtotal: BillingMoneyAmount
  baseFee: BillingMoneyAmount | null
  taxTotal: BillingMoneyAmount
  grandTotal: BillingMoneyAmount
  totalDueAfterFreeTrial: BillingMoneyAmount | null
  credit: BillingMoneyAmount | null
  credits: BillingCredits | null
  discounts: BillingDiscounts | null
  pastDue: BillingMoneyAmount | null
  totalDueNow?: BillingMoneyAmount
  perUnitTotals?: BillingPerUnitTotal[]
  totalsDuePerPeriod?: Pick<BillingTotals, 'subtotal' | 'taxTotal' | 'grandTotal' | 'perUnitTotals'> & { baseFee: BillingMoneyAmount }
  totalDuePerPeriod?: BillingMoneyAmount
}

export interface BillingCredits {
  /** For what is left of a plan that was paid. */
  proration: {
    amount: BillingMoneyAmount
    cycleDaysRemaining: number
    cycleDaysTotal: number
    cycleRemainingPercent: number
  } | null
  payer: { remainingBalance: BillingMoneyAmount; appliedAmount: BillingMoneyAmount } | null
  total: BillingMoneyAmount
}

export interface BillingDiscounts {
  /** For what of a period has passed. */
  proration: {
    amount: BillingMoneyAmount
    cycleDaysPassed: number
    cycleDaysTotal: number
    cyclePassedPercent: number
  } | null
  discount?: {
    amount: BillingMoneyAmount
    discountId: string
    name: string
    effect: 'percentage' | 'fixed_amount'
    percentOff?: number
    amountOff?: BillingMoneyAmount
    promoCode?: string
    /** Null when it has no end. */
    cyclesRemaining: number | null
    durationInCycles: number | null
  }
  total: BillingMoneyAmount
}

/** A plan in a subscription. */
export interface BillingSubscriptionItem extends Omit<Resource<CommerceSubscriptionItemJSON>, 'nextPayment' | 'priceId' | 'amount' | 'payerId'> {
  plan: BillingPlan | null
  priceId: string | null
  payerId: string
  /** @deprecated Use `plan`; older versions of the API answer it. */
  amount: BillingMoneyAmount | undefined
  nextPayment: BillingNextPayment | null | undefined
  seats?: { quantity: number | null; tiers?: BillingPerUnitTotal['tiers'] }
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
}

export interface BillingSubscription extends Omit<Resource<BillingSubscriptionJSON>, 'nextPayment' | 'subscriptionItems'> {
  subscriptionItems: BillingSubscriptionItem[]
  nextPayment: BillingNextPayment | null
  eligibleForFreeTrial: boolean
}

export type BillingCreditBalance = Resource<CommerceCreditBalanceJSON>

export type BillingCreditLedgerEntry = Resource<CommerceCreditLedgerJSON>

/** A discount that a subscribed plan has or had. */
export interface BillingDiscountRedemption {
  object: 'commerce_discount_redemption'
  id: string
  subscriptionItemId: string
  discountId: string
  name?: string
  source: 'promotion' | 'manual' | 'promo_code'
  promoCode?: string
  effect?: 'percentage' | 'fixed_amount'
  percentOff?: number | null
  amountOff?: BillingMoneyAmount | null
  amount?: BillingMoneyAmount | null
  /** Null when it has no end. */
  cyclesRemaining: number | null
  cyclesApplied: number
  status?: 'active' | 'exhausted' | 'removed'
  /** Unix milliseconds. */
  redeemedAt: number
  redeemedBy: string | null
  /** The answer as it came. Not enumerable. */
  readonly raw: object
}

export interface BillingPriceTransition {
  object: 'commerce_price_transition'
  subscriptionItem: BillingSubscriptionItem
  transition: {
    previousPlan: BillingPlan
    previousPrice: BillingPrice
    /** Unix milliseconds. */
    effectiveAt: number
    effectiveMode: 'immediate' | 'end_of_period'
    /** Unix milliseconds. */
    nextBillingDate?: number | null
    chargedImmediately: boolean
    immediateCharge?: BillingMoneyAmount | null
    previousSubscriptionItemStatus: 'canceled' | 'ended' | 'abandoned'
    previousSubscriptionItemId: string
  }
  /** The answer as it came. Not enumerable. */
  readonly raw: object
}

export interface BillingStatement {
  object: 'commerce_statement'
  id: string
  instanceId: string
  /** Unix milliseconds. */
  timestamp: number
  payer: BillingPayer
  status: 'open' | 'closed'
  totals: Translated<CommerceTotalsJSON>
  groups: { object: 'commerce_statement_group'; timestamp: number; items: BillingPaymentAttempt[] }[]
  /** The answer as it came. Not enumerable. */
  readonly raw: object
}

export interface BillingPaymentAttempt {
  object: 'commerce_payment'
  id: string
  paymentId: string
  instanceId: string
  chargeType: string
  payeeId: string
  payee: object
  payerId: string
  payer: BillingPayer
  subscriptionItemId?: string
  subscriptionItem?: BillingSubscriptionItem
  amount: BillingMoneyAmount
  totals?: BillingTotals | null
  paymentMethodId: string
  paymentMethod: object
  statementId: string
  gatewayExternalId: string | null
  gatewayExternalUrl: string | null
  status: 'pending' | 'paid' | 'failed'
  /** Unix milliseconds. */
  paidAt: number | null
  /** Unix milliseconds. */
  failedAt: number | null
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
  /** The answer as it came. Not enumerable. */
  readonly raw: object
}
