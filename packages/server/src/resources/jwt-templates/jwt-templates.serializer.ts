import type { JwtTemplateJSON } from '@latchkey/types'
import type { JwtTemplateRecord } from '../../storage/tables.js'

/** Without the signing key, which is never shown. */
export function toJwtTemplateJSON(template: JwtTemplateRecord): JwtTemplateJSON {
  return {
    object: 'jwt_template',
    id: template.id,
    name: template.name,
    claims: template.claims,
    lifetime: template.lifetime,
    allowed_clock_skew: template.allowedClockSkew,
    custom_signing_key: template.customSigningKey,
    signing_algorithm: template.signingAlgorithm,
    created_at: template.createdAt,
    updated_at: template.updatedAt,
  }
}
