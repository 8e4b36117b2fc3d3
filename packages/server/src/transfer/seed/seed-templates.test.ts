import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('the templates of a seed on %s', (dialect) => {
  const server = useTestServer(dialect)
  const apply = (document: unknown) => server.server.admin.seed(server.instance.id, document)
  const wording = { name: 'Code', subject: '{{otp_code}}', body: '<b>{{otp_code}}</b>' }

  it('are changed, and stay as they are a second time', async () => {
    const seed = {
      templates: [
        { template_type: 'email', slug: 'verification_code', ...wording, from_email_name: 'team' },
        { template_type: 'sms', slug: 'verification_code', delivered_by_clerk: false },
      ],
    }
    await apply(seed)
    const code = { templateType: 'email', slug: 'verification_code' } as const
    const mail = await server.client.templates.get(code)
    expect(mail).toMatchObject({ ...wording, fromEmailName: 'team', deliveredByClerk: true, resourceType: 'user' })
    expect(await server.client.templates.get({ ...code, templateType: 'sms' })).toMatchObject({
      deliveredByClerk: false,
      name: 'Verification code',
    })

    await server.client.templates.update({ ...code, ...wording, name: 'Mine' })
    await apply(seed)
    expect(await server.client.templates.get(code)).toMatchObject({ name: 'Mine', id: mail.id })
  })

  it.each([
    [{ template_type: 'push', slug: 'verification_code' }, ['templates', 0, 'template_type']],
    [{ template_type: 'email', slug: 'nothing', ...wording }, ['templates', 0]],
    [
      { template_type: 'email', slug: 'verification_code', ...wording, subject: undefined },
      ['templates', 0, 'subject'],
    ],
    [{ template_type: 'email', slug: 'verification_code', ...wording, body: 'x' }, ['templates', 0, 'body']],
    [{ template_type: 'email', slug: 'verification_code', ...wording, colour: 1 }, ['templates', 0, 'colour']],
  ])('name the place of a mistake in %j', async (template, path) => {
    await expect(apply({ templates: [template] })).rejects.toMatchObject({ name: 'SeedError', path })
  })
})
