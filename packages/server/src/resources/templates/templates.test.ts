import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'

const WORDING = { name: 'Code', subject: '{{otp_code}} for {{app.name}}', body: '<b>{{otp_code}}</b>' }

describe.each(dialects)('templates on %s', (dialect) => {
  const server = useTestServer(dialect)
  const at = (path: string) => `/templates/email/verification_code${path}`
  const put = (body: object, path = at('')) => server.call('PUT', path, body)
  const get = async (path = at('')) => (await server.call('GET', path)).body
  const audited = async () =>
    (await server.server.admin.listAudit(server.instance.id, {}, { limit: 100 }))
      .filter(({ action }) => action.startsWith('template.'))
      .map(({ action, changed }) => [action, ...changed])

  /** Has a code sent, by mail and by text message. */
  const sendCodes = async () => {
    const user = await server.client.users.createUser({
      emailAddress: ['ada@example.com'],
      phoneNumber: ['+14155552671'],
    })
    await server.call('POST', `/email_addresses/${user.emailAddresses[0]!.id}/prepare_verification`)
    await server.call('POST', `/phone_numbers/${user.phoneNumbers[0]!.id}/prepare_verification`)
    const messages = (await server.messages()).filter(({ slug }) => slug === 'verification_code')
    const events = (await server.events()).filter(({ type }) => type === 'email.created' || type === 'sms.created')
    return {
      mail: messages.find(({ channel }) => channel === 'email')!,
      sms: messages.find(({ channel }) => channel === 'sms')!,
      mailEvent: events.find(({ type }) => type === 'email.created')!,
      smsEvent: events.find(({ type }) => type === 'sms.created')!,
    }
  }

  it('are the server’s until they are changed', async () => {
    const { createdAt } = (await server.server.admin.listInstances()).find(({ id }) => id === server.instance.id)!
    expect(await get()).toEqual({
      object: 'template',
      id: 'tmpl_email_verification_code',
      instance_id: null,
      resource_type: 'system',
      template_type: 'email',
      name: 'Verification code',
      slug: 'verification_code',
      position: 0,
      can_revert: false,
      can_delete: false,
      can_edit_body: true,
      can_toggle: false,
      subject: '{{otp_code}} is your {{app.name}} verification code',
      markup: '',
      body: expect.stringContaining('>{{otp_code}}</td>'),
      available_variables: expect.arrayContaining(['otp_code', 'requested_at', 'app.name']),
      required_variables: ['otp_code'],
      from_email_name: 'notifications',
      reply_to_email_name: '',
      delivered_by_clerk: true,
      enabled: true,
      flagged_as_suspicious: false,
      created_at: createdAt,
      updated_at: createdAt,
    })
    expect(await get('/templates/sms/verification_code')).toMatchObject({
      template_type: 'sms',
      subject: null,
      can_edit_body: false,
      from_email_name: '',
      body: '{{otp_code}} is your {{app.name}} verification code. Do not share it.',
    })
  })

  it('are listed by position, whole or in pages', async () => {
    await put(WORDING)
    const all = await get('/templates/email')
    expect(all.length).toBeGreaterThan(10)
    expect(all.map(({ position }: { position: number }) => position)).toEqual([...all.keys()])
    expect(all[0]).toMatchObject({ slug: 'verification_code', resource_type: 'user', name: 'Code' })
    expect(all.map(({ slug }: { slug: string }) => slug)).toEqual(
      expect.arrayContaining(['invitation', 'waitlist_invitation']),
    )
    expect(await get('/templates/email?limit=2&offset=1')).toEqual(all.slice(1, 3))
    const page = await server.client.templates.list({ templateType: 'email' })
    expect([page.data.length, page.totalCount]).toEqual([10, all.length])
    expect((await server.client.templates.list({ templateType: 'sms', limit: 1, offset: 1 })).data).toMatchObject([
      { templateType: 'sms', position: 1 },
    ])
    for (const query of ['limit=0', 'limit=501', 'offset=-1', 'paginated=maybe']) {
      expect((await server.call('GET', `/templates/email?${query}`)).status).toBe(422)
    }
  })

  it('are changed, and reverted once', async () => {
    const before = await get()
    const { status, body: changed } = await put({
      ...WORDING,
      markup: '<re-html>',
      from_email_name: 'team.a',
      reply_to_email_name: 'no-reply',
    })
    expect(status).toBe(200)
    expect(changed).toEqual({
      ...before,
      ...WORDING,
      id: expect.stringMatching(/^tmpl_[0-9A-Za-z]{27}$/),
      instance_id: server.instance.id,
      resource_type: 'user',
      can_revert: true,
      markup: '<re-html>',
      from_email_name: 'team.a',
      reply_to_email_name: 'no-reply',
      created_at: server.clock.now(),
      updated_at: server.clock.now(),
    })
    server.clock.advance(1000)
    const again = await server.client.templates.update({
      templateType: 'email',
      slug: 'verification_code',
      ...WORDING,
      name: 'Other',
    })
    expect(again).toMatchObject({
      id: changed.id,
      name: 'Other',
      fromEmailName: 'team.a',
      updatedAt: server.clock.now(),
    })
    expect((await put({ ...WORDING, from_email_name: '', markup: null })).body).toMatchObject({
      from_email_name: 'notifications',
      markup: '',
    })

    const reverts = await Promise.all(Array.from({ length: 64 }, () => server.call('POST', at('/revert'))))
    expect(reverts.filter(({ status: code }) => code === 200).map(({ body }) => body)).toEqual([before])
    const refused = { status: 400, body: { errors: [{ code: 'template_revert_error' }] } }
    expect(reverts.filter(({ status: code }) => code !== 200)).toHaveLength(63)
    expect(await server.call('POST', at('/revert'))).toMatchObject(refused)
    expect(await get()).toEqual(before)
    const actions = (await audited()).map(([action]) => action)
    expect(actions).toEqual([...Array.from({ length: 3 }, () => 'template.updated'), 'template.reverted'])
    expect((await audited())[0]).toEqual(expect.arrayContaining(['subject', 'body', 'markup']))
  })

  it('have one row after many changes at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) => put({ ...WORDING, name: `Code ${index}` })),
    )
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
  })

  it.each<[string, object, number, string, string]>([
    ['no name', { name: undefined }, 422, 'form_param_missing', 'name'],
    ['no subject', { subject: null }, 422, 'form_param_missing', 'subject'],
    ['no body', { body: undefined }, 422, 'form_param_missing', 'body'],
    ['an empty body', { body: '' }, 422, 'form_param_missing', 'body'],
    ['a body that is no text', { body: 1 }, 422, 'form_param_type_invalid', 'body'],
    ['a body without the code', { body: '<p>{{otp}}</p>' }, 422, 'required_variable_missing', 'body'],
    ['a code in a comment', { body: '{{! otp_code }}' }, 422, 'required_variable_missing', 'body'],
    ['a code in a loop', { body: '{{#each a}}{{otp_code}}{{/each}}' }, 422, 'required_variable_missing', 'body'],
    ['a body that does not end', { body: '{{#if a}}{{otp_code}}' }, 422, 'invalid_template_body', 'body'],
    ['an expression', { body: '{{otp_code}}{{lookup a "b"}}' }, 422, 'invalid_template_body', 'body'],
    ['an unknown partial', { body: '{{otp_code}}{{> footer}}' }, 422, 'invalid_template_body', 'body'],
    ['a long body', { body: `{{otp_code}}${'x'.repeat(100_000)}` }, 422, 'invalid_template_body', 'body'],
    [
      'a subject with a line break',
      { subject: 'Hi\r\nBcc: a@example.com' },
      422,
      'form_param_format_invalid',
      'subject',
    ],
    ['a subject that does not end', { subject: '{{otp_code' }, 422, 'invalid_template_body', 'subject'],
    ['an address as sender', { from_email_name: 'a@example.com' }, 422, 'form_param_format_invalid', 'from_email_name'],
    [
      'two addresses to reply to',
      { reply_to_email_name: 'a, b' },
      422,
      'form_param_format_invalid',
      'reply_to_email_name',
    ],
    ['a field that is not known', { slug: 'other' }, 422, 'form_param_unknown', 'slug'],
  ])('refuse %s', async (_, changes, status, code, param) => {
    expect(await put({ ...WORDING, ...changes })).toMatchObject({
      status,
      body: { errors: [{ code, meta: { param_name: param } }] },
    })
    expect(await get()).toMatchObject({ resource_type: 'system' })
  })

  it.each(['', '/revert', '/preview', '/toggle_delivery'])('are of known types and slugs: %s', async (path) => {
    const method = path === '' ? 'PUT' : 'POST'
    const body = { '': WORDING, '/toggle_delivery': { delivered_by_clerk: false } }[path] ?? {}
    const unsupported = { status: 400, body: { errors: [{ code: 'template_type_unsupported' }] } }
    const unknown = { status: 404, body: { errors: [{ code: 'resource_not_found' }] } }
    expect(await server.call(method, `/templates/push/verification_code${path}`, body)).toMatchObject(unsupported)
    expect(await server.call(method, `/templates/email/constructor${path}`, body)).toMatchObject(unknown)
    if (path !== '') return
    expect(await server.call('GET', '/templates/push')).toMatchObject(unsupported)
    expect(await server.call('GET', '/templates/sms/magic_link_sign_in')).toMatchObject(unknown)
  })

  it('of text messages keep their body', async () => {
    const path = '/templates/sms/verification_code'
    const before = await get(path)
    const { name, body } = before
    expect(await put({ name, body: `${body}!` }, path)).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'template_body_modification_restricted' }] },
    })
    expect((await put({ name, subject: 'Hello' }, path)).status).toBe(422)
    expect((await put({ name, from_email_name: 'team' }, path)).status).toBe(422)
    const sentBack = { name: 'Mine', subject: null, body, markup: '', from_email_name: '', reply_to_email_name: '' }
    expect((await put({ ...sentBack, delivered_by_clerk: false }, path)).body).toMatchObject({
      name: 'Mine',
      body,
      resource_type: 'user',
      delivered_by_clerk: false,
    })
  })

  it('word the messages that are sent', async () => {
    await put({
      ...WORDING,
      body: '{{> app_logo}} {{otp_code}} {{requested_at}} {{> copyright}}{{#if theme.show_clerk_branding}}!{{/if}}',
      from_email_name: 'team',
      reply_to_email_name: 'help',
    })
    const { mail, mailEvent, sms } = await sendCodes()
    const code = mail.data!['otp_code'] as string
    const { name } = (await server.server.admin.listInstances()).find(({ id }) => id === server.instance.id)!
    const year = new Date(server.clock.now()).getUTCFullYear()
    expect(mail).toMatchObject({
      status: 'queued',
      subject: `${code} for ${name}`,
      fromName: 'team',
      replyToName: 'help',
      data: { app: { name }, otp_code: code },
    })
    expect(mail.body).toMatch(new RegExp(`^${name} ${code} \\d+ \\w+ ${year}, \\d\\d:\\d\\d UTC © ${year} ${name}$`))
    expect(mailEvent.payload).toMatchObject({
      from_email_name: 'team',
      reply_to_email_name: 'help',
      delivered_by_clerk: true,
      subject: mail.subject,
    })
    const sent = sms.data!['otp_code'] as string
    expect(sms.body).toBe(`${sent} is your ${name} verification code. Do not share it.\n\n@api.test #${sent}`)
  })

  it('leave the delivery to the application, which the event tells everything', async () => {
    const toggled = await server.client.templates.toggleDelivery({
      templateType: 'email',
      slug: 'verification_code',
      deliveredByClerk: false,
    })
    expect(toggled).toMatchObject({ deliveredByClerk: false, resourceType: 'user', canRevert: true })
    expect(toggled.subject).toBe('{{otp_code}} is your {{app.name}} verification code')
    await server.call('POST', '/templates/sms/verification_code/toggle_delivery', { delivered_by_clerk: false })
    for (const body of [{}, { delivered_by_clerk: null }, { delivered_by_clerk: 'no' }]) {
      expect((await server.call('POST', at('/toggle_delivery'), body)).status).toBe(422)
    }

    const { mail, sms, mailEvent, smsEvent } = await sendCodes()
    for (const message of [mail, sms]) expect(message).toMatchObject({ status: 'handed_over', nextAttemptAt: null })
    for (const event of [mailEvent, smsEvent]) {
      expect(event.payload).toMatchObject({
        delivered_by_clerk: false,
        status: 'queued',
        data: { otp_code: expect.stringMatching(/^\d{6}$/) },
      })
    }
    expect(await audited()).toEqual([
      ['template.updated', 'delivered_by_clerk'],
      ['template.updated', 'delivered_by_clerk'],
    ])
    await server.client.templates.revert({ templateType: 'email', slug: 'verification_code' })
    expect(await get()).toMatchObject({ delivered_by_clerk: true, resource_type: 'system' })
  })

  itWithContract('are told of as webhooks are described', async () => {
    await put({ ...WORDING, reply_to_email_name: 'help', delivered_by_clerk: false })
    const { mailEvent, smsEvent } = await sendCodes()
    expect(typesAsDescribed([mailEvent, smsEvent])).toEqual(['email.created', 'sms.created'])
  })

  it('are previewed with samples, and not changed', async () => {
    const own = {
      subject: 'Hi {{app.name}}',
      body: '<p>{{otp_code}} {{requested_from}} {{{otp_code}}} {{unknown}}</p>',
      fromEmailName: 'team',
    }
    const { name } = (await server.server.admin.listInstances()).find(({ id }) => id === server.instance.id)!
    const preview = await server.client.templates.preview({ templateType: 'email', slug: 'verification_code', ...own })
    expect(preview).toEqual({
      subject: `Hi ${name}`,
      body: '<p>123456 203.0.113.7 123456 </p>',
      fromEmailName: 'team',
      replyToEmailName: '',
    })
    expect(await get()).toMatchObject({ resource_type: 'system' })
    expect(await audited()).toEqual([])

    await put({ ...WORDING, reply_to_email_name: 'help' })
    expect((await server.call('POST', at('/preview'))).body).toEqual({
      subject: `123456 for ${name}`,
      body: '<b>123456</b>',
      from_email_name: 'notifications',
      reply_to_email_name: 'help',
    })
    expect(await server.call('POST', at('/preview'), { body: '{{#if' })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'invalid_template_body' }] },
    })
    expect((await server.call('POST', at('/preview'), { body: 'no code yet' })).status).toBe(200)
    expect((await server.call('POST', '/templates/sms/verification_code/preview', { body: 'mine' })).status).toBe(400)
  })

  it('all render with their samples, and leave no braces', async () => {
    for (const type of ['email', 'sms']) {
      for (const { slug, required_variables, body: source } of await get(`/templates/${type}`)) {
        for (const variable of required_variables) expect(source).toContain(`{{${variable}}}`)
        const { status, body } = await server.call('POST', `/templates/${type}/${slug}/preview`)
        expect(status).toBe(200)
        expect(`${body.subject} ${body.body}`).not.toMatch(/\{\{|undefined|\[object/)
        expect(body.body.length).toBeGreaterThan(20)
      }
    }
  })

  it('are of one instance', async () => {
    await put(WORDING)
    const { secretKey: key } = await server.server.createInstance()
    const { body } = await server.call('GET', at(''), undefined, { key })
    expect(body).toMatchObject({ resource_type: 'system', id: 'tmpl_email_verification_code' })
    expect((await server.call('POST', at('/revert'), undefined, { key })).status).toBe(400)
    expect(await get()).toMatchObject({ resource_type: 'user' })
  })
})
