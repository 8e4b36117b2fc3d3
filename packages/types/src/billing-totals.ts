export interface CommerceMoneyAmountJSON {
  /** In the smallest unit of the currency, such as cents. */
  amount: number
  /** Such as `49.99`. */
  amount_formatted: string
  /** ISO 4217. */
  currency: string
  currency_symbol: string
}

/** What a payment comes to. */
export interface CommerceTotalsJSON {
  subtotal: CommerceMoneyAmountJSON
  base_fee?: CommerceMoneyAmountJSON
  tax_total: CommerceMoneyAmountJSON
  grand_total: CommerceMoneyAmountJSON
  per_unit_totals?: CommercePerUnitTotalJSON[]
  credits?: CommerceCreditsJSON | null
  discounts?: CommerceDiscountsJSON | null
}

/** What is paid for several units of the same, such as seats. */
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

/** What is taken off because it was paid before. */
export interface CommerceCreditsJSON {
  /** For what is left of a plan that was paid. */
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
  /** For what of a period has passed. */
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
