/** The kinds of token a request can carry. */
export const TokenType = {
  SessionToken: 'session_token',
  ApiKey: 'api_key',
  M2MToken: 'm2m_token',
  OAuthToken: 'oauth_token',
} as const

export type TokenType = (typeof TokenType)[keyof typeof TokenType]
export type SessionTokenType = typeof TokenType.SessionToken
export type MachineTokenType = Exclude<TokenType, SessionTokenType>

/** What a caller accepts: one kind, some, or all of them. */
export type AcceptedTokens = TokenType | TokenType[] | 'any'

export function isTokenTypeAccepted(type: TokenType | null, accepted: AcceptedTokens): boolean {
  if (!type) return false
  return accepted === 'any' || (Array.isArray(accepted) ? accepted.includes(type) : accepted === type)
}

export function isMachineTokenType(type: string): type is MachineTokenType {
  return type === 'api_key' || type === 'm2m_token' || type === 'oauth_token'
}
