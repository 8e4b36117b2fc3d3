export { createAuthenticateRequest } from '../../packages/backend/src/internal.js'
export { verifyToken } from '../../packages/backend/src/verify-token.js'
