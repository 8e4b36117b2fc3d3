import type {
  BillingPaymentAttemptJSON,
  BillingPriceJSON,
  BillingStatementJSON,
  BillingSubscriptionJSON,
  CommerceCreditBalanceJSON,
  CommerceCreditLedgerJSON,
  CommerceDiscountRedemptionJSON,
  CommerceMoneyAmountJSON,
  CommercePayerJSON,
  CommercePlanJSON,
  CommercePriceTransitionJSON,
  CommerceSubscriptionItemJSON,
  FeatureJSON,
} from '@latchkey/types'
import type { Resource, Translated } from './resource.js'

export type BillingMoneyAmount = Translated<CommerceMoneyAmountJSON>

export type BillingPayer = Resource<CommercePayerJSON>

export type Feature = Resource<FeatureJSON>

export interface BillingPlan extends Resource<CommercePlanJSON> {
  features: Feature[]
}

/** A price of a plan for some of its payers. */
export type BillingPrice = Resource<BillingPriceJSON>

/** The total for several units of one thing, priced in tiers. */
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

/** The total of a payment. */
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
  totalsDuePerPeriod?: Pick<BillingTotals, 'subtotal' | 'taxTotal' | 'grandTotal' | 'perUnitTotals'> & {
    baseFee: BillingMoneyAmount
  }
  totalDuePerPeriod?: BillingMoneyAmount
}

export interface BillingCredits {
  /** Credit for the unused time of a paid plan. */
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
  /** Discount for the part of the period that has already passed. */
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
export interface BillingSubscriptionItem extends Omit<
  Resource<CommerceSubscriptionItemJSON>,
  'nextPayment' | 'priceId' | 'amount' | 'payerId'
> {
  plan: BillingPlan | null
  priceId: string | null
  payerId: string
  /** @deprecated Use `plan`; older versions of the API return it. */
  amount: BillingMoneyAmount | undefined
  nextPayment: BillingNextPayment | null | undefined
  seats?: { quantity: number | null; tiers?: BillingPerUnitTotal['tiers'] }
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
}

export interface BillingSubscription extends Omit<
  Resource<BillingSubscriptionJSON>,
  'nextPayment' | 'subscriptionItems'
> {
  subscriptionItems: BillingSubscriptionItem[]
  nextPayment: BillingNextPayment | null
  eligibleForFreeTrial: boolean
}

export type BillingCreditBalance = Resource<CommerceCreditBalanceJSON>

export type BillingCreditLedgerEntry = Resource<CommerceCreditLedgerJSON>

/** A discount that a subscribed plan has or had. */
export type BillingDiscountRedemption = Resource<CommerceDiscountRedemptionJSON>

/** The outcome of moving a payer from one price to another. */
export type BillingPriceTransition = Resource<CommercePriceTransitionJSON>

export type BillingStatement = Resource<BillingStatementJSON>

/** A payment, attempted or completed. */
export type BillingPaymentAttempt = Resource<BillingPaymentAttemptJSON>
