export interface CommerceMoneyAmountJSON {
  /** In the smallest unit of the currency, such as cents. */
  amount: number
  /** Such as `49.99`. */
  amount_formatted: string
  /** ISO 4217. */
  currency: string
  currency_symbol: string
}

/** The total of a payment. */
export interface CommerceTotalsJSON {
  subtotal: CommerceMoneyAmountJSON
  base_fee?: CommerceMoneyAmountJSON
  tax_total: CommerceMoneyAmountJSON
  grand_total: CommerceMoneyAmountJSON
  per_unit_totals?: CommercePerUnitTotalJSON[]
  credits?: CommerceCreditsJSON | null
  discounts?: CommerceDiscountsJSON | null
}

/** The total for several units of one thing, such as seats. */
export interface CommercePerUnitTotalJSON {
  name: string
  /** How many units are sold together. */
  block_size: number
  tiers: CommercePerUnitTotalTierJSON[]
}

export interface CommercePerUnitTotalTierJSON {
  /** Null means no limit. */
  quantity?: number | null
  fee_per_block: CommerceMoneyAmountJSON
  total: CommerceMoneyAmountJSON
}

/** Credits that reduce a payment. */
export interface CommerceCreditsJSON {
  /** Credit for the unused time of a paid plan. */
  proration: CommerceProrationCreditJSON | null
  /** From the payer's balance. */
  payer: CommercePayerCreditJSON | null
  total: CommerceMoneyAmountJSON
}

export interface CommerceProrationCreditJSON {
  amount: CommerceMoneyAmountJSON
  cycle_days_remaining: number
  cycle_days_total: number
  /** 0 to 100. */
  cycle_remaining_percent: number
}

export interface CommercePayerCreditJSON {
  remaining_balance: CommerceMoneyAmountJSON
  applied_amount: CommerceMoneyAmountJSON
}

export interface CommerceDiscountsJSON {
  /** Discount for the part of the period that has already passed. */
  proration: CommerceProrationDiscountJSON | null
  total: CommerceMoneyAmountJSON
}

export interface CommerceProrationDiscountJSON {
  amount: CommerceMoneyAmountJSON
  cycle_days_passed: number
  cycle_days_total: number
  /** 0 to 100. */
  cycle_passed_percent: number
}
