import { describe, expect, it } from 'vitest'
import { findOrganizationTarget } from './organization-patterns.js'

const targetOf = (path: string, organizationPatterns: string[], personalAccountPatterns?: string[]) =>
  findOrganizationTarget(path, { organizationPatterns, personalAccountPatterns })

describe('whose a path is', () => {
  it.each([
    ['/orgs/:slug', '/orgs/acme', { slug: 'acme' }],
    ['/orgs/:slug', '/orgs/acme/', { slug: 'acme' }],
    ['/orgs/:slug', '/ORGS/Acme', { slug: 'Acme' }],
    ['/orgs/:slug', '/orgs/acme#', { slug: 'acme' }],
    ['/orgs/:slug', '/orgs/acme?', { slug: 'acme' }],
    ['/orgs/:slug', '/orgs/acme//', null],
    ['/orgs/:slug', '/orgs/acme/x', null],
    ['/orgs/:slug', '/orgs/', null],
    ['/orgs/:slug', '/orgs', null],
    ['/orgs/:slug', '/x/orgs/acme', null],
    ['/orgs/:slug', 'orgs/acme', null],
    ['/orgs/:slug', '/orgs/%61cme', { slug: '%61cme' }],
    ['/orgs/:id', '/orgs/org_1', { id: 'org_1' }],
    ['/orgs/:other', '/orgs/acme', null],
    ['/:id/:slug', '/org_1/acme', { id: 'org_1' }],
    ['/:slug/:id', '/acme/org_1', { id: 'org_1' }],
    ['/orgs/:slug/(.*)', '/orgs/acme/a/b', { slug: 'acme' }],
    ['/orgs/:slug/(.*)', '/orgs/acme/', { slug: 'acme' }],
    ['/orgs/:slug/(.*)', '/orgs/acme', null],
    ['/orgs/:slug(.*)', '/orgs/acme/a', { slug: 'acme/a' }],
    ['/(.*)/orgs/:slug', '/a/b/orgs/acme', { slug: 'acme' }],
    ['(.*)/:slug', '/a/acme', { slug: 'acme' }],
    ['/orgs/:id(\\d+)', '/orgs/42', { id: '42' }],
    ['/orgs/:id(\\d+)', '/orgs/4x', null],
    ['/orgs/:id(org_[a-z]+|none)', '/orgs/none', { id: 'none' }],
    ['/orgs/:id((?:org|team)_\\w+)', '/orgs/team_1', { id: 'team_1' }],
    ['/orgs/:id((?:org|team)_\\w+)', '/orgs/user_1', null],
    ['/orgs/:id(\\(x\\))', '/orgs/(x)', { id: '(x)' }],
    ['/orgs/:slug?', '/orgs', null],
    ['/orgs/:slug?', '/orgs/acme', { slug: 'acme' }],
    ['/orgs/:slug?/x', '/orgs/x', null],
    ['/orgs/:slug?/x', '/orgs/acme/x', { slug: 'acme' }],
    ['/orgs/:slug+', '/orgs/a/b', { slug: 'a/b' }],
    ['/orgs/:slug+', '/orgs', null],
    ['/orgs/:slug*', '/orgs/a/b/c', { slug: 'a/b/c' }],
    ['/orgs/:slug*', '/orgs/a', { slug: 'a' }],
    ['/orgs/:slug*', '/orgs', null],
    ['/orgs/:slug*', '/orgsa', null],
    ['/:id/x/:rest*', '/org_1/x', { id: 'org_1' }],
    ['/:id/x/:rest*', '/org_1/x/a/b', { id: 'org_1' }],
    ['/:id/x/:rest+', '/org_1/x', null],
    ['/:id/x/:rest+', '/org_1/x/a/b', { id: 'org_1' }],
    ['/orgs-:slug+', '/orgs-a/b', { slug: 'a/b' }],
    ['/orgs/:id(\\d+)+', '/orgs/1/22', { id: '1/22' }],
    ['/orgs/:id(\\d+)+', '/orgs/1/x', null],
    ['/orgs{/in/:id}?', '/orgs/in/org_1', { id: 'org_1' }],
    ['/orgs{/in/:id}?', '/orgs', null],
    ['/:slug{.html}?', '/acme.html', { slug: 'acme' }],
    ['/:slug{.html}?', '/acme', { slug: 'acme' }],
    ['/:slug{.html}', '/acme', null],
    ['/:slug{.html}', '/acmexhtml', null],
    ['/a.b/:slug', '/a.b/acme', { slug: 'acme' }],
    ['/a.b/:slug', '/axb/acme', null],
    ['/a\\:b/:slug', '/a:b/acme', { slug: 'acme' }],
    ['/a\\(b\\)/:slug', '/a(b)/acme', { slug: 'acme' }],
    ['/a\\?/:slug', '/a?/acme', { slug: 'acme' }],
    ['/a\\?/:slug', '/acme', null],
    ['/$^|[]/:slug', '/$^|[]/acme', { slug: 'acme' }],
    ['/a\nb/:slug', '/a\nb/acme', { slug: 'acme' }],
    [':slug', 'acme', { slug: 'acme' }],
  ])('with the pattern %j, %j is %j', (pattern, path, target) => {
    expect(targetOf(path, [pattern])).toEqual(target)
  })

  it.each([
    '/orgs/:',
    '/orgs/(',
    '/orgs/)',
    '/orgs/()',
    '/orgs/{',
    '/orgs/}',
    '/orgs/{a',
    '/orgs/?',
    '/orgs/*',
    '/orgs/+',
    '/:slug(a(b))',
    '/:slug([)',
    '/orgs/:-',
  ])('%j is no pattern', (pattern) => {
    const error = expect.objectContaining({
      message: `Invalid pattern ${JSON.stringify(pattern)} in organizationSyncOptions.`,
      cause: expect.any(SyntaxError) as unknown,
    })
    expect(() => targetOf('/', [pattern])).toThrow(error)
    expect(() => targetOf('/', [], [pattern])).toThrow(error)
  })

  it('says what it did not expect in a pattern', () => {
    expect(() => targetOf('/', ['/orgs/:'])).toThrow(
      expect.objectContaining({ cause: new SyntaxError('Unexpected :') }),
    )
  })

  it('is what the first pattern says that fits', () => {
    const patterns = ['/:slug/x', '/:id/(.*)', '/:slug/y']
    expect(targetOf('/acme/x', patterns)).toEqual({ slug: 'acme' })
    expect(targetOf('/acme/y', patterns)).toEqual({ id: 'acme' })
    expect(targetOf('/acme', patterns)).toBeNull()
  })

  it("is nobody's where a personal pattern fits and no organization's names one", () => {
    expect(targetOf('/me', [], ['/me', '/me/(.*)'])).toEqual({ personal: true })
    expect(targetOf('/me/x', [], ['/me', '/me/(.*)'])).toEqual({ personal: true })
    expect(targetOf('/you', [], ['/me'])).toBeNull()
    expect(targetOf('/me', ['/:slug'], ['/me'])).toEqual({ slug: 'me' })
    expect(targetOf('/me', ['/(.*)'], ['/me'])).toEqual({ personal: true })
    expect(findOrganizationTarget('/me', { personalAccountPatterns: ['/me'] })).toEqual({ personal: true })
  })

  it('is not known without patterns', () => {
    expect(findOrganizationTarget('/me', undefined)).toBeNull()
    expect(findOrganizationTarget('/me', {})).toBeNull()
    expect(targetOf('/me', [], [])).toBeNull()
  })
})
