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

/** What some payers of a plan pay. */
export type BillingPrice = Resource<BillingPriceJSON>

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
  totalsDuePerPeriod?: Pick<BillingTotals, 'subtotal' | 'taxTotal' | 'grandTotal' | 'perUnitTotals'> & {
    baseFee: BillingMoneyAmount
  }
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
export interface BillingSubscriptionItem extends Omit<
  Resource<CommerceSubscriptionItemJSON>,
  'nextPayment' | 'priceId' | 'amount' | 'payerId'
> {
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

/** What became of moving a payer from one price to another. */
export type BillingPriceTransition = Resource<CommercePriceTransitionJSON>

export type BillingStatement = Resource<BillingStatementJSON>

/** A payment, tried or done. */
export type BillingPaymentAttempt = Resource<BillingPaymentAttemptJSON>
