import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type {
  BillingCreditBalance,
  BillingCreditLedgerEntry,
  BillingDiscountRedemption,
  BillingPaymentAttempt,
  BillingPlan,
  BillingPrice,
  BillingPriceTransition,
  BillingStatement,
  BillingSubscription,
  BillingSubscriptionItem,
} from './billing-resources.js'

/** Plans, prices, subscriptions, statements and credits of the payers: users and organizations. */
export class BillingApi extends Api {
  /**
   * Lists the plans, the newest first.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/GET/billing/plans
   */
  async getPlanList(params?: GetPlanListParams): Promise<Page<BillingPlan>> {
    return this.readPage(path`/billing/plans`, params)
  }

  /**
   * Lists the prices of plans, the lowest first.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/GET/billing/prices
   */
  async getPriceList(params: GetPriceListParams = {}): Promise<Page<BillingPrice>> {
    return this.readPage(path`/billing/prices`, { ...params, paginated: true })
  }

  /**
   * Creates a price for some payers of a plan.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/POST/billing/prices
   */
  async createPrice(params: CreatePriceParams): Promise<BillingPrice> {
    return this.post(path`/billing/prices`, params)
  }

  /**
   * Lists the subscribed plans, the newest first.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/GET/billing/subscription_items
   */
  async getSubscriptionItemList(params: GetSubscriptionItemListParams = {}): Promise<Page<BillingSubscriptionItem>> {
    return this.readPage(path`/billing/subscription_items`, { ...params, paginated: true })
  }

  /**
   * Ends a subscribed plan, at the end of its period or now.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/DELETE/billing/subscription_items/%7Bsubscription_item_id%7D
   */
  async cancelSubscriptionItem(
    subscriptionItemId: string,
    params?: CancelSubscriptionItemParams,
  ): Promise<BillingSubscriptionItem> {
    return this.remove(path`/billing/subscription_items/${subscriptionItemId}`, params)
  }

  /**
   * Extends a free trial.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/POST/billing/subscription_items/%7Bsubscription_item_id%7D/extend_free_trial
   */
  async extendSubscriptionItemFreeTrial(
    subscriptionItemId: string,
    params: ExtendSubscriptionItemFreeTrialParams,
  ): Promise<BillingSubscriptionItem> {
    return this.post(path`/billing/subscription_items/${subscriptionItemId}/extend_free_trial`, params)
  }

  /**
   * Moves a subscribed plan to another price, now or from the next period on.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 409, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/POST/billing/subscription_items/%7Bsubscription_item_id%7D/price_transition
   */
  async createPriceTransition({
    subscriptionItemId,
    ...body
  }: CreatePriceTransitionParams): Promise<BillingPriceTransition> {
    return this.post(path`/billing/subscription_items/${subscriptionItemId}/price_transition`, body)
  }

  /**
   * Applies a discount to a subscribed plan, regardless of who else may have it.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 409, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/POST/billing/subscription_items/%7Bsubscription_item_id%7D/discounts
   */
  async applySubscriptionItemDiscount(params: SubscriptionItemDiscountParams): Promise<BillingDiscountRedemption> {
    const { subscriptionItemId, discountId } = params
    return this.post(path`/billing/subscription_items/${subscriptionItemId}/discounts`, { discountId })
  }

  /**
   * Removes the discount of a subscribed plan.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 409, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/DELETE/billing/subscription_items/%7Bsubscription_item_id%7D/discounts/%7Bdiscount_id%7D
   */
  async removeSubscriptionItemDiscount(params: SubscriptionItemDiscountParams): Promise<BillingDiscountRedemption> {
    const { subscriptionItemId, discountId } = params
    return this.remove(path`/billing/subscription_items/${subscriptionItemId}/discounts/${discountId}`)
  }

  /**
   * Lists the statements, the newest first.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/GET/billing/statements
   */
  async getStatementList(params: PageParams = {}): Promise<Page<BillingStatement>> {
    return this.readPage(path`/billing/statements`, { ...params, paginated: true })
  }

  /**
   * Gets a statement by its id.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/GET/billing/statements/%7BstatementID%7D
   */
  async getStatement(statementId: string): Promise<BillingStatement> {
    return this.read(path`/billing/statements/${statementId}`)
  }

  /**
   * Lists the attempts to pay a statement, the newest first.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/billing/GET/billing/statements/%7BstatementID%7D/payment_attempts
   */
  async getStatementPaymentAttemptList(
    params: GetStatementPaymentAttemptListParams,
  ): Promise<Page<BillingPaymentAttempt>> {
    const { statementId, ...query } = params
    return this.readPage(path`/billing/statements/${statementId}/payment_attempts`, { ...query, paginated: true })
  }

  /**
   * Gets the subscription of an organization.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/GET/organizations/%7Borganization_id%7D/billing/subscription
   */
  async getOrganizationBillingSubscription(organizationId: string): Promise<BillingSubscription> {
    return this.read(path`/organizations/${organizationId}/billing/subscription`)
  }

  /**
   * Gets the subscription of a user.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/GET/users/%7Buser_id%7D/billing/subscription
   */
  async getUserBillingSubscription(userId: string): Promise<BillingSubscription> {
    return this.read(path`/users/${userId}/billing/subscription`)
  }

  /**
   * Gets the credits of an organization.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/GET/organizations/%7Borganization_id%7D/billing/credits
   */
  async getOrganizationCreditBalance(organizationId: string): Promise<BillingCreditBalance> {
    return this.read(path`/organizations/${organizationId}/billing/credits`)
  }

  /**
   * Adds credits to an organization or removes them.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 409, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/POST/organizations/%7Borganization_id%7D/billing/credits
   */
  async adjustOrganizationCreditBalance(
    organizationId: string,
    params: AdjustCreditBalanceParams,
  ): Promise<BillingCreditLedgerEntry> {
    return this.post(path`/organizations/${organizationId}/billing/credits`, params)
  }

  /**
   * Gets the credits of a user.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/GET/users/%7Buser_id%7D/billing/credits
   */
  async getUserCreditBalance(userId: string): Promise<BillingCreditBalance> {
    return this.read(path`/users/${userId}/billing/credits`)
  }

  /**
   * Adds credits to a user or removes them.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 409, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/%7Buser_id%7D/billing/credits
   */
  async adjustUserCreditBalance(userId: string, params: AdjustCreditBalanceParams): Promise<BillingCreditLedgerEntry> {
    return this.post(path`/users/${userId}/billing/credits`, params)
  }
}

export interface GetPlanListParams extends PageParams {
  payerType?: 'org' | 'user'
}

export interface GetPriceListParams extends PageParams {
  planId?: string
}

export interface CreatePriceParams {
  planId: string
  /** ISO 4217. Default is `USD`. */
  currency?: string
  /** Per month, in the smallest unit of the currency: 0 or at least 100; null if it can only be paid by the year. */
  amount: number | null
  /** Per month when paid by the year, in the smallest unit of the currency: 0 or at least 100. */
  annualMonthlyAmount?: number | null
  description?: string
  /** Default depends on the amounts that are set. */
  supportedBillingPeriods?: 'month' | 'annual' | 'both'
}

export interface GetSubscriptionItemListParams extends PageParams {
  status?: 'active' | 'ended' | 'past_due' | 'upcoming' | 'free_trial'
  payerType?: 'org' | 'user'
  planId?: string
  /** Default is false. */
  includeFree?: boolean
  /** Part of the payer's name or address. */
  query?: string
}

export interface CancelSubscriptionItemParams {
  /** Default is false: at the end of the period. */
  endNow?: boolean
}

export interface ExtendSubscriptionItemFreeTrialParams {
  extendTo: Date
}

export interface CreatePriceTransitionParams {
  subscriptionItemId: string
  fromPriceId: string
  toPriceId: string
}

export interface SubscriptionItemDiscountParams {
  subscriptionItemId: string
  discountId: string
}

export interface GetStatementPaymentAttemptListParams extends PageParams {
  statementId: string
}

export interface AdjustCreditBalanceParams {
  /** In the smallest unit of the currency; more than zero. */
  amount: number
  action: 'increase' | 'decrease'
  /** ISO 4217. Default is `USD`. */
  currency?: string
  /** A second request with the same key changes nothing and gets the first one's answer. */
  idempotencyKey: string
  note?: string
}
