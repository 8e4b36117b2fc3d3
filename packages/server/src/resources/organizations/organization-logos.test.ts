import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from './organizations.test-support.js'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe.each(dialects)('logos of organizations on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { createOrganization, happened } = useOrganizations(server)
  const fetched = (url: string) => server.fetch(url)
  const form = (content: Uint8Array, type = 'image/png') => {
    const data = new FormData()
    data.set('file', new File([new Uint8Array(content)], 'logo', { type }))
    data.set('uploader_user_id', 'user_1')
    return data
  }

  it('are drawn until one is uploaded', async () => {
    const { organization } = await createOrganization({ name: 'Acme' })
    expect(organization.hasImage).toBe(false)
    const drawn = await fetched(organization.imageUrl)
    expect(drawn.headers.get('content-type')).toBe('image/svg+xml')
    expect(await drawn.text()).toContain('>A<')

    const { status, body } = await server.call('PUT', `/organizations/${organization.id}/logo`, form(PNG))
    expect(status).toBe(200)
    expect(body).toMatchObject({ has_image: true, logo_url: body.image_url })
    const shown = await fetched(body.image_url)
    expect([shown.headers.get('content-type'), shown.status]).toEqual(['image/png', 200])
    const { logo_url: _, ...organizationItself } = body
    expect((await happened()).at(-1)).toMatchObject({ type: 'organization.updated', payload: organizationItself })
  })

  it('are replaced, and deleted, with the picture before', async () => {
    const { organization } = await createOrganization()
    const upload = () =>
      server.client.organizations.updateOrganizationLogo(organization.id, {
        file: new Blob([PNG], { type: 'image/png' }),
      })
    const first = await upload()
    const second = await upload()
    expect((await fetched(first.imageUrl)).status).toBe(404)
    const without = await server.client.organizations.deleteOrganizationLogo(organization.id)
    expect(without).toMatchObject({ hasImage: false, imageUrl: organization.imageUrl })
    expect((await fetched(second.imageUrl)).status).toBe(404)
    expect(await server.call('DELETE', `/organizations/${organization.id}/logo`)).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'image_not_found' }] },
    })
  })

  it('end with their organization', async () => {
    const { organization } = await createOrganization()
    const { body } = await server.call('PUT', `/organizations/${organization.id}/logo`, form(PNG))
    await server.client.organizations.deleteOrganization(organization.id)
    expect((await fetched(body.image_url)).status).toBe(404)
    expect((await fetched(organization.imageUrl)).status).toBe(404)
  })

  it('are pictures', async () => {
    const { organization } = await createOrganization()
    const path = `/organizations/${organization.id}/logo`
    expect(await server.call('PUT', path, new FormData())).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'form_param_missing', meta: { param_name: 'file' } }] },
    })
    expect(await server.call('PUT', path, form(Buffer.from('<svg/>'), 'image/svg+xml'))).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'request_body_invalid' }] },
    })
    expect(await server.call('PUT', path, form(Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)])))).toMatchObject({
      status: 413,
      body: { errors: [{ code: 'image_too_large' }] },
    })
    expect((await server.call('PUT', '/organizations/org_0/logo', form(PNG))).status).toBe(404)
    expect(await server.client.organizations.getOrganization({ organizationId: organization.id })).toMatchObject({
      hasImage: false,
    })
  })
})
