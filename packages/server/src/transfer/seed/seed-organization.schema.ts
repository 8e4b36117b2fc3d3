import { z } from 'zod'

const id = z.string().min(1).max(256)
const metadata = z.record(z.string(), z.unknown())

const member = z.strictObject({
  id: id.optional(),
  user_id: id,
  role: z.string(),
  public_metadata: metadata.optional(),
  private_metadata: metadata.optional(),
  created_at: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional(),
})

const invitation = z.strictObject({
  id: id.optional(),
  email_address: z.string(),
  role: z.string(),
  inviter_user_id: id.optional(),
  public_metadata: metadata.optional(),
  private_metadata: metadata.optional(),
  redirect_url: z.string().max(2048).optional(),
  expires_in_days: z.int().min(1).max(365).optional(),
  notify: z.boolean().default(false),
  status: z.enum(['pending', 'revoked']).optional(),
})

const domain = z.strictObject({
  id: id.optional(),
  name: z.string().max(1024),
  enrollment_mode: z.enum(['manual_invitation', 'automatic_invitation', 'automatic_suggestion']).optional(),
  /** Default is true. */
  verified: z.boolean().optional(),
  ownership_verified: z.boolean().optional(),
})

/** Known again by its id or its slug, so that a second start does not create it twice. */
export const organization = z
  .strictObject({
    id: id.optional(),
    name: z.string().max(256),
    slug: z.string().max(256).optional(),
    created_by: id.optional(),
    max_allowed_memberships: z.int().min(0).optional(),
    role_set_key: z.string().optional(),
    public_metadata: metadata.optional(),
    private_metadata: metadata.optional(),
    created_at: z.iso.datetime({ offset: true }).optional(),
    /** `data:image/png;base64,…` */
    logo: z
      .string()
      .regex(/^data:image\/[a-z+.-]+;base64,[A-Za-z0-9+/=]+$/, 'must be a data URL with an image in base64')
      .optional(),
    members: z.array(member).optional(),
    invitations: z.array(invitation).optional(),
    domains: z.array(domain).optional(),
  })
  .refine(({ id, slug }) => id !== undefined || slug !== undefined, {
    message: 'is required where there is no slug',
    path: ['id'],
  })
