/**
 * Which files run against which of the suite's applications. The first word of an application's id names its template;
 * files without an application build one of their own.
 */
const both = ['sign-in-flow', 'sign-up-flow', 'sign-out-smoke']

export const groups = [
  {
    application: 'react.vite.withEmailCodes',
    files: [
      ...both,
      'resiliency',
      'update-props',
      'custom-pages',
      'components',
      'session-token-cache/single-session',
      'session-token-cache/refresh-timer-cleanup',
    ],
  },
  { application: 'react.vite.withEmailCodes_persist_client', files: ['sign-out-smoke'] },
  { application: 'react.vite.withLegalConsent', files: ['legal-consent'] },
  { application: 'vue.vite', files: ['vue/organizations'] },
  { application: 'react.vite.withEmailCodes,vue.vite', files: ['user-avatar'] },
  {
    application: 'next.appRouter.withEmailCodes',
    files: [
      ...both,
      'redirects',
      'navigation',
      'transitions',
      'transitive-state',
      'unsafeMetadata',
      'safari-itp',
      'non-secure-context',
      'dev-browser-partitioned-cookies',
      'offline-session-persistence',
    ],
  },
  { application: 'next.appRouter.withCustomRoles', files: ['protect'] },
  { application: 'withBillingJwtV2.next.appRouter', files: ['protect-jwt-v2'] },
  { application: 'next.appRouter.withSessionTasks', files: ['session-tasks-sign-in', 'session-tasks-sign-up'] },
  { application: 'quickstart.next.appRouter', files: ['next-quickstart'] },
  ...['express', 'hono', 'fastify'].flatMap((name) => [
    { application: `${name}.vite.withEmailCodes`, files: webFiles(name) },
    { application: `${name}.vite.withEmailCodesProxy`, files: [`${name}/proxy`] },
  ]),
  { application: 'hono.vite.withCustomRoles', files: ['hono/organizations'] },
  {
    application: null,
    files: [
      'email-code',
      'sign-in-or-up-component',
      'sign-in-or-up-restricted-mode',
      'composed-components',
      'nextjs/middleware',
      'dynamic-keys',
      'db-jwt',
      'email-link',
      'whatsapp-phone-code',
    ],
  },
]

function webFiles(name) {
  const further = { express: ['middleware', 'error-handling'], hono: ['middleware', 'error-handling', 'webhook'] }
  return ['basic', ...(further[name] ?? [])].map((file) => `${name}/${file}`)
}
