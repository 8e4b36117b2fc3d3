import { describe, expect, it } from 'vitest'
import { readyLines } from './ready-lines.js'

const url = 'http://localhost:4400'
const jwtKey = '-----BEGIN PUBLIC KEY-----\nMII+\nx/=\n-----END PUBLIC KEY-----\n'
const addresses = { apiUrl: url, frontendApiUrl: url, publishableKey: 'pk_test_x', secretKey: 'sk_test_x', jwtKey }
const line = 'CLERK_JWT_KEY="-----BEGIN PUBLIC KEY-----\\nMII+\\nx/=\\n-----END PUBLIC KEY-----"'

describe('the lines for an application', () => {
  it('are those of the most used frameworks outside an application', () => {
    const lines = readyLines(addresses, {})
    expect(lines.filter((line) => line.endsWith(':'))).toEqual([
      'Next.js, .env.local:',
      'Express, Fastify, Hono, Node, .env:',
      'React (Vite), around your application:',
    ])
  })

  it('for Next.js are its .env.local', () => {
    expect(readyLines(addresses, { dependencies: { '@clerk/nextjs': '^7.9.0' } })).toEqual([
      'Next.js, .env.local:',
      'CLERK_SECRET_KEY=sk_test_x',
      'CLERK_API_URL=http://localhost:4400',
      line,
      'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_test_x',
      'NEXT_PUBLIC_CLERK_PROXY_URL=http://localhost:4400',
      'NEXT_PUBLIC_CLERK_JS_URL=http://localhost:4400/npm/@clerk/clerk-js@6/dist/clerk.browser.js',
      'NEXT_PUBLIC_CLERK_UI_URL=http://localhost:4400/npm/@clerk/ui@1/dist/ui.browser.js',
      'NEXT_PUBLIC_CLERK_SIGN_IN_URL=http://localhost:4400/sign-in',
      'NEXT_PUBLIC_CLERK_SIGN_UP_URL=http://localhost:4400/sign-up',
      'NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED=1',
      '',
    ])
  })

  it.each([
    [{ '@clerk/nextjs': '^6.1.0' }],
    [{ '@clerk/express': '1.7.4' }],
    [{ '@clerk/fastify': '~2.0.0' }],
    [{ '@clerk/clerk-react': '^5.2.0' }],
    [{ '@clerk/astro': '^2.9.0' }],
    [{ '@clerk/nuxt': '1.9.0' }],
    [{ '@clerk/vue': '^1.8.0' }],
    [{ '@clerk/react-router': '^2.4.0' }],
    [{ '@clerk/tanstack-react-start': '0.29.15' }],
  ])('for %o name the older clerk-js, which has the components inside', (dependencies) => {
    const text = readyLines(addresses, { dependencies }).join('\n')
    expect(text).toContain('/npm/@clerk/clerk-js@5/dist/clerk.browser.js')
    expect(text).not.toContain('@clerk/ui')
    expect(text).not.toContain('__internal_')
  })

  it.each([
    [{ '@clerk/nextjs': 'latest' }],
    [{ '@clerk/express': '>=2.1' }],
    [{ '@clerk/hono': '0.1.79' }],
    [{ '@clerk/react': '^6.18.0' }],
    [{ '@latchkey/nextjs': '0.1.0' }],
    [{ '@clerk/astro': '^4.0.21' }],
    [{ '@clerk/nuxt': '^3.0.16' }],
    [{ '@clerk/vue': '^2.5.0' }],
    [{ '@clerk/react-router': '^3.6.24' }],
    [{ '@clerk/tanstack-react-start': '^1.5.15' }],
  ])('for %o name the newest', (devDependencies) => {
    const text = readyLines(addresses, { devDependencies }).join('\n')
    expect(text).toContain('/npm/@clerk/clerk-js@6/dist/clerk.browser.js')
    expect(text).toContain('/npm/@clerk/ui@1/dist/ui.browser.js')
  })

  it('for React are the properties of its provider', () => {
    expect(readyLines(addresses, { dependencies: { '@clerk/react': '6.18.0' } })).toEqual([
      'React (Vite), around your application:',
      '<ClerkProvider',
      '  publishableKey="pk_test_x"',
      '  proxyUrl="http://localhost:4400"',
      '  __internal_clerkJSUrl="http://localhost:4400/npm/@clerk/clerk-js@6/dist/clerk.browser.js"',
      '  __internal_clerkUIUrl="http://localhost:4400/npm/@clerk/ui@1/dist/ui.browser.js"',
      '  telemetry={false}',
      '>',
      '',
    ])
  })

  it.each([
    ['@clerk/astro', 'CLERK_SECRET_KEY=sk_test_x', line, 'PUBLIC_CLERK_PUBLISHABLE_KEY=pk_test_x'],
    ['@clerk/nuxt', 'NUXT_CLERK_SECRET_KEY=sk_test_x', `NUXT_${line}`, 'NUXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_test_x'],
    ['@clerk/react-router', 'CLERK_SECRET_KEY=sk_test_x', line, 'CLERK_PUBLISHABLE_KEY=pk_test_x'],
    ['@clerk/tanstack-react-start', 'CLERK_SECRET_KEY=sk_test_x', line, 'CLERK_PUBLISHABLE_KEY=pk_test_x'],
  ])('for %s have its names of variables', (name, ...variables) => {
    expect(readyLines(addresses, { dependencies: { [name]: 'latest' } })).toEqual(expect.arrayContaining(variables))
  })

  it('for Vue are the options of its plugin', () => {
    expect(readyLines(addresses, { dependencies: { '@clerk/vue': '2.5.0' } })).toEqual([
      'Vue (Vite), in src/main.ts:',
      'app.use(clerkPlugin, {',
      "  publishableKey: 'pk_test_x',",
      "  proxyUrl: 'http://localhost:4400',",
      "  __internal_clerkJSUrl: 'http://localhost:4400/npm/@clerk/clerk-js@6/dist/clerk.browser.js',",
      "  __internal_clerkUIUrl: 'http://localhost:4400/npm/@clerk/ui@1/dist/ui.browser.js',",
      '  telemetry: false,',
      '})',
      '',
    ])
  })

  it('leave out the public key where it does not stay', () => {
    expect(readyLines({ ...addresses, jwtKey: undefined }, {}).join()).not.toContain('JWT_KEY')
  })

  it('survive a package.json of another form', () => {
    const odd = { dependencies: { '@clerk/nextjs': 7 } } as unknown as { dependencies: Record<string, string> }
    expect(readyLines(addresses, odd)).toContain('Next.js, .env.local:')
  })
})
